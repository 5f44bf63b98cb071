//! Builds the snapshot of a run, between turns. Reads components and links; only `collect` changes anything, and only the
//! samples (R13).

use std::rc::Rc;
use std::sync::Arc;

use super::Scheduler;
use super::component_core::{Core, WaitNote};
use super::slot::{Life, Slot};
use crate::delivery::inbox::DELETED;
use crate::delivery::route::Route;
use crate::ids::{BoxAddr, LinkageId};
use crate::introspect::snapshot::{
    ComponentView, DeliverySample, InboxView, LinkageView, OutboxView, RunState, SAMPLES_PER_SNAPSHOT, Snapshot, State,
    TAP_LIMIT, WaitReason,
};
use crate::introspect::stall;

/// The totals of all routes through one linkage.
#[derive(Default)]
struct Tally {
    delivered: u64,
    samples: Vec<DeliverySample>,
    last: Option<DeliverySample>,
    tap: Vec<DeliverySample>,
}

impl Scheduler {
    /// The state of the run now; does not begin a new interval of samples.
    pub fn snapshot(&self) -> Snapshot {
        let mut components: Vec<ComponentView> = self.graph.slots().map(view_component).collect();
        components.sort_by_key(|view| view.id);
        let routes = self.routes_by_link();
        let linkages = self
            .graph
            .links()
            .map(|link| {
                let tally = Tally::of(&routes, link.id);
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
            number: self.publisher.number(),
            run: self.run_state(),
            pass: self.context.traffic.pass(),
            clock: self.now(),
            deliveries: self.context.traffic.delivered(),
            components,
            linkages,
            last_batch: self.graph.failures().last_batch(),
            failed_steps: self.graph.failures().steps(),
            past_crashes: self.graph.failures().crashes(),
            signs: self.publisher.signs(),
            observing: self.publisher.share(),
        };
        if let RunState::Stalled(_) = snapshot.run {
            snapshot.run = RunState::Stalled(stall::explain(&snapshot).into());
        }
        snapshot
    }

    /// The state of the run now, for publishing; begins a new interval of samples.
    pub(super) fn collect(&mut self) -> Snapshot {
        let snapshot = self.snapshot();
        self.graph.renew_samples();
        snapshot
    }

    /// The state of the run as a whole; the explanation of a stall is left empty.
    fn run_state(&self) -> RunState {
        if self.graph.all_have_ended() && self.graph.was_used() {
            RunState::Ended
        } else if self.dial.is_paused() {
            RunState::Paused
        } else if self.is_stalled {
            RunState::Stalled(Arc::default())
        } else {
            RunState::Running
        }
    }

    /// Every linkage of every route, in order of linkage.
    fn routes_by_link(&self) -> Vec<(LinkageId, Rc<Route>)> {
        let mut routes = Vec::with_capacity(self.graph.len());
        for core in self.graph.cores() {
            for outbox in core.boxes.outboxes.borrow().iter() {
                for route in outbox.routes() {
                    routes.extend(route.path.iter().map(|id| (*id, route.clone())));
                }
            }
        }
        routes.sort_by_key(|(id, _)| *id);
        routes
    }
}

impl Tally {
    /// Adds up the deliveries through one linkage.
    fn of(routes: &[(LinkageId, Rc<Route>)], id: LinkageId) -> Self {
        let begin = routes.partition_point(|(other, _)| *other < id);
        let mut tally = Self::default();
        for (_, route) in routes.iter().skip(begin).take_while(|(other, _)| *other == id) {
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
        .boxes
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
        .boxes
        .outboxes
        .borrow()
        .iter()
        .filter(|outbox| &*outbox.name != DELETED)
        .map(|outbox| OutboxView { name: outbox.name.text(), sent: outbox.sent(), discarded: outbox.discarded.get() })
        .collect();
    ComponentView {
        id: core.id(),
        name: core.boxes.name.borrow().clone(),
        type_name: slot.type_name.clone(),
        parent: slot.parent(),
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
        Life::Crashed(fault) => return State::Crashed(fault.shared_text()),
        Life::Going if slot.is_paused() => return State::Paused,
        Life::Going => {}
    }
    if core.boxes.wake_state.is_queued() {
        return if slot.ran_since_snapshot { State::Running } else { State::Ready };
    }
    if slot.turns == 0 {
        return State::Ready;
    }
    State::Waiting(match &*core.waits_for.borrow() {
        WaitNote::Space { outbox, full } => {
            WaitReason::Space { outbox: outbox.text(), full: BoxAddr::inbox(full.owner.id, full.name.text()) }
        }
        WaitNote::Time(moment) => WaitReason::Time(*moment),
        WaitNote::Outside(label) => WaitReason::Outside(label.clone()),
        WaitNote::Members => WaitReason::Members,
        WaitNote::Inboxes => {
            let wake_state = &core.boxes.wake_state;
            let names = core.boxes.inboxes.borrow();
            let awaited = names
                .iter()
                .filter(|inbox| !inbox.is_control && &*inbox.name != DELETED && wake_state.waits_for(inbox.wake_bit));
            WaitReason::Message(awaited.map(|inbox| inbox.name.text()).collect())
        }
    })
}
