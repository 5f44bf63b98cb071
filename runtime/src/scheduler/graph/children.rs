//! Children: components that a component starts, adopts and disowns (CMP-6 to CMP-11, YIELD-2).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Graph;
use super::error::GraphError;
use crate::component::spec::EVENTS;
use crate::component::{ComponentSpec, Fault};
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::scheduler::child::{ChildRecord, Fate};
use crate::scheduler::request::ErasedSpec;
use crate::scheduler::slot::Tie;
use crate::topology::{ComponentBody, Topology};

impl Graph {
    /// Starts a topology below `owner`: all of it, or nothing (CMP-6, YIELD-2). Returns the identities, by local identity.
    pub(super) fn start_children(
        &mut self,
        owner: ComponentId,
        children: Topology,
        specs: Vec<ErasedSpec>,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        for spec in specs.into_iter().filter_map(|spec| spec.downcast_ref::<ComponentSpec>()) {
            if self.registry.get(spec.type_name).is_err() {
                self.registry.register(spec).map_err(Fault::caused_by)?;
            }
        }
        let started: BTreeMap<ComponentId, ComponentId> =
            children.components.keys().map(|local| (*local, self.own_id())).collect();
        let mut ids = started.clone();
        ids.insert(Topology::OWNER, owner);
        let outcome = self.start_all(owner, &ids, children, fate);
        if let Err(fault) = outcome {
            for id in started.values() {
                // Removes the components that were started; for the others this has no effect.
                let _ = self.remove(*id);
            }
            return Err(fault);
        }
        Ok(started)
    }

    fn start_all(
        &mut self,
        owner: ComponentId,
        ids: &BTreeMap<ComponentId, ComponentId>,
        children: Topology,
        fate: Fate,
    ) -> Result<(), Fault> {
        let real = |local: &ComponentId| {
            ids.get(local).copied().ok_or_else(|| {
                Fault::new(format!(
                    "the topology has no component {local}; add it, or remove the link or parent that names it"
                ))
            })
        };
        let prefix = self.table.core(owner).map(|core| core.boxes.name.borrow().clone()).unwrap_or_default();
        let mut own = Vec::new();
        for (local, mut desc) in children.components {
            let id = real(&local)?;
            desc.name = format!("{prefix}/{}", desc.name).into();
            let is_own = desc.parent.is_none();
            desc.parent = Some(desc.parent.as_ref().map_or(Ok(owner), real)?);
            let is_unattended = matches!(&desc.body, ComponentBody::Leaf { type_name, .. }
                if self.unattended.contains(&&**type_name));
            self.start(id, desc).map_err(GraphError::into_fault)?;
            if is_unattended {
                self.put(&BoxAddr::inbox(id, EVENTS.name), &Message::ProducerFinished);
            }
            if is_own {
                own.push(id);
            }
        }
        for linkage in children.linkages {
            let mut linkage = linkage;
            linkage.from.component = real(&linkage.from.component)?;
            linkage.to.component = real(&linkage.to.component)?;
            self.postoffice.link(&self.table, linkage, Some(owner)).map_err(Fault::caused_by)?;
        }
        for id in own {
            self.adopt(owner, id)?;
            let tie = if fate == Fate::EndsWithOwner { Tie::Bound(owner) } else { Tie::Child(owner) };
            self.table.set_tie(id, tie);
        }
        Ok(())
    }

    /// Reports the end of `child` to `owner` from now on. No effect if it is already being reported.
    pub(crate) fn adopt(&mut self, owner: ComponentId, child: ComponentId) -> Result<(), Fault> {
        let slot = self.table.slot_of(child).ok_or_else(|| Fault::new(format!("there is no component {child}")))?;
        let Some(parent) = self.table.core(owner).cloned() else { return Ok(()) };
        let mut records = parent.children.borrow_mut();
        if !records.iter().any(|record| record.id == child)
            && let Some(slot) = self.table.get_mut(slot)
        {
            slot.kin_mut().subscribers.push(owner);
            records.push(ChildRecord { id: child, end: slot.life.outcome(), is_reported: false });
        }
        Ok(())
    }

    /// Removes a child from the owner's list, with the links that the owner made to it. A child that the owner started
    /// and that has ended is removed as well (CMP-8).
    pub(super) fn disown(&mut self, owner: ComponentId, child: ComponentId, forgives: bool) {
        if let Some(parent) = self.table.core(owner) {
            parent.children.borrow_mut().retain(|record| record.id != child);
        }
        self.postoffice.unlink_between(owner, child);
        self.postoffice.route_all(&self.table);
        let Some(slot) = self.table.by_id_mut(child) else { return };
        slot.kin_mut().subscribers.retain(|subscriber| *subscriber != owner);
        let is_own = matches!(slot.tie(), Tie::Child(by) | Tie::Bound(by) if by == owner);
        if is_own && !slot.life.has_ended() {
            // It continues on its own, even when its former owner ends.
            self.table.set_tie(child, Tie::None);
        } else if is_own {
            self.keep_crashes(child, forgives);
            self.take_out(child);
        }
    }

    /// Keeps the crashes of a component that is about to be removed, unless its owner has handled them.
    fn keep_crashes(&mut self, id: ComponentId, forgives: bool) {
        let Some(slot) = self.table.by_id(id) else { return };
        let name = slot.core.boxes.name.borrow().clone();
        if forgives {
            self.failures.forgive(&format!("{name}/"));
            return;
        }
        let own = slot.life.outcome().and_then(Result::err).map(|fault| (name, fault));
        let inside = self.faults_in(id);
        for (name, fault) in own.into_iter().chain(inside) {
            self.failures.keep_crash(name, fault.shared_text());
        }
    }

    /// Names and faults of the crashed components inside a composite, at any depth.
    pub(super) fn faults_in(&self, id: ComponentId) -> Vec<(Arc<str>, Fault)> {
        let mut faults = Vec::new();
        for slot in self.table.members(id) {
            if let Some(Err(fault)) = slot.life.outcome() {
                faults.push((slot.core.boxes.name.borrow().clone(), fault));
            }
            faults.extend(self.faults_in(slot.core.id()));
        }
        faults
    }
}
