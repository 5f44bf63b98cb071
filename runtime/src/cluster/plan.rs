//! Plan: divides a topology among schedulers, and finds the linkages between them.

use std::collections::BTreeMap;

use super::error::ClusterError;
use crate::command::Step;
use crate::ids::ComponentId;
use crate::topology::{LinkageDesc, LinkageKind, Topology};

/// A linkage from one scheduler to another.
pub(super) struct Crossing {
    pub linkage: LinkageDesc,
    pub from: usize,
    pub to: usize,
}

/// A divided topology.
pub(super) struct Plan {
    /// The steps of each scheduler.
    pub parts: Vec<Vec<Step>>,
    pub crossings: Vec<Crossing>,
    /// The number of the scheduler of every component.
    pub placement: BTreeMap<ComponentId, usize>,
}

impl Plan {
    /// Divides a topology; `wanted` places outermost components, all others follow their composite or go to scheduler 0.
    pub fn of(topology: Topology, wanted: &BTreeMap<ComponentId, usize>, count: usize) -> Result<Self, ClusterError> {
        if let Some((&component, &scheduler)) = wanted.iter().find(|(_, scheduler)| **scheduler >= count) {
            return Err(ClusterError::NoSuchScheduler { component, scheduler, count });
        }
        let mut placement = BTreeMap::new();
        for &id in topology.components.keys() {
            let scheduler = wanted.get(&outermost(&topology, id)).copied().unwrap_or(0);
            if wanted.get(&id).is_some_and(|wanted| *wanted != scheduler) {
                return Err(ClusterError::Split(id));
            }
            placement.insert(id, scheduler);
        }
        // A link to a component that does not exist is refused by the scheduler.
        let scheduler_of = |id: &ComponentId| placement.get(id).copied().unwrap_or(0);
        let mut parts: Vec<Vec<Step>> = vec![Vec::new(); count];
        for (id, desc) in topology.components {
            if let Some(part) = parts.get_mut(scheduler_of(&id)) {
                part.push(Step::Start { id, desc });
            }
        }
        let mut crossings = Vec::new();
        for linkage in topology.linkages {
            let (from, to) = (scheduler_of(&linkage.from.component), scheduler_of(&linkage.to.component));
            if from == to {
                if let Some(part) = parts.get_mut(from) {
                    part.push(Step::Link { linkage });
                }
            } else if linkage.kind() == Some(LinkageKind::Data) {
                crossings.push(Crossing { linkage, from, to });
            } else {
                return Err(ClusterError::Passthrough(linkage));
            }
        }
        Ok(Self { parts, crossings, placement })
    }
}

/// The outermost composite around a component, or the component itself. The loop is bounded because an invalid topology may
/// have a ring of parents, which a scheduler refuses later.
fn outermost(topology: &Topology, id: ComponentId) -> ComponentId {
    let mut top = id;
    for _ in 0..topology.components.len() {
        match topology.components.get(&top).and_then(|desc| desc.parent) {
            Some(parent) => top = parent,
            None => break,
        }
    }
    top
}
