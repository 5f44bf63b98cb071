//! Commands that other threads send to a running scheduler, and their outcomes.
//!
//! Commands travel through one bounded queue; the scheduler carries them out only between passes (R2, R12).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::params::ParamValue;
use crate::template::Template;
use crate::topology::{ComponentDesc, InboxLimit, LinkageDesc, Topology};

/// One change of the running system. The steps of a batch are applied in order; each has an outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Creates the component and activates it: its first turn is in the next pass (MP-2).
    Start {
        /// Its identity.
        id: ComponentId,
        /// Its description.
        desc: ComponentDesc,
    },
    /// Ends the component and removes it with all its links.
    Stop {
        /// Which component.
        id: ComponentId,
    },
    /// Replaces the code and the settings of a component; links and waiting messages stay.
    Restart {
        /// Which component.
        id: ComponentId,
        /// Its new description.
        desc: ComponentDesc,
    },
    /// Changes settings of the running code. Only settings described as live may change.
    Configure {
        /// Which component.
        id: ComponentId,
        /// All settings that differ from the defaults.
        params: BTreeMap<String, ParamValue>,
    },
    /// Changes the name, composite, restart policy or inbox limits of a component; nothing restarts.
    Describe {
        /// Which component.
        id: ComponentId,
        /// The new name, composite, policy and limits; the body is ignored.
        desc: ComponentDesc,
    },
    /// Makes a linkage.
    Link {
        /// Its two ends.
        linkage: LinkageDesc,
    },
    /// Removes a linkage. Delivered messages stay where they are (LINK-14).
    Unlink {
        /// Its two ends.
        linkage: LinkageDesc,
    },
    /// Sets the limit and the policy of an inbox; no message is dropped (BOX-23).
    Limit {
        /// Which inbox.
        inbox: BoxAddr,
        /// Its new limit.
        limit: InboxLimit,
    },
    /// Adds, replaces or removes a template. Running instances do not change.
    SetTemplate {
        /// The name of the template.
        name: Arc<str>,
        /// The graph of new instances; `None` removes the template.
        template: Option<Arc<Template>>,
    },
}

impl Step {
    /// The steps that start a whole topology: components in order of identity, except that a composite comes before its
    /// members.
    pub fn start_all(topology: &Topology) -> Vec<Self> {
        let templates = topology.templates.iter();
        let templates = templates
            .map(|(name, template)| Self::SetTemplate { name: name.clone(), template: Some(template.clone()) });
        let links = topology.linkages.iter().map(|linkage| Self::Link { linkage: linkage.clone() });
        templates.chain(Self::starts(topology)).chain(links).collect()
    }

    fn starts(topology: &Topology) -> Vec<Self> {
        let mut starts = Vec::with_capacity(topology.components.len());
        // Composites that were started early, with the first of their members.
        let mut early = BTreeSet::new();
        for id in topology.components.keys().copied() {
            let before = starts.len();
            let mut next = (!early.contains(&id)).then_some(id);
            while let Some((started, desc)) = next.and_then(|id| topology.components.get_key_value(&id)) {
                starts.push(Self::Start { id: *started, desc: desc.clone() });
                next = desc.parent.filter(|parent| *parent > id && early.insert(*parent));
            }
            if let Some(new) = starts.get_mut(before..) {
                new.reverse();
            }
        }
        starts
    }
}

/// How fast the system runs (R11).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as possible.
    Full,
    /// At most this many deliveries per second. Values below 0.01 count as 0.01; a value that is not finite means
    /// [`Speed::Full`].
    DeliveriesPerSecond(f64),
}

/// Size of one step while the run is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepSize {
    /// One message is delivered over one link, or over all links of an outbox with several.
    Delivery,
    /// One component has one turn.
    Turn,
    /// Every ready component has one turn.
    Pass,
}

/// A command from another thread.
#[derive(Debug, Clone, PartialEq)]
pub enum RuntimeCommand {
    /// Applies steps in order at one safe point.
    Reconfigure {
        /// Number that identifies the outcomes.
        batch: u64,
        /// The steps.
        steps: Vec<Step>,
    },
    /// Pauses the run at once, if necessary in the middle of a turn; the clock stops too.
    Pause,
    /// Resumes the run exactly where it stopped.
    Resume,
    /// Carries out one step while paused.
    Advance(StepSize),
    /// Sets the speed of the run.
    SetSpeed(Speed),
    /// Pauses (true) or resumes (false) one component.
    PauseComponent(ComponentId, bool),
    /// Ends one component now, whatever it is doing: its code is dropped and its end is announced (MP-11). The ended
    /// component and its links stay in the system.
    StopComponent(ComponentId),
    /// Puts a message into an inbox, even if it is full.
    Inject {
        /// Which inbox.
        inbox: BoxAddr,
        /// The message.
        message: Message,
    },
    /// Reports an action of the user on the surface of a component.
    SurfaceEvent {
        /// The component with the surface.
        id: ComponentId,
        /// The user's action.
        event: Message,
    },
    /// Starts or stops keeping copies of the last messages of a link.
    Tap {
        /// Which link.
        linkage: LinkageDesc,
        /// Start (true) or stop (false).
        on: bool,
    },
    /// Asks every component to shut down, then ends the run.
    ShutDown,
    /// Ends the scheduler without asking the components.
    Quit,
}

/// The outcome of one step of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOutcome {
    /// Which batch.
    pub batch: u64,
    /// Index of the step in its batch, from 0.
    pub step: usize,
    /// The component that the step concerns.
    pub component: Option<ComponentId>,
    /// Error text; `None` if the step succeeded.
    pub error: Option<Arc<str>>,
}
