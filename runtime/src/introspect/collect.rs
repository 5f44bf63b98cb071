//! Collecting: fills a `Snapshot` between turns.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::snapshot::{
    ComponentView, DeliverySample, InboxView, LinkageView, OutboxView, RunState, SAMPLES_PER_SNAPSHOT, Snapshot, State,
    TAP_LIMIT, WaitReason,
};
use super::stall;
use crate::ids::{BoxAddr, LinkageId};
use crate::mailbox::DELETED;
use crate::outbox::Route;
use crate::scheduler::Scheduler;
use crate::scheduler::core::{Core, WaitNote};
use crate::scheduler::slot::{Life, Slot};

/// What the routes through one linkage add up to.
#[derive(Default)]
struct Tally {
    delivered: u64,
    samples: Vec<DeliverySample>,
    last: Option<DeliverySample>,
    tap: Vec<DeliverySample>,
}

impl Snapshot {
    /// The state before anything has run.
    pub(crate) fn empty() -> Self {
        Self {
            number: 0,
            run: RunState::Running,
            pass: 0,
            clock: Duration::ZERO,
            deliveries: 0,
            components: Vec::new(),
            linkages: Vec::new(),
            last_batch: 0,
            failed_steps: Vec::new(),
            past_crashes: Vec::new(),
            signs: Arc::default(),
            observing: 0.0,
        }
    }
}

impl Scheduler {
    /// The state of the run now; leaves samples and marks as they are.
    pub fn snapshot(&self) -> Snapshot {
        let mut components: Vec<ComponentView> = self.slots.iter().flatten().map(view_component).collect();
        components.sort_by_key(|view| view.id);
        let passages = self.passages();
        let linkages = self
            .postoffice
            .iter()
            .map(|link| {
                let tally = Tally::of(&passages, link.id);
                LinkageView {
                    desc: link.desc.clone(),
                    delivered: link.retired + tally.delivered,
                    samples: tally.samples,
                    last: tally.last,
                    tap: link.tapped.then(|| Arc::new(tally.tap)),
                }
            })
            .collect();
        let mut snapshot = Snapshot {
            number: self.looking.number,
            run: self.run_state(),
            pass: self.kernel.pass.get(),
            clock: self.now(),
            deliveries: self.kernel.deliveries.get(),
            components,
            linkages,
            last_batch: self.last_batch,
            failed_steps: self.failed_steps.iter().cloned().collect(),
            past_crashes: self.past_crashes.iter().cloned().collect(),
            signs: self.looking.watch.signs(),
            observing: self.looking.share,
        };
        if let RunState::Stalled(_) = snapshot.run {
            snapshot.run = RunState::Stalled(stall::explain(&snapshot).into());
        }
        snapshot
    }

    /// The state of the run now, for publishing: begins a new interval of samples.
    pub(crate) fn collect(&mut self) -> Snapshot {
        let snapshot = self.snapshot();
        for slot in self.slots.iter_mut().flatten() {
            slot.ran_since_snapshot = false;
            for outbox in slot.core.outboxes.borrow().iter() {
                for route in outbox.routes() {
                    route.renew_samples();
                }
            }
        }
        snapshot
    }

    /// Every linkage of every route, in order of linkage.
    fn passages(&self) -> Vec<(LinkageId, Rc<Route>)> {
        let mut passages = Vec::with_capacity(self.roster.len());
        for core in self.roster.values() {
            for outbox in core.outboxes.borrow().iter() {
                for route in outbox.routes() {
                    passages.extend(route.path.iter().map(|id| (*id, route.clone())));
                }
            }
        }
        passages.sort_by_key(|(id, _)| *id);
        passages
    }
}

impl Tally {
    /// Adds up what has gone through one linkage.
    fn of(passages: &[(LinkageId, Rc<Route>)], id: LinkageId) -> Self {
        let begin = passages.partition_point(|(other, _)| *other < id);
        let mut tally = Self::default();
        for (_, route) in passages.iter().skip(begin).take_while(|(other, _)| *other == id) {
            tally.add(route);
        }
        tally.samples.sort_by_key(|sample| (sample.at, sample.sequence));
        tally.samples.truncate(SAMPLES_PER_SNAPSHOT);
        tally.tap.sort_by_key(|sample| (sample.at, sample.sequence));
        let beyond = tally.tap.len().saturating_sub(TAP_LIMIT);
        tally.tap.drain(..beyond);
        tally
    }

    fn add(&mut self, route: &Route) {
        self.delivered += route.delivered.get();
        self.samples.extend(route.samples.borrow().iter().cloned());
        if route.is_tapped() {
            self.tap.extend(route.tap.borrow().iter().cloned());
        }
        let last = route.last.borrow();
        if let Some(last) = &*last
            && self.last.as_ref().is_none_or(|known| known.at <= last.at)
        {
            self.last = Some(last.clone());
        }
    }
}

fn view_component(slot: &Slot) -> ComponentView {
    let core = &slot.core;
    let inboxes: Vec<InboxView> = core
        .inboxes
        .borrow()
        .iter()
        .filter(|inbox| &*inbox.name != DELETED)
        .map(|inbox| InboxView {
            name: inbox.name.text(),
            depth: inbox.depth(),
            deepest: inbox.deepest(),
            capacity: inbox.capacity(),
            policy: inbox.policy.get(),
            arrived: inbox.taken() + inbox.dropped.get() + inbox.depth() as u64,
            taken: inbox.taken(),
            dropped: inbox.dropped.get(),
        })
        .collect();
    let outboxes: Vec<OutboxView> = core
        .outboxes
        .borrow()
        .iter()
        .filter(|outbox| &*outbox.name != DELETED)
        .map(|outbox| OutboxView { name: outbox.name.text(), sent: outbox.sent(), discarded: outbox.discarded.get() })
        .collect();
    ComponentView {
        id: core.pulse.id,
        name: core.name.borrow().clone(),
        type_name: slot.type_name.clone(),
        parent: slot.parent,
        state: state_of(slot, core),
        received: inboxes.iter().map(|inbox| inbox.taken).sum(),
        sent: outboxes.iter().map(|outbox| outbox.sent).sum(),
        turns: slot.turns,
        restarts: slot.restarts,
        busy: slot.busy,
        inboxes,
        outboxes,
        surface: core.surface.borrow().clone(),
    }
}

fn state_of(slot: &Slot, core: &Core) -> State {
    match &slot.life {
        Life::Finished => return State::Finished,
        Life::Crashed(fault) => return State::Crashed(fault.shared_words()),
        Life::Going if slot.paused_by_hand => return State::Paused,
        Life::Going => {}
    }
    if core.pulse.queued.get() {
        return if slot.ran_since_snapshot { State::Running } else { State::Ready };
    }
    if slot.turns == 0 {
        return State::Ready;
    }
    State::Waiting(match &*core.note.borrow() {
        WaitNote::Room { outbox, full } => {
            WaitReason::Room { outbox: outbox.text(), full: BoxAddr::inbox(full.owner.id, full.name.text()) }
        }
        WaitNote::Time(moment) => WaitReason::Time(*moment),
        WaitNote::Outside(label) => WaitReason::Outside(label.clone()),
        WaitNote::Members => WaitReason::Members,
        WaitNote::Inboxes => {
            let waits = core.pulse.waits.get();
            let names = core.inboxes.borrow();
            let awaited = names
                .iter()
                .filter(|inbox| !inbox.is_control && &*inbox.name != DELETED && waits & inbox.wake_bit != 0);
            WaitReason::Message(awaited.map(|inbox| inbox.name.text()).collect())
        }
    })
}
