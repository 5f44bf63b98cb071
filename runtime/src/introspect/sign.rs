//! Sign: something that only shows over time, such as a component that starves.

use crate::ids::{BoxAddr, ComponentId};

/// Something that was seen over several snapshots.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign {
    /// A component had no turn, or waits for room, all the time while others worked.
    Starves {
        /// Who.
        component: ComponentId,
        /// One sentence.
        words: String,
    },
    /// An inbox held more in each snapshot than in the one before.
    Grows {
        /// Which.
        inbox: BoxAddr,
        /// One sentence.
        words: String,
    },
    /// What holds up a pipeline: the queue before it is full and the one after it is empty.
    Slowest {
        /// Who.
        component: ComponentId,
        /// Share of the time that it was busy, from 0 to 1.
        busy: f64,
        /// How full the fullest queue before it was on the average, from 0 to 1.
        before: f64,
        /// How full the fullest queue after it was on the average, from 0 to 1; `None` if it feeds nobody.
        after: Option<f64>,
        /// One sentence with the figures.
        words: String,
    },
}

impl Sign {
    /// The component that it is about.
    pub fn component(&self) -> ComponentId {
        match self {
            Self::Starves { component, .. } | Self::Slowest { component, .. } => *component,
            Self::Grows { inbox, .. } => inbox.component,
        }
    }

    /// The sentence.
    pub fn words(&self) -> &str {
        match self {
            Self::Starves { words, .. } | Self::Grows { words, .. } | Self::Slowest { words, .. } => words,
        }
    }
}
