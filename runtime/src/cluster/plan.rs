//! Plan: which scheduler gets what of a topology, and which linkages cross.

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

/// A topology, divided.
pub(super) struct Plan {
    /// What each scheduler starts and links by itself.
    pub parts: Vec<Vec<Step>>,
    pub crossings: Vec<Crossing>,
    /// The scheduler of every component.
    pub placement: BTreeMap<ComponentId, usize>,
}

impl Plan {
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
        // Whoever names a component that does not exist is told so by the scheduler.
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

/// The composite at the top above a component, or itself. A ring of parents, which no scheduler accepts, ends somewhere.
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
