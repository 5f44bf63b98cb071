//! Sign: a problem visible only over several snapshots, such as a starving component.

use crate::ids::{BoxAddr, ComponentId};

/// A problem that was found over several snapshots.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign {
    /// A component had no turn, or waited for space, all the time while others worked.
    Starves {
        /// Which component.
        component: ComponentId,
        /// Description in one sentence.
        text: String,
    },
    /// An inbox held more in each snapshot than in the one before.
    Grows {
        /// Which inbox.
        inbox: BoxAddr,
        /// Description in one sentence.
        text: String,
    },
    /// The bottleneck of a pipeline: its input queue is full and the queue after it is not.
    Slowest {
        /// Which component.
        component: ComponentId,
        /// Share of the time for which it was busy, 0 to 1.
        busy: f64,
        /// Average fill level of its fullest input queue, 0 to 1.
        before: f64,
        /// Average fill level of the fullest queue after it, 0 to 1; `None` if there is no limited queue after it.
        after: Option<f64>,
        /// Description in one sentence, with the figures.
        text: String,
    },
}

impl Sign {
    /// The component that the sign concerns.
    pub fn component(&self) -> ComponentId {
        match self {
            Self::Starves { component, .. } | Self::Slowest { component, .. } => *component,
            Self::Grows { inbox, .. } => inbox.component,
        }
    }

    /// The description.
    pub fn text(&self) -> &str {
        match self {
            Self::Starves { text, .. } | Self::Grows { text, .. } | Self::Slowest { text, .. } => text,
        }
    }
}
