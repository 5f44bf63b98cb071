//! Behaviour of a system of components: delivery, full inboxes, ends, crashes and rewiring.

use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::dev::Message;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc};

use crate::common::{Lines, apply, desc, link, scheduler as scheduler_with, start, start_with};

/// A scheduler, and the lines that its components print.
fn scheduler() -> (Scheduler, Lines) {
    let lines = Lines::default();
    let sink = lines.clone();
    let print = move |_: &str, line: &str| sink.borrow_mut().push(line.to_owned());
    (scheduler_with(|config| config.console = Box::new(print)), lines)
}

fn state(scheduler: &Scheduler, id: u64) -> State {
    scheduler.snapshot().component(ComponentId(id)).unwrap().state.clone()
}

#[test]
fn a_pipeline_delivers_in_order_and_ends_on_its_own() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Numbers"), start(2, "Relay"), start(3, "Print"), link(1, 2), link(2, 3)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*lines.borrow(), ["0", "1", "2"]);
    let snapshot = scheduler.snapshot();
    assert!(snapshot.components.iter().all(|view| view.state == State::Finished));
    assert_eq!(snapshot.linkages.iter().map(|link| link.delivered).collect::<Vec<_>>(), [3, 3]);
}

#[test]
fn a_threaded_component_keeps_order_and_ends_with_its_stream() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Numbers"), start(2, "ByThread"), start(3, "Print"), link(1, 2), link(2, 3)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*lines.borrow(), ["0", "1", "2"]);
}

#[test]
fn fan_out_delivers_every_message_to_every_sink() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Numbers"), start(2, "Print"), start(3, "Print"), link(1, 2), link(1, 3)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let mut lines = lines.borrow().clone();
    lines.sort();
    assert_eq!(lines, ["0", "0", "1", "1", "2", "2"]);
}

#[test]
fn a_full_inbox_holds_its_sender_back_and_the_stall_is_explained() {
    let (mut scheduler, _) = scheduler();
    apply(&mut scheduler, vec![start_with(1, "Numbers", &[("count", 1000)]), start(2, "Waits"), link(1, 2)]);
    let RunEnd::Stalled(text) = scheduler.run(RunLimit::default()) else { panic!("the run must stall") };
    assert!(text.contains("numbers1 is waiting on outbox for space in waits2.inbox (100 of 100)"), "{text}");
}

#[test]
fn a_wrong_box_name_crashes_only_its_component() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Numbers"), start(2, "Bomb"), start(3, "Print"), link(1, 2), link(1, 3)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(state(&scheduler, 2), State::Crashed("bomb2 has no inbox named typo".into()));
    assert_eq!(*lines.borrow(), ["0", "1", "2"]);
}

#[test]
fn the_virtual_clock_jumps_from_timer_to_timer() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Ticks"), start(2, "Print"), link(1, 2)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*lines.borrow(), ["1.000 s", "2.000 s", "3.000 s", "4.000 s", "5.000 s"]);
}

#[test]
fn a_clock_limit_stops_the_run() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Ticks"), start(2, "Print"), link(1, 2)]);
    let limit = RunLimit { clock: Some(Duration::from_millis(2500)), ..RunLimit::default() };
    assert_eq!(scheduler.run(limit), RunEnd::LimitReached);
    assert_eq!(*lines.borrow(), ["1.000 s", "2.000 s"]);
}

#[test]
fn messages_pass_through_a_composite_without_being_stored() {
    let (mut scheduler, lines) = scheduler();
    let composite = ComponentDesc {
        body: ComponentBody::Composite { inboxes: Vec::new(), outboxes: Vec::new() },
        ..desc(2, "", &[])
    };
    let member = ComponentDesc { parent: Some(ComponentId(2)), ..desc(3, "Relay", &[]) };
    let inward =
        LinkageDesc { from: BoxAddr::inbox(ComponentId(2), "inbox"), to: BoxAddr::inbox(ComponentId(3), "inbox") };
    let outward =
        LinkageDesc { from: BoxAddr::outbox(ComponentId(3), "outbox"), to: BoxAddr::outbox(ComponentId(2), "outbox") };
    apply(
        &mut scheduler,
        vec![
            start(1, "Numbers"),
            Step::Start { id: ComponentId(2), desc: composite },
            Step::Start { id: ComponentId(3), desc: member },
            start(4, "Print"),
            link(1, 2),
            Step::Link { linkage: inward },
            Step::Link { linkage: outward },
            link(2, 4),
        ],
    );
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*lines.borrow(), ["0", "1", "2"]);
    assert!(scheduler.snapshot().linkages.iter().all(|link| link.delivered == 3));
}

#[test]
fn a_ring_of_passthrough_links_is_refused() {
    let (mut scheduler, _) = scheduler();
    let composite =
        || ComponentDesc { body: ComponentBody::Composite { inboxes: vec![], outboxes: vec![] }, ..desc(1, "", &[]) };
    let inward = |from: u64, to: u64| Step::Link {
        linkage: LinkageDesc {
            from: BoxAddr::inbox(ComponentId(from), "inbox"),
            to: BoxAddr::inbox(ComponentId(to), "inbox"),
        },
    };
    apply(
        &mut scheduler,
        vec![
            Step::Start { id: ComponentId(1), desc: composite() },
            Step::Start { id: ComponentId(2), desc: composite() },
            inward(1, 2),
        ],
    );
    let outcomes = scheduler.reconfigure(2, vec![inward(2, 1)]);
    let text = outcomes[0].error.clone().unwrap();
    assert!(text.contains("ring of passthrough links"), "{text}");
}

#[test]
fn removing_the_only_source_does_not_finish_the_stream() {
    let (mut scheduler, _) = scheduler();
    apply(&mut scheduler, vec![start(1, "Waits"), start(2, "Print"), link(1, 2)]);
    scheduler.run_ready();
    apply(&mut scheduler, vec![Step::Stop { id: ComponentId(1) }]);
    scheduler.run_ready();
    assert!(matches!(state(&scheduler, 2), State::Waiting(_)));
}

#[test]
fn a_restart_keeps_links_and_waiting_messages() {
    let (mut scheduler, lines) = scheduler();
    apply(&mut scheduler, vec![start(1, "Numbers"), start(2, "Bomb"), link(1, 2)]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    apply(&mut scheduler, vec![Step::Restart { id: ComponentId(2), desc: desc(2, "Print", &[]) }]);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(*lines.borrow(), ["1", "2"], "the first message was taken before the crash");
}

#[test]
fn shutdown_ends_all_components_within_a_limited_number_of_passes() {
    let (mut scheduler, _) = scheduler();
    apply(
        &mut scheduler,
        vec![
            start_with(1, "Numbers", &[("count", i64::MAX)]),
            start(2, "Relay"),
            start(3, "Waits"),
            link(1, 2),
            link(2, 3),
        ],
    );
    for id in 1..=3 {
        scheduler.put(&BoxAddr::inbox(ComponentId(id), "control"), Message::Shutdown);
    }
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert!(scheduler.snapshot().pass < 40);
}
