//! Only the component that fails stops: its neighbours keep running, and its error is kept for the user.

use compose_runtime::introspect::snapshot::{RunState, State};
use compose_tests::system::System;

#[test]
fn a_panic_stops_one_component_and_keeps_its_message() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 1000.into())])
        .with("bad", "TestPanicOn", &[("number", 500.into())])
        .with("beside", "TestSum", &[])
        .with("after", "TestSum", &[])
        .linked(&["numbers.outbox -> bad.inbox", "numbers.outbox -> beside.inbox", "bad.outbox -> after.inbox"]);
    let snapshot = system.run_to_end();
    let State::Crashed(error) = &system.view(&snapshot, "bad").state else {
        panic!("expected a crash, not {:?}", system.view(&snapshot, "bad").state)
    };
    assert!(error.contains("the number was 500"), "{error}");
    assert_eq!(system.view(&snapshot, "beside").state, State::Finished);
    assert_eq!(system.view(&snapshot, "beside").received, 1000);
    assert_eq!(system.view(&snapshot, "after").received, 499);
    assert!(
        matches!(system.view(&snapshot, "after").state, State::Waiting(_)),
        "the user may restart the crashed component"
    );
    let RunState::Stalled(reason) = &snapshot.run else { panic!("expected a stall, not {:?}", snapshot.run) };
    assert!(reason.contains("after is waiting"), "{reason}");
}

#[test]
fn components_after_a_crashed_one_continue_when_it_is_restarted_by_hand() {
    let mut system = System::paused()
        .with("clock", "CheapAndCheerfulClock", &[("interval", 0.01.into())])
        .with("bad", "PureTransformer", &[("function", "1 / 0".into())])
        .with("after", "PassThrough", &[])
        .linked(&["clock.outbox -> bad.inbox", "bad.outbox -> after.inbox"]);
    system.resume();
    system.wait("the crash", |snapshot| matches!(system.view(snapshot, "bad").state, State::Crashed(_)));
    system.restart("bad", "PureTransformer", &[("function", "msg".into())]);
    let snapshot = system.wait("messages after the restart", |snapshot| system.view(snapshot, "after").received > 3);
    assert!(!system.view(&snapshot, "after").state.has_ended());
}

#[test]
fn an_error_in_an_expression_names_the_cause() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 3.into())])
        .with("bad", "PureTransformer", &[("function", "1 / 0".into())])
        .linked(&["numbers.outbox -> bad.inbox"]);
    let snapshot = system.run_to_end();
    let State::Crashed(error) = &system.view(&snapshot, "bad").state else { panic!("expected a crash") };
    assert!(error.to_lowercase().contains("zero"), "{error}");
}

#[test]
fn a_component_that_restarts_after_a_crash_continues_with_the_messages_in_its_inbox() {
    let system = System::paused()
        .with("numbers", "TestNumbers", &[("count", 10.into())])
        .with_restarting("bad", "TestPanicOn", &[("number", 4.into())])
        .with("after", "TestSum", &[])
        .linked(&["numbers.outbox -> bad.inbox", "bad.outbox -> after.inbox"]);
    let snapshot = system.run_to_end();
    assert_eq!(system.view(&snapshot, "bad").restarts, 1);
    assert_eq!(system.view(&snapshot, "bad").state, State::Finished);
    assert_eq!(system.view(&snapshot, "after").received, 9, "all but the message that caused the crash");
}
