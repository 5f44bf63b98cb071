//! Ask: what a component may ask of its scheduler, and the answers.
//!
//! Asked during a turn, granted at the next safe point in the order of asking (R12). The answer wakes whoever asked. Not
//! here: how asking looks to a component (see `component::children`, `component::adaptive`, `component::linking`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Scheduler;
use super::apply::FAILURES_KEPT;
use super::pulse::Pulse;
use super::slot::Tie;
use crate::component::children::{ChildRecord, Fate};
use crate::component::spec::EVENTS;
use crate::component::{ComponentSpec, Fault};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::introspect::changes::TopologyView;
use crate::message::Message;
use crate::topology::{ComponentBody, LinkageDesc, Topology};

/// Identities from here on are given out by the scheduler itself, to children and to the ports of handles.
pub(crate) const FIRST_OWN_ID: u64 = 1 << 32;

/// One thing asked.
pub(crate) enum Ask {
    /// Link two boxes; `or_linked` says that finding them linked already is as good.
    Link { linkage: LinkageDesc, or_linked: bool },
    /// Remove a link that this component made (LINK-16).
    Unlink(LinkageDesc),
    /// Remove the links this component made that touch another (LINK-17).
    UnlinkComponent(ComponentId),
    /// Start components as children; identities in `children` are local.
    Start { children: Topology, specs: Vec<&'static ComponentSpec>, fate: Fate },
    /// Be told of the end of a component that somebody else started.
    Adopt(ComponentId),
    /// Strike a child off the list; one that has ended is taken out. Its crashes are remembered, or were dealt with.
    Disown { child: ComponentId, forgives: bool },
    /// End a component now.
    Stop(ComponentId),
    /// Pause (true) or wake (false) a component.
    Pause(ComponentId, bool),
    /// Remove one of its own boxes, with every link on it.
    DeleteBox(Direction, Arc<str>),
    /// The topology, once it differs from the one of this revision.
    Topology { seen: u64 },
    /// A composite passes a control message on to its members (GRAPH-9).
    ControlMembers(Message),
    /// Put a message into the `control` of a component, linked or not.
    Tell(ComponentId, Message),
    /// The crashes inside a composite.
    Faults(ComponentId),
    /// Take this component out: it was only a port.
    Vanish,
    /// Nothing: only wait for the safe point.
    Nothing,
}

/// What comes of it.
pub(crate) enum Answer {
    Done,
    /// The identities given to children, by local identity.
    Started(BTreeMap<ComponentId, ComponentId>),
    Topology(u64, Arc<TopologyView>),
    /// Names and words of those that have crashed.
    Faults(Vec<(Arc<str>, Fault)>),
    /// Nothing will change any more.
    Over,
}

/// Where the answer is put.
pub(crate) type Reply = Rc<RefCell<Option<Result<Answer, Fault>>>>;

/// Something a component asked for during its turn.
pub(crate) struct Request {
    pub owner: Rc<Pulse>,
    pub ask: Ask,
    pub reply: Reply,
}

impl Request {
    pub(super) fn answer(&self, scheduler: &Scheduler, answer: Result<Answer, Fault>) {
        *self.reply.borrow_mut() = Some(answer);
        scheduler.kernel.wake(&self.owner);
    }
}

impl Scheduler {
    /// Grants, or refuses, what was asked for since the last safe point.
    pub(super) fn grant_all(&mut self) {
        let requests = std::mem::take(&mut *self.kernel.requests.borrow_mut());
        for mut request in requests {
            if let Ask::Topology { seen } = request.ask {
                if seen == self.kernel.topology.get() {
                    self.watchers.push(request);
                    continue;
                }
                let view = TopologyView::of(&self.snapshot());
                request.answer(self, Ok(Answer::Topology(self.kernel.topology.get(), Arc::new(view))));
                continue;
            }
            let ask = std::mem::replace(&mut request.ask, Ask::Nothing);
            let answer = self.grant(request.owner.id, ask);
            request.answer(self, answer);
        }
    }

    /// Whether somebody watches the topology and has not seen it as it is.
    pub(super) fn has_news_of_topology(&self) -> bool {
        let now = self.kernel.topology.get();
        self.watchers.iter().any(|request| matches!(request.ask, Ask::Topology { seen } if seen != now))
    }

    /// Tells those who watch the topology, if it has changed.
    pub(super) fn serve_watchers(&mut self) {
        if !self.has_news_of_topology() {
            return;
        }
        let now = self.kernel.topology.get();
        let view = Arc::new(TopologyView::of(&self.snapshot()));
        for request in std::mem::take(&mut self.watchers) {
            request.answer(self, Ok(Answer::Topology(now, view.clone())));
        }
    }

    /// Nothing will change any more: sends the watchers home. False if there were none.
    pub(super) fn release_watchers(&mut self) -> bool {
        let watchers = std::mem::take(&mut self.watchers);
        for request in &watchers {
            request.answer(self, Ok(Answer::Over));
        }
        !watchers.is_empty()
    }

    fn grant(&mut self, owner: ComponentId, ask: Ask) -> Result<Answer, Fault> {
        match ask {
            Ask::Link { linkage, or_linked } => {
                if !(or_linked && self.postoffice.contains(&linkage)) {
                    self.postoffice.link(&self.roster, linkage, Some(owner)).map_err(Fault::caused_by)?;
                }
            }
            Ask::Unlink(linkage) => self.postoffice.unlink_one_of(&self.roster, owner, &linkage),
            Ask::UnlinkComponent(other) => self.postoffice.unlink_between(&self.roster, owner, other),
            Ask::Start { children, specs, fate } => {
                return self.start_children(owner, children, specs, fate).map(Answer::Started);
            }
            Ask::Adopt(child) => self.adopt(owner, child)?,
            Ask::Disown { child, forgives } => self.disown(owner, child, forgives),
            Ask::Stop(id) => self.stop(id).map_err(Fault::new)?,
            Ask::Pause(id, pause) => self.pause_component(id, pause),
            Ask::DeleteBox(direction, name) => self.delete_box(owner, direction, &name)?,
            Ask::Tell(id, message) => {
                self.put(&BoxAddr::inbox(id, "control"), message);
            }
            Ask::Faults(id) => return Ok(Answer::Faults(self.faults_in(id))),
            Ask::ControlMembers(message) => self.control_members(owner, &message),
            Ask::Vanish => self.remove(owner).map_err(Fault::new)?,
            Ask::Nothing | Ask::Topology { .. } => return Ok(Answer::Done),
        }
        self.kernel.note_topology();
        Ok(Answer::Done)
    }

    /// An identity that nobody has.
    pub(crate) fn own_id(&mut self) -> ComponentId {
        loop {
            let id = ComponentId(FIRST_OWN_ID + self.next_own);
            self.next_own += 1;
            if !self.roster.contains_key(&id) {
                return id;
            }
        }
    }

    /// Starts a small topology below `owner`: all of it, or nothing (CMP-6, YIELD-2).
    fn start_children(
        &mut self,
        owner: ComponentId,
        children: Topology,
        specs: Vec<&'static ComponentSpec>,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        for spec in specs {
            if self.registry.get(spec.type_name).is_err() {
                self.registry.register(spec).map_err(Fault::caused_by)?;
            }
        }
        let given: BTreeMap<ComponentId, ComponentId> =
            children.components.keys().map(|local| (*local, self.own_id())).collect();
        let mut ids = given.clone();
        ids.insert(Topology::OWNER, owner);
        let outcome = self.start_all(owner, &ids, children, fate);
        if let Err(fault) = outcome {
            for id in given.values() {
                // Those that had been started are taken out again; the others never were there.
                let _ = self.remove(*id);
            }
            return Err(fault);
        }
        Ok(given)
    }

    fn start_all(
        &mut self,
        owner: ComponentId,
        ids: &BTreeMap<ComponentId, ComponentId>,
        children: Topology,
        fate: Fate,
    ) -> Result<(), Fault> {
        let real = |local: &ComponentId| {
            ids.get(local).copied().ok_or_else(|| Fault::new(format!("there is no child {local} in what was to start")))
        };
        let family = self.roster.get(&owner).map(|core| core.name.borrow().clone()).unwrap_or_default();
        let mut own = Vec::new();
        for (local, mut desc) in children.components {
            let id = real(&local)?;
            desc.name = format!("{family}/{}", desc.name).into();
            let is_own = desc.parent.is_none();
            desc.parent = Some(desc.parent.as_ref().map_or(Ok(owner), real)?);
            let is_unattended = matches!(&desc.body, ComponentBody::Leaf { type_name, .. }
                if self.unattended.contains(&&**type_name));
            self.start(id, desc).map_err(Fault::new)?;
            if is_unattended {
                self.put(&BoxAddr::inbox(id, EVENTS.name), Message::ProducerFinished);
            }
            if is_own {
                own.push(id);
            }
        }
        for linkage in children.linkages {
            let mut linkage = linkage;
            linkage.from.component = real(&linkage.from.component)?;
            linkage.to.component = real(&linkage.to.component)?;
            self.postoffice.link(&self.roster, linkage, Some(owner)).map_err(Fault::caused_by)?;
        }
        for id in own {
            self.adopt(owner, id)?;
            if let Some(place) = self.place_of(id)
                && let Some(slot) = self.slot_mut(place)
            {
                slot.kin_mut().tie = if fate == Fate::EndsWithOwner { Tie::Bound(owner) } else { Tie::Child(owner) };
            }
        }
        Ok(())
    }

    pub(crate) fn adopt(&mut self, owner: ComponentId, child: ComponentId) -> Result<(), Fault> {
        let place = self.place_of(child).ok_or_else(|| Fault::new(format!("there is no component {child}")))?;
        let Some(parent) = self.roster.get(&owner) else { return Ok(()) };
        let mut records = parent.children.borrow_mut();
        if !records.iter().any(|record| record.id == child) {
            let slot = self.slots.get_mut(place as usize).and_then(Option::as_mut);
            let Some(slot) = slot else { return Ok(()) };
            slot.kin_mut().subscribers.push(owner);
            records.push(ChildRecord { id: child, end: slot.life.outcome(), is_told: false });
        }
        Ok(())
    }

    /// Strikes a child off the list with the links to it; its own child that has ended is taken out (CMP-8).
    fn disown(&mut self, owner: ComponentId, child: ComponentId, forgives: bool) {
        if let Some(parent) = self.roster.get(&owner) {
            parent.children.borrow_mut().retain(|record| record.id != child);
        }
        self.postoffice.unlink_between(&self.roster, owner, child);
        let Some(place) = self.place_of(child) else { return };
        let Some(slot) = self.slot_mut(place) else { return };
        slot.kin_mut().subscribers.retain(|subscriber| *subscriber != owner);
        if slot.life.has_ended() && matches!(slot.tie(), Tie::Child(by) | Tie::Bound(by) if by == owner) {
            self.remember_crashes(child, forgives);
            self.take_out(child);
        }
    }

    /// Nobody can look at those any more who are taken out: what became of them is kept, unless it was dealt with.
    fn remember_crashes(&mut self, id: ComponentId, forgives: bool) {
        let Some(slot) = self.place_of(id).and_then(|place| self.slot(place)) else { return };
        let name = slot.core.name.borrow().clone();
        if forgives {
            let inside = format!("{name}/");
            self.past_crashes.retain(|(crashed, _)| !crashed.starts_with(&inside));
            return;
        }
        let own = slot.life.outcome().and_then(Result::err).map(|fault| (name, fault));
        for (name, fault) in own.into_iter().chain(self.faults_in(id)) {
            if self.past_crashes.len() == FAILURES_KEPT {
                self.past_crashes.pop_front();
            }
            self.past_crashes.push_back((name, fault.shared_words()));
        }
    }

    /// Those inside a composite, however deep, that have crashed.
    fn faults_in(&self, id: ComponentId) -> Vec<(Arc<str>, Fault)> {
        let mut faults = Vec::new();
        for slot in self.slots.iter().flatten().filter(|slot| slot.parent == Some(id)) {
            if let Some(Err(fault)) = slot.life.outcome() {
                faults.push((slot.core.name.borrow().clone(), fault));
            }
            faults.extend(self.faults_in(slot.core.pulse.id));
        }
        faults
    }

    fn delete_box(&mut self, owner: ComponentId, direction: Direction, name: &Arc<str>) -> Result<(), Fault> {
        let addr = BoxAddr { component: owner, direction, name: name.clone() };
        let Some(core) = self.roster.get(&owner).cloned() else { return Ok(()) };
        if &**name == "control" && direction == Direction::Inbox
            || &**name == "signal" && direction == Direction::Outbox
        {
            return Err(Fault::new(format!("{name} belongs to every component and cannot be deleted")));
        }
        self.postoffice.unlink_box(&self.roster, &addr);
        core.delete_box(direction, name)?;
        self.kernel.note_topology();
        Ok(())
    }
}
