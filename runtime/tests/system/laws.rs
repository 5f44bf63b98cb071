//! Laws that hold for any graph and any sequence of edits under traffic (INV-1, INV-5, INV-7, INV-8).

use std::collections::BTreeMap;

use compose_runtime::command::{RuntimeCommand, Step, StepSize};
use compose_runtime::dev::{FullPolicy, Message};
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler};
use compose_runtime::topology::InboxLimit;
use proptest::prelude::*;

use crate::common::{apply, inbox, linkage, scheduler, start};

const COMPONENTS: u64 = 6;

#[derive(Debug, Clone)]
enum Op {
    Link(u64, u64),
    Unlink(u64, u64),
    Put(u64, usize),
    Limit(u64, usize),
    Pause(u64, bool),
    Pass,
    Run,
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let id = 1..=COMPONENTS;
    let op = prop_oneof![
        3 => (id.clone(), id.clone()).prop_map(|(a, b)| Op::Link(a.min(b), a.max(b))),
        1 => (id.clone(), id.clone()).prop_map(|(a, b)| Op::Unlink(a.min(b), a.max(b))),
        4 => (id.clone(), 1usize..12).prop_map(|(a, n)| Op::Put(a, n)),
        1 => (id.clone(), 0usize..5).prop_map(|(a, n)| Op::Limit(a, n)),
        1 => (id, any::<bool>()).prop_map(|(a, on)| Op::Pause(a, on)),
        3 => Just(Op::Pass),
        1 => Just(Op::Run),
    ];
    prop::collection::vec(op, 1..60)
}

fn relays() -> Scheduler {
    let mut scheduler = scheduler(|_| {});
    apply(&mut scheduler, (1..=COMPONENTS).map(|id| start(id, "Narrow")).collect());
    scheduler
}

fn limit(scheduler: &mut Scheduler, id: u64, capacity: Option<usize>) {
    let limit = InboxLimit { capacity, policy: FullPolicy::Block };
    scheduler.reconfigure(2, vec![Step::Limit { inbox: inbox(id), limit }]);
}

fn pause(scheduler: &mut Scheduler, id: u64, on: bool) {
    scheduler.handle().try_send(RuntimeCommand::PauseComponent(ComponentId(id), on)).unwrap();
}

/// Checks the counters: every message that arrived was delivered by a link or put in by the test, and every message
/// taken was sent on, except at most one that the component holds.
fn check_counters(
    snapshot: &Snapshot,
    put: &BTreeMap<u64, u64>,
    unlinked: &BTreeMap<u64, u64>,
) -> Result<(), TestCaseError> {
    for view in &snapshot.components {
        let inbox = &view.inboxes[0];
        let delivered: u64 = snapshot
            .linkages
            .iter()
            .filter(|link| link.desc.to.component == view.id && &*link.desc.to.name == "inbox")
            .map(|link| link.delivered)
            .sum();
        let id = view.id.0;
        let expected = delivered + put.get(&id).copied().unwrap_or(0) + unlinked.get(&id).copied().unwrap_or(0);
        prop_assert_eq!(inbox.arrived, expected, "{}", &view.name);
        let held = inbox.taken - view.outboxes[0].sent;
        prop_assert!(held <= 1, "{} holds {} messages", &view.name, held);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_under_traffic_loses_duplicates_or_strands_a_message(ops in ops()) {
        let mut scheduler = relays();
        let mut put: BTreeMap<u64, u64> = BTreeMap::new();
        let mut unlinked: BTreeMap<u64, u64> = BTreeMap::new();
        for op in ops {
            match op {
                Op::Link(from, to) if from != to => {
                    scheduler.reconfigure(3, vec![Step::Link { linkage: linkage(from, to) }]);
                }
                Op::Unlink(from, to) => {
                    let wanted = linkage(from, to);
                    let before = scheduler.snapshot();
                    if let Some(link) = before.linkages.iter().find(|link| link.desc == wanted) {
                        *unlinked.entry(to).or_default() += link.delivered;
                    }
                    scheduler.reconfigure(3, vec![Step::Unlink { linkage: wanted }]);
                }
                Op::Put(id, count) => {
                    for number in 0..count {
                        scheduler.put(&inbox(id), Message::Int(i64::try_from(number).unwrap()));
                    }
                    *put.entry(id).or_default() += count as u64;
                }
                Op::Limit(id, capacity) => limit(&mut scheduler, id, Some(capacity)),
                Op::Pause(id, on) => pause(&mut scheduler, id, on),
                Op::Link(..) => {}
                Op::Pass => {
                    scheduler.handle().try_send(RuntimeCommand::Advance(StepSize::Turn)).unwrap();
                    scheduler.run_step();
                    scheduler.handle().try_send(RuntimeCommand::Resume).unwrap();
                }
                Op::Run => {
                    scheduler.run_ready();
                }
            }
            check_counters(&scheduler.snapshot(), &put, &unlinked)?;
        }
        // With space in every inbox and no component paused, every message moves on: no wake was lost.
        for id in 1..=COMPONENTS {
            limit(&mut scheduler, id, Some(2));
            pause(&mut scheduler, id, false);
        }
        scheduler.run_ready();
        let snapshot = scheduler.snapshot();
        check_counters(&snapshot, &put, &unlinked)?;
        for view in &snapshot.components {
            prop_assert_eq!(view.inboxes[0].depth, 0, "{} is stuck: {:?}", &view.name, &view.state);
        }
        // ProducerFinished at all sources ends the whole system, and no message is lost (INV-8).
        for view in &snapshot.components {
            let fed = snapshot.linkages.iter().any(|link| link.desc.to.component == view.id);
            if !fed {
                scheduler.put(&BoxAddr::inbox(view.id, "control"), Message::ProducerFinished);
            }
        }
        prop_assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
        let ended = scheduler.snapshot();
        prop_assert!(ended.components.iter().all(|view| view.state == State::Finished));
        prop_assert!(ended.components.iter().all(|view| view.inboxes[0].dropped == 0));
    }
}
