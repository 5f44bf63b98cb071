//! Slot: one component in the scheduler's table, with its core, its code and its state.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::component_core::Core;
use crate::component::{Body, ComponentSpec, Fault, Outcome};
use crate::contain::Contained;
use crate::ids::ComponentId;
use crate::params::ParamValue;
use crate::topology::{ComponentBody, ComponentDesc, InboxLimit, RestartPolicy};

/// Whether a component is running, and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Life {
    Going,
    Finished,
    /// Boxed to keep the slot small.
    Crashed(Box<Fault>),
}

impl Life {
    pub fn has_ended(&self) -> bool {
        *self != Self::Going
    }

    /// How the component ended; `None` if it is running.
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Going => None,
            Self::Finished => Some(Ok(())),
            Self::Crashed(fault) => Some(Err((**fault).clone())),
        }
    }
}

/// The component that a component belongs to, other than its composite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tie {
    /// The application started it.
    #[default]
    None,
    /// This component started it; it continues when this component ends.
    Child(ComponentId),
    /// This component started it; it is stopped and removed together with this component.
    Bound(ComponentId),
    /// It is the port of a handle to this component, and is removed together with it.
    Port(ComponentId),
}

impl Tie {
    /// The component that the tie names.
    pub fn owner(self) -> Option<ComponentId> {
        match self {
            Self::None => None,
            Self::Child(owner) | Self::Bound(owner) | Self::Port(owner) => Some(owner),
        }
    }
}

/// The tie of a component, and the components to which its end is reported.
#[derive(Debug, Default)]
pub(crate) struct Kin {
    /// Private, because the table keeps an index.
    tie: Tie,
    /// The components to which its end is reported, in order of adoption.
    pub subscribers: Vec<ComponentId>,
    /// It has or had the port of a handle.
    pub has_port: bool,
    /// How deeply it is nested as an instance of a template: 0 if it is not an instance, 1 if no other instance
    /// contains it.
    pub instance_depth: usize,
}

/// The parts of a description that most components do not use: settings or a composite's boxes, and limits.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    body: ComponentBody,
    limits: BTreeMap<String, InboxLimit>,
}

impl Wanted {
    /// `None` for default settings and limits.
    pub fn of(body: ComponentBody, limits: BTreeMap<String, InboxLimit>) -> Option<Box<Self>> {
        let is_bare = matches!(&body, ComponentBody::Leaf { params, .. } if params.is_empty());
        (!is_bare || !limits.is_empty()).then(|| Box::new(Self { body, limits }))
    }
}

impl Slot {
    /// A component whose code has not been started yet.
    pub fn new(core: Rc<Core>, type_name: Arc<str>, spec: Option<&'static ComponentSpec>, desc: ComponentDesc) -> Self {
        Self {
            core,
            type_name,
            parent: desc.parent,
            restart: desc.restart,
            wanted: Wanted::of(desc.body, desc.limits),
            spec,
            body: Contained::empty(),
            life: Life::Going,
            is_paused: false,
            kin: None,
            turns: 0,
            busy: Duration::ZERO,
            shutdown_turns: 0,
            restarts: 0,
            ran_since_snapshot: false,
        }
    }

    /// The description of the component, with all changes since it was started.
    pub fn desc(&self) -> ComponentDesc {
        let bare = || Wanted { body: bare_body(&self.type_name, BTreeMap::new()), limits: BTreeMap::new() };
        let Wanted { body, limits } = self.wanted.as_ref().map_or_else(bare, |wanted| (**wanted).clone());
        let name = self.core.boxes.name.borrow().clone();
        ComponentDesc { name, body, parent: self.parent, restart: self.restart, limits }
    }

    /// Replaces the settings; a composite has none.
    pub fn want_params(&mut self, params: BTreeMap<String, ParamValue>) {
        let limits = self.wanted.take().map(|wanted| wanted.limits).unwrap_or_default();
        self.wanted = Wanted::of(bare_body(&self.type_name, params), limits);
    }

    /// Replaces the limits.
    pub fn want_limits(&mut self, limits: BTreeMap<String, InboxLimit>) {
        let body = self.wanted.take().map(|wanted| wanted.body);
        let body = body.unwrap_or_else(|| bare_body(&self.type_name, BTreeMap::new()));
        self.wanted = Wanted::of(body, limits);
    }

    pub fn parent(&self) -> Option<ComponentId> {
        self.parent
    }

    pub(super) fn set_parent(&mut self, parent: Option<ComponentId>) {
        self.parent = parent;
    }

    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// False if this changes nothing.
    pub(super) fn set_paused(&mut self, paused: bool) -> bool {
        std::mem::replace(&mut self.is_paused, paused) != paused
    }

    pub fn tie(&self) -> Tie {
        self.kin.as_ref().map_or(Tie::None, |kin| kin.tie)
    }

    pub(super) fn set_tie(&mut self, tie: Tie) {
        self.kin_mut().tie = tie;
    }

    pub fn subscribers(&self) -> &[ComponentId] {
        self.kin.as_ref().map_or(&[], |kin| &kin.subscribers)
    }

    pub fn has_port(&self) -> bool {
        self.kin.as_ref().is_some_and(|kin| kin.has_port)
    }

    pub fn instance_depth(&self) -> usize {
        self.kin.as_ref().map_or(0, |kin| kin.instance_depth)
    }

    pub fn kin_mut(&mut self) -> &mut Kin {
        self.kin.get_or_insert_default()
    }
}

fn bare_body(type_name: &Arc<str>, params: BTreeMap<String, ParamValue>) -> ComponentBody {
    ComponentBody::Leaf { type_name: type_name.clone(), params }
}

/// One component in the scheduler's table.
pub(crate) struct Slot {
    pub core: Rc<Core>,
    /// Its type in the registry.
    pub type_name: Arc<str>,
    /// Its composite, or the component that started it. Private, because the table keeps an index.
    parent: Option<ComponentId>,
    pub restart: RestartPolicy,
    /// Settings and limits; `None` for most components.
    pub wanted: Option<Box<Wanted>>,
    /// `None` for composites.
    pub spec: Option<&'static ComponentSpec>,
    pub body: Contained<Body>,
    pub life: Life,
    /// Private, because the table counts paused components.
    is_paused: bool,
    /// `None` for most components.
    pub kin: Option<Box<Kin>>,
    pub turns: u64,
    pub busy: Duration,
    /// Turns since a shutdown message; the code is dropped after [`SHUTDOWN_TURNS`].
    pub shutdown_turns: u8,
    pub restarts: u32,
    /// It had a turn since the last snapshot.
    pub ran_since_snapshot: bool,
}

/// How many turns a component has after a shutdown message before its code is dropped (SHUT-4, INV-8).
pub(crate) const SHUTDOWN_TURNS: u8 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_at_most_136_bytes() {
        assert!(size_of::<Option<Slot>>() <= 136, "{}", size_of::<Option<Slot>>());
    }
}
