//! Slot: one component in the scheduler's table: its core, its code and what became of it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::core::Core;
use crate::component::{Body, ComponentSpec};
use crate::topology::ComponentDesc;

/// How far a component has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Life {
    Going,
    Finished,
    Crashed(Arc<str>),
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
