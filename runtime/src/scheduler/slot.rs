//! Slot: one component in the scheduler's table: its core, its code and what became of it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::core::Core;
use crate::component::{Body, ComponentSpec, Fault, Outcome};
use crate::ids::ComponentId;
use crate::topology::ComponentDesc;

/// How far a component has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Life {
    Going,
    Finished,
    Crashed(Arc<str>),
}

impl Life {
    pub fn has_ended(&self) -> bool {
        *self != Self::Going
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Going => None,
            Self::Finished => Some(Ok(())),
            Self::Crashed(words) => Some(Err(Fault::new(&**words))),
        }
    }
}

/// With whom a component comes and goes, beyond what the application asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tie {
    /// With nobody: the application started it.
    #[default]
    None,
    /// Started by this component; runs on when that ends.
    Child(ComponentId),
    /// Started by this component; stopped when that ends, and taken out with it.
    Bound(ComponentId),
    /// The port of a handle to this component; taken out with it.
    Port(ComponentId),
}

/// Who belongs to a component, and to whom it belongs.
#[derive(Debug, Default)]
pub(crate) struct Kin {
    pub tie: Tie,
    /// Who is told of its end, in order of adoption.
    pub subscribers: Vec<ComponentId>,
    /// Some handle has a port to it, or had one.
    pub has_port: bool,
}

impl Slot {
    pub fn tie(&self) -> Tie {
        self.kin.as_ref().map_or(Tie::None, |kin| kin.tie)
    }

    pub fn subscribers(&self) -> &[ComponentId] {
        self.kin.as_ref().map_or(&[], |kin| &kin.subscribers)
    }

    pub fn has_port(&self) -> bool {
        self.kin.as_ref().is_some_and(|kin| kin.has_port)
    }

    pub fn kin_mut(&mut self) -> &mut Kin {
        self.kin.get_or_insert_default()
    }
}

/// One component in the scheduler's table.
pub(crate) struct Slot {
    pub core: Rc<Core>,
    pub desc: ComponentDesc,
    /// `None` for composites.
    pub spec: Option<&'static ComponentSpec>,
    pub body: Option<Body>,
    pub life: Life,
    pub paused_by_hand: bool,
    /// Most components have no ties.
    pub kin: Option<Box<Kin>>,
    pub turns: u64,
    pub busy: Duration,
    /// Turns had after a shutdown message; at the limit its code is dropped.
    pub shutdown_turns: u8,
    pub restarts: u32,
    /// Whether it had a turn since the last snapshot.
    pub ran_since_snapshot: bool,
}

/// How many turns a component gets after a shutdown message before its code is dropped (SHUT-4, INV-8).
pub(crate) const SHUTDOWN_TURNS: u8 = 16;
