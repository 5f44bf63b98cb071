//! No message is lost, duplicated or reordered when links move while messages flow.

use compose_runtime::command::Step;
use compose_tests::system::System;

const COUNT: i64 = 300_000;

/// Adds up the two numbers in each line that a `TestSum` prints.
fn count_and_sum(lines: &[String]) -> (i64, i64) {
    lines.iter().fold((0, 0), |(count, sum), line| {
        let (more, add) = line.split_once(' ').unwrap();
        (count + more.parse::<i64>().unwrap(), sum + add.parse::<i64>().unwrap())
    })
}

#[test]
fn moving_a_link_under_traffic_neither_loses_nor_duplicates_messages() {
    let mut system = System::paused()
        .with("numbers", "TestNumbers", &[("count", COUNT.into())])
        .with("between", "PassThrough", &[])
        .with("left", "TestSum", &[])
        .with("right", "TestSum", &[])
        .linked(&["numbers.outbox -> between.inbox", "between.outbox -> left.inbox"]);
    system.resume();
    let (left, right) =
        (system.linkage("between.outbox -> left.inbox"), system.linkage("between.outbox -> right.inbox"));
    let (mut current, mut next) = (left, right);
    let mut moves = 0;
    while !system.view(&system.snapshot(), "numbers").state.has_ended() {
        system.batch(vec![Step::Link { linkage: next.clone() }, Step::Unlink { linkage: current.clone() }]);
        std::mem::swap(&mut current, &mut next);
        moves += 1;
    }
    assert!(moves >= 3, "only {moves} moves while messages flowed");
    let snapshot = system.wait("everything to arrive", |snapshot| {
        let taken = |name| system.view(snapshot, name).received;
        taken("left") + taken("right") >= COUNT.unsigned_abs()
    });
    for name in ["left", "right"] {
        assert!(
            !matches!(system.view(&snapshot, name).state.name(), "crashed"),
            "{name} received its numbers in order"
        );
    }
    let (mut received, mut delivered) = (0, 0);
    for name in ["left", "right"] {
        received += system.view(&snapshot, name).received;
        let inbox = &system.view(&snapshot, name).inboxes;
        delivered += inbox.iter().filter(|inbox| &*inbox.name == "inbox").map(|inbox| inbox.arrived).sum::<u64>();
    }
    assert_eq!((received, delivered), (COUNT.unsigned_abs(), COUNT.unsigned_abs()), "after {moves} moves");
    let discarded: u64 = system.view(&snapshot, "between").outboxes.iter().map(|outbox| outbox.discarded).sum();
    assert!(discarded <= 1, "only its last message on signal has no receiver");
}

#[test]
fn messages_stay_in_an_inbox_when_its_link_is_removed() {
    let mut system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 50.into())])
        .with("slow", "TestSum", &[])
        .linked(&["numbers.outbox -> slow.inbox"]);
    system.send(compose_runtime::command::RuntimeCommand::PauseComponent(system.id("slow"), true));
    system.resume();
    system.wait("the inbox to fill", |snapshot| {
        system.view(snapshot, "slow").inboxes.iter().any(|inbox| inbox.depth == 50)
    });
    let linkage = system.linkage("numbers.outbox -> slow.inbox");
    system.batch(vec![Step::Unlink { linkage: linkage.clone() }]);
    system.batch(vec![Step::Link { linkage }]);
    system.send(compose_runtime::command::RuntimeCommand::PauseComponent(system.id("slow"), false));
    let snapshot = system.wait("the inbox to be emptied", |snapshot| system.view(snapshot, "slow").received == 50);
    assert!(system.view(&snapshot, "numbers").sent >= 50);
}

#[test]
fn an_inserted_component_receives_the_rest_of_the_stream() {
    let mut system = System::paused()
        .with("numbers", "TestNumbers", &[("count", COUNT.into())])
        .with("sum", "TestSum", &[])
        .linked(&["numbers.outbox -> sum.inbox"]);
    system.resume();
    system.wait("some traffic", |snapshot| system.view(snapshot, "sum").received > 100);
    system = system.with("between", "PassThrough", &[]);
    let steps = ["between.outbox -> sum.inbox", "numbers.outbox -> between.inbox"]
        .map(|link| Step::Link { linkage: system.linkage(link) });
    let direct = system.linkage("numbers.outbox -> sum.inbox");
    system.batch(steps.into_iter().chain([Step::Unlink { linkage: direct }]).collect());
    system.run_to_end();
    let lines = system.lines("sum");
    assert_eq!(count_and_sum(&lines), (COUNT, COUNT * (COUNT + 1) / 2));
}
