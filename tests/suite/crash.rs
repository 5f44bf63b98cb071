//! A component that fails stops alone: its neighbours run on, and its words are kept for the user.

use compose_runtime::introspect::snapshot::{RunState, State};
use compose_tests::system::System;

#[test]
fn a_panic_stops_one_component_and_keeps_its_words() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 1000.into())])
        .with("bad", "TestPanicOn", &[("number", 500.into())])
        .with("beside", "TestSum", &[])
        .with("after", "TestSum", &[])
        .linked(&["numbers.outbox -> bad.inbox", "numbers.outbox -> beside.inbox", "bad.outbox -> after.inbox"]);
    let snapshot = system.run_to_end();
    let State::Crashed(words) = &system.view(&snapshot, "bad").state else {
        panic!("crashed, not {:?}", system.view(&snapshot, "bad").state)
    };
    assert!(words.contains("the number was 500"), "{words}");
    assert_eq!(system.view(&snapshot, "beside").state, State::Finished);
    assert_eq!(system.view(&snapshot, "beside").received, 1000);
    assert_eq!(system.view(&snapshot, "after").received, 499);
    assert!(matches!(system.view(&snapshot, "after").state, State::Waiting(_)), "the user may start it again");
    let RunState::Stalled(words) = &snapshot.run else { panic!("stalled, not {:?}", snapshot.run) };
    assert!(words.contains("after waits"), "{words}");
}

#[test]
fn whoever_is_fed_by_a_component_that_is_started_again_by_hand_goes_on() {
    let mut system = System::paused()
        .with("clock", "CheapAndCheerfulClock", &[("interval", 0.01.into())])
        .with("bad", "PureTransformer", &[("function", "1 / 0".into())])
        .with("after", "PassThrough", &[])
        .linked(&["clock.outbox -> bad.inbox", "bad.outbox -> after.inbox"]);
    system.resume();
    system.wait("the crash", |snapshot| matches!(system.view(snapshot, "bad").state, State::Crashed(_)));
    system.start_again("bad", "PureTransformer", &[("function", "msg".into())]);
    let snapshot = system.wait("what comes after it", |snapshot| system.view(snapshot, "after").received > 3);
    assert!(!system.view(&snapshot, "after").state.has_ended());
}

#[test]
fn an_error_of_an_expression_is_told_in_words() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 3.into())])
        .with("bad", "PureTransformer", &[("function", "1 / 0".into())])
        .linked(&["numbers.outbox -> bad.inbox"]);
    let snapshot = system.run_to_end();
    let State::Crashed(words) = &system.view(&snapshot, "bad").state else { panic!("crashed") };
    assert!(words.to_lowercase().contains("zero"), "{words}");
}

#[test]
fn a_component_that_may_start_again_does_so_and_goes_on_with_what_waits() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 10.into())])
        .with_restarting("bad", "TestPanicOn", &[("number", 4.into())])
        .with("after", "TestSum", &[])
        .linked(&["numbers.outbox -> bad.inbox", "bad.outbox -> after.inbox"]);
    let snapshot = system.run_to_end();
    assert_eq!(system.view(&snapshot, "bad").restarts, 1);
    assert_eq!(system.view(&snapshot, "bad").state, State::Finished);
    assert_eq!(system.view(&snapshot, "after").received, 9, "all but the one it broke at");
}
