//! Several schedulers in one process, and the messages between them (R4).

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use compose_runtime::cluster::{ClusterBuilder, ClusterError, ClusterHandle};
use compose_runtime::command::RuntimeCommand;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::{RunState, State, WaitReason};
use compose_runtime::scheduler::{GraphError, RunEnd};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, Topology};
use proptest::prelude::*;

use crate::common::{desc, linkage, registry};

const ENDLESS: i64 = i64::MAX;

/// A linkage between any two boxes.
fn between(from: u64, outbox: &str, to: u64, inbox: &str) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(ComponentId(from), outbox), to: BoxAddr::inbox(ComponentId(to), inbox) }
}

/// A chain of components of these types on these schedulers, numbered from 1.
fn chain(count: i64, parts: &[(&str, usize)]) -> ClusterBuilder {
    let mut topology = Topology::default();
    let mut builder = builder(parts.iter().map(|(_, scheduler)| scheduler + 1).max().unwrap_or(1));
    for (index, (type_name, scheduler)) in parts.iter().enumerate() {
        let id = index as u64 + 1;
        let params: &[(&str, i64)] = match *type_name {
            "Numbers" => &[("count", count)],
            "Print" => &[("end", 1)],
            _ => &[],
        };
        topology.components.insert(ComponentId(id), desc(id, type_name, params));
        builder = builder.place(ComponentId(id), *scheduler);
        if index > 0 {
            topology.linkages.insert(linkage(id - 1, id));
        }
    }
    builder.topology(topology)
}

fn builder(schedulers: usize) -> ClusterBuilder {
    ClusterBuilder::new(registry()).schedulers(schedulers)
}

type Lines = Arc<Mutex<Vec<String>>>;

fn spawn_printing(builder: ClusterBuilder) -> (ClusterHandle, Lines) {
    let lines = Lines::default();
    let printed = lines.clone();
    let builder = builder.adjust(move |_, config| {
        let printed = printed.clone();
        config.console = Box::new(move |_, line| printed.lock().unwrap().push(line.to_owned()));
    });
    (builder.spawn().unwrap(), lines)
}

fn expected(count: i64) -> Vec<String> {
    (0..count).map(|number| number.to_string()).chain(["end".to_owned()]).collect()
}

/// Waits until the condition holds.
fn wait_until(cluster: &ClusterHandle, condition: impl Fn(&ClusterHandle) -> bool) {
    let began = Instant::now();
    while !condition(cluster) {
        assert!(began.elapsed() < Duration::from_secs(20), "the condition does not hold: {:?}", cluster.snapshot());
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

fn state(cluster: &ClusterHandle, id: u64) -> Option<State> {
    cluster.snapshot().component(ComponentId(id)).map(|view| view.state.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_message_is_lost_and_the_order_is_kept(count in 0_i64..1300, placement in prop::collection::vec(0_usize..3, 2..7)) {
        let last = placement.len() - 1;
        let name = |index| if index == 0 { "Numbers" } else if index == last { "Print" } else { "Relay" };
        let parts: Vec<(&str, usize)> = placement.iter().enumerate().map(|(index, scheduler)| (name(index), *scheduler)).collect();
        let (mut cluster, lines) = spawn_printing(chain(count, &parts));
        let ends = cluster.wait();
        prop_assert!(ends.iter().all(|end| *end == RunEnd::Ended), "{:?}", ends);
        prop_assert_eq!(&*lines.lock().unwrap(), &expected(count));
        let whole = cluster.snapshot();
        prop_assert_eq!(whole.run, RunState::Ended);
        prop_assert_eq!(whole.components.len(), placement.len());
        prop_assert_eq!(whole.linkages.len(), placement.len() - 1);
        for (index, view) in whole.linkages.iter().enumerate() {
            let id = index as u64 + 1;
            prop_assert_eq!(&view.desc, &linkage(id, id + 1));
            prop_assert_eq!(view.delivered, count.cast_unsigned());
        }
    }
}

#[test]
fn a_slow_receiver_holds_back_a_sender_on_another_scheduler() {
    let (mut cluster, _) = spawn_printing(chain(ENDLESS, &[("Numbers", 0), ("Waits", 1)]).wait_for_commands());
    let waits_for_space = |cluster: &ClusterHandle| {
        matches!(state(cluster, 1), Some(State::Waiting(WaitReason::Space { .. })))
            && cluster.snapshot().linkages.first().is_some_and(|view| view.delivered == 100)
    };
    wait_until(&cluster, waits_for_space);
    let whole = cluster.snapshot();
    // Two inboxes of 100, the queue of the bridge, and the messages that components hold.
    assert!(whole.component(ComponentId(1)).unwrap().sent < 1000);
    let view = whole.component(ComponentId(2)).unwrap();
    assert_eq!(view.inboxes.first().unwrap().depth, 100);
    cluster.send_to_all(&RuntimeCommand::Quit);
    assert_eq!(cluster.wait(), [RunEnd::Quit, RunEnd::Quit]);
}

#[test]
fn a_bridge_whose_receiver_takes_nothing_stalls() {
    let (mut cluster, _) = spawn_printing(chain(5000, &[("Numbers", 0), ("Waits", 1)]));
    let ends = cluster.wait();
    assert_eq!(ends.first(), Some(&RunEnd::Ended));
    let Some(RunEnd::Stalled(text)) = ends.get(1) else { panic!("{ends:?}") };
    assert!(
        text.contains("bridge from #1.outbox is waiting on outbox for space in waits2.inbox (100 of 100)"),
        "{text}"
    );
}

#[test]
fn a_ring_over_several_schedulers_is_reported_while_the_bridges_are_open() {
    let mut topology = Topology::default();
    for (id, type_name) in [(1, "Relay"), (2, "Relay"), (3, "Relay")] {
        topology.components.insert(ComponentId(id), desc(id, type_name, &[]));
    }
    for (from, to) in [(1, 2), (2, 3), (3, 1)] {
        topology.linkages.insert(linkage(from, to));
    }
    let mut cluster = builder(3).topology(topology).place(ComponentId(2), 1).place(ComponentId(3), 2).spawn().unwrap();
    wait_until(&cluster, |cluster| cluster.stall().is_some());
    let text = cluster.stall().unwrap();
    assert!(text.contains("are waiting for each other in a ring"), "{text}");
    for (one, other) in [(1, 3), (2, 1), (3, 2)] {
        assert!(text.contains(&format!("relay{one} is waiting for a message on inbox from relay{other}")), "{text}");
    }
    // While a message goes round the ring, there is no stall at any moment.
    let first = cluster.scheduler_of(ComponentId(1)).unwrap();
    first
        .try_send(RuntimeCommand::Inject { inbox: BoxAddr::inbox(ComponentId(1), "inbox"), message: 1.into() })
        .unwrap();
    wait_until(&cluster, |cluster| sent(cluster, 3) > 0);
    for _ in 0..200 {
        assert_eq!(cluster.stall(), None);
    }
    cluster.send_to_all(&RuntimeCommand::Quit);
    cluster.wait();
}

fn sent(cluster: &ClusterHandle, id: u64) -> u64 {
    cluster.snapshot().component(ComponentId(id)).map_or(0, |view| view.sent)
}

#[test]
fn a_wait_for_space_behind_a_bridge_names_the_full_inbox() {
    let (mut cluster, _) = spawn_printing(chain(5000, &[("Numbers", 0), ("Waits", 1)]).wait_for_commands());
    wait_until(&cluster, |cluster| cluster.stall().is_some());
    let text = cluster.stall().unwrap();
    assert!(text.contains("numbers1 is waiting on outbox for space in waits2.inbox (100 of 100)"), "{text}");
    cluster.send_to_all(&RuntimeCommand::Quit);
    cluster.wait();
}

#[test]
fn the_end_of_a_component_reaches_the_other_scheduler() {
    let mut topology = Topology::default();
    topology.components.insert(ComponentId(1), desc(1, "Numbers", &[]));
    topology.components.insert(ComponentId(2), desc(2, "Waits", &[]));
    topology.linkages.insert(between(1, "signal", 2, "control"));
    let mut cluster = builder(2).topology(topology).place(ComponentId(2), 1).spawn().unwrap();
    assert_eq!(cluster.wait(), [RunEnd::Ended, RunEnd::Ended]);
    assert_eq!(state(&cluster, 2), Some(State::Finished));
}

#[test]
fn after_a_crash_the_other_scheduler_gets_all_messages_and_then_the_end() {
    let (mut cluster, lines) = spawn_printing(chain(1500, &[("Numbers", 1), ("Relay", 0), ("Print", 1)]));
    wait_until(&cluster, |cluster| state(cluster, 3) == Some(State::Finished));
    assert_eq!(*lines.lock().unwrap(), expected(1313));
    // The snapshot of the other scheduler may be a little older.
    wait_until(&cluster, |cluster| state(cluster, 2) == Some(State::Crashed("1313".into())));
    cluster.shut_down();
    cluster.wait();
}

#[test]
fn a_scheduler_that_quits_crashes_only_the_bridges_to_the_others() {
    let (mut cluster, lines) = spawn_printing(chain(ENDLESS, &[("Numbers", 0), ("Print", 1)]));
    wait_until(&cluster, |_| !lines.lock().unwrap().is_empty());
    cluster.scheduler_of(ComponentId(1)).unwrap().try_send(RuntimeCommand::Quit).unwrap();
    assert_eq!(cluster.wait(), [RunEnd::Quit, RunEnd::Ended]);
    let lines = lines.lock().unwrap();
    assert_eq!(*lines, expected(i64::try_from(lines.len()).unwrap() - 1));
    let whole = cluster.snapshot();
    let crashed = whole.components.iter().find(|view| &*view.type_name == "Bridge").unwrap();
    let expected = State::Crashed("the scheduler at the other end of the link stopped before the stream ended".into());
    assert_eq!((&*crashed.name, &crashed.state), ("bridge from #1.outbox", &expected));
}

#[test]
fn a_placement_that_is_not_possible_is_refused() {
    let refused = chain(3, &[("Numbers", 0)]).place(ComponentId(1), 7).spawn().err();
    assert!(matches!(refused, Some(ClusterError::NoSuchScheduler { scheduler: 7, .. })), "{refused:?}");
    let mut topology = Topology::default();
    let body = ComponentBody::Composite { inboxes: vec![], outboxes: vec![] };
    topology.components.insert(ComponentId(1), ComponentDesc { body, ..desc(1, "Composite", &[]) });
    topology.components.insert(ComponentId(2), ComponentDesc { parent: Some(ComponentId(1)), ..desc(2, "Relay", &[]) });
    let refused = builder(2).topology(topology).place(ComponentId(2), 1).spawn().err();
    assert!(matches!(refused, Some(ClusterError::Split(ComponentId(2)))), "{refused:?}");
    let mut topology = Topology::default();
    topology.components.insert(ComponentId(1), desc(1, "Numbers", &[]));
    topology.linkages.insert(between(1, "typo", 2, "inbox"));
    let refused = builder(2).topology(topology).spawn().err().unwrap();
    assert!(matches!(&refused, ClusterError::Refused(GraphError::Link(_))), "{refused:?}");
    assert_eq!(refused.to_string(), refused.source().unwrap().to_string());
}
