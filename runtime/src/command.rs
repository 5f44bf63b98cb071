//! What another thread may ask of a running scheduler, and what comes of it.
//!
//! Commands travel through one bounded queue and are looked at between passes only (R2, R12).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::params::ParamValue;
use crate::template::Template;
use crate::topology::{ComponentDesc, InboxLimit, LinkageDesc, Topology};

/// One change of the running system. Steps of a batch are applied in order, each with an outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Creates the component and activates it: its first turn is in the next pass (MP-2).
    Start {
        /// Its identity.
        id: ComponentId,
        /// What it is.
        desc: ComponentDesc,
    },
    /// Ends it and takes it out, with all its links.
    Stop {
        /// Which.
        id: ComponentId,
    },
    /// Gives it new code and settings in place: links and waiting messages stay.
    Restart {
        /// Which.
        id: ComponentId,
        /// What it is from now on.
        desc: ComponentDesc,
    },
    /// Changes settings of the running code; only for settings described as live.
    Configure {
        /// Which.
        id: ComponentId,
        /// All its settings that differ from the defaults.
        params: BTreeMap<String, ParamValue>,
    },
    /// Changes its name, composite, restart policy or inbox limits; nothing restarts.
    Describe {
        /// Which.
        id: ComponentId,
        /// Name, composite, policy and limits to take over; the body is not looked at.
        desc: ComponentDesc,
    },
    /// Makes a linkage.
    Link {
        /// From where to where.
        linkage: LinkageDesc,
    },
    /// Removes a linkage. Delivered messages stay where they are (LINK-14).
    Unlink {
        /// From where to where.
        linkage: LinkageDesc,
    },
    /// Sets limit and policy of an inbox; nothing is dropped (BOX-23).
    Limit {
        /// Which inbox.
        inbox: BoxAddr,
        /// Its limit from now on.
        limit: InboxLimit,
    },
    /// Gives chassis a template, another one under the same name, or takes it away. Instances that run stay as they are.
    SetTemplate {
        /// Its name.
        name: Arc<str>,
        /// What instances are made of from now on; `None` to take it away.
        template: Option<Arc<Template>>,
    },
}

impl Step {
    /// The steps that start a whole topology: components in the order of their identities, but a composite before its
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
        // Composites that were started before their turn, with the first of their members.
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
    /// As fast as it can.
    Full,
    /// At most this many deliveries a second, from 0.01: less counts as that, and what is not finite as
    /// [`Speed::Full`].
    DeliveriesPerSecond(f64),
}

/// One step while paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepSize {
    /// One message moves onto one link (or onto all links of a fanned-out box).
    Delivery,
    /// One component has one turn.
    Turn,
    /// Every ready component has one turn.
    Pass,
}

/// Everything another thread may ask for.
#[derive(Debug, Clone, PartialEq)]
pub enum RuntimeCommand {
    /// Applies steps in order at one safe point.
    Reconfigure {
        /// Number by which the outcomes are found again.
        batch: u64,
        /// The steps.
        steps: Vec<Step>,
    },
    /// Stops giving turns, at once and inside a turn if need be; the clock stops too.
    Pause,
    /// Goes on, exactly where it stopped.
    Resume,
    /// Moves on by one step while paused.
    Advance(StepSize),
    /// Turns the dial.
    SetSpeed(Speed),
    /// Pauses (true) or wakes (false) one component.
    PauseComponent(ComponentId, bool),
    /// Ends one component now, whatever it is doing: its code is dropped and its end announced (MP-11). It stays where it
    /// is, ended, with its links.
    StopComponent(ComponentId),
    /// Puts a message into an inbox by hand; it may exceed the limit.
    Inject {
        /// Which inbox.
        inbox: BoxAddr,
        /// The message.
        message: Message,
    },
    /// Something the user did on a component's surface.
    SurfaceEvent {
        /// Whose surface.
        id: ComponentId,
        /// What was done.
        event: Message,
    },
    /// Keeps copies of the last messages of a link (true), or stops doing so (false).
    Tap {
        /// Which link.
        linkage: LinkageDesc,
        /// Keep or stop.
        on: bool,
    },
    /// Asks every component to shut down, in order, then ends the run.
    ShutDown,
    /// Ends the scheduler without asking the components.
    Quit,
}

/// What came of one step of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOutcome {
    /// Which batch.
    pub batch: u64,
    /// Place of the step in its batch, from 0.
    pub step: usize,
    /// Whom the step was about.
    pub component: Option<ComponentId>,
    /// What went wrong, in words; `None` if it was done.
    pub error: Option<Arc<str>>,
}
