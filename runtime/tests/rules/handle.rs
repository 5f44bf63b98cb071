//! Section 14, handles: ordinary code puts and gets messages.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::component::outside::PORT_LIMIT;
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::handle::component::{Got, Handle, HandleError};
use compose_runtime::ids::{ComponentId, Direction};
use compose_runtime::registry::Registry;

use crate::world::*;

const TIMEOUT: Duration = Duration::from_secs(20);
const ID: ComponentId = ComponentId(1);

/// Sends three messages and ends.
struct Three;

impl Component for Three {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 1..=3 {
            io.send("outbox", number).await;
        }
        Ok(())
    }
}

static THREE: ComponentSpec = ComponentSpec { type_name: "Three", build: build::<Three>, inboxes: &[], ..ECHO };

fn runtime() -> RuntimeHandle {
    let mut registry = Registry::default();
    registry.register(&ECHO).unwrap();
    registry.register(&THREE).unwrap();
    registry.register(&LOOP).unwrap();
    RuntimeBuilder::new(registry).spawn().unwrap()
}

fn start(runtime: &RuntimeHandle, type_name: &str) -> Handle {
    let boxes: &[&str] = if type_name == "Echo" { &["inbox", "control"] } else { &["control"] };
    runtime.start(ID, desc("it", type_name, BTreeMap::new()), boxes, &["outbox", "signal"]).unwrap()
}

#[test]
fn hnd_1_a_handle_starts_a_component_and_works_on_any_thread() {
    let runtime = runtime();
    let echo = start(&runtime, "Echo");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..500 {
                echo.put("inbox", number).unwrap();
            }
        });
        for number in 0..500 {
            assert_eq!(echo.get("outbox"), Ok(Some(Message::Int(number))));
        }
    });
}

#[test]
fn hnd_2_hnd_3_an_unknown_box_gives_a_typed_error_and_an_empty_box_does_not() {
    let runtime = runtime();
    let echo = start(&runtime, "Echo");
    for wrong in [echo.put("typo", 1), echo.try_put("second", 1)] {
        assert!(matches!(wrong, Err(HandleError::NotAttached { side: Direction::Inbox, .. })), "{wrong:?}");
    }
    let text = |error: Option<HandleError>| error.unwrap().to_string();
    assert_eq!(
        text(echo.get("typo").err()),
        "the handle to it was made without the outbox typo; name it when the handle is made"
    );
    assert_eq!(
        text(runtime.attach(ID, &["typo"], &[]).err()),
        "it has no inbox named typo; its inboxes: inbox, second, control"
    );
    let wrong = runtime.attach(ID, &["inbox"], &["typo"]).err();
    assert!(matches!(&wrong, Some(HandleError::NoSuchBox { side: Direction::Outbox, .. })), "{wrong:?}");
    assert!(matches!(runtime.attach(ComponentId(9), &[], &[]), Err(HandleError::NoSuchComponent(_))));
    assert_eq!(echo.try_get("outbox"), Ok(Got::Nothing));
    assert_eq!(echo.get_timeout("signal", Duration::from_millis(1)), Ok(Got::Nothing));
}

#[test]
fn hnd_4_order_is_kept_and_a_full_queue_is_reported() {
    let runtime = runtime();
    let echo = start(&runtime, "Echo");
    let mut put = 0i64;
    // No code takes messages, so the box, the queues and the port fill up.
    while echo.put_timeout("inbox", put, Duration::from_millis(300)).is_ok() {
        put += 1;
    }
    assert!(put as usize >= 2 * PORT_LIMIT, "{put}");
    assert_eq!(echo.try_put("inbox", -1), Err(HandleError::Full(Message::Int(-1))));
    for number in 0..put {
        assert_eq!(echo.get("outbox"), Ok(Some(Message::Int(number))));
    }
}

#[test]
fn hnd_5_messages_sent_before_the_end_can_still_be_read() {
    let runtime = runtime();
    let three = start(&runtime, "Three");
    assert_eq!(three.get("signal"), Ok(Some(Message::ProducerFinished)));
    let got: Vec<_> = std::iter::from_fn(|| three.get("outbox").unwrap()).collect();
    assert_eq!(got, [Message::Int(1), Message::Int(2), Message::Int(3)]);
}

#[test]
fn hnd_6_any_box_works_with_or_without_waiting_until_it_is_closed() {
    let runtime = runtime();
    let echo = start(&runtime, "Echo");
    echo.put_timeout("inbox", "a", TIMEOUT).unwrap();
    assert_eq!(echo.get_timeout("outbox", TIMEOUT), Ok(Got::Message("a".into())));
    echo.put("control", Message::ProducerFinished).unwrap();
    assert_eq!(echo.get("signal"), Ok(Some(Message::ProducerFinished)));
    assert_eq!(echo.get("signal"), Ok(None));
    assert_eq!(echo.get_timeout("outbox", TIMEOUT), Ok(Got::Closed));
    assert_eq!(echo.try_get("outbox"), Ok(Got::Closed));
    // The port is removed shortly after the queues have closed.
    let closed = std::iter::repeat_with(|| echo.put_timeout("inbox", "late", TIMEOUT)).find(Result::is_err);
    assert_eq!(closed, Some(Err(HandleError::Closed("late".into()))));
}

#[test]
fn a_handle_is_closed_when_its_component_is_stopped_removed_or_the_runtime_quits() {
    for case in 0..3 {
        let runtime = runtime();
        let echo = start(&runtime, "Echo");
        match case {
            0 => echo.stop().unwrap(),
            1 => assert!(runtime.reconfigure(vec![Step::Stop { id: ID }]).is_some()),
            _ => runtime.try_send(RuntimeCommand::Quit).unwrap(),
        }
        assert_eq!(std::iter::from_fn(|| echo.get("outbox").unwrap()).count(), 0, "{case}");
    }
}

/// Keeps its turn until the test releases the lock.
struct Loop;

static LOOPS: Mutex<()> = Mutex::new(());

impl Component for Loop {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.recv("inbox").await;
        drop(LOOPS.lock());
        Ok(())
    }
}

static LOOP: ComponentSpec = ComponentSpec { type_name: "Loop", build: build::<Loop>, ..ECHO };

#[test]
fn a_component_that_keeps_its_turn_is_named_and_does_not_block_its_handle_for_ever() {
    let runtime = runtime();
    let loops = LOOPS.lock().unwrap();
    let looping = start(&runtime, "Loop");
    looping.put("control", Message::ProducerFinished).unwrap();
    let is_held = || runtime.turn_holder().is_some_and(|holder| holder.held_for > Duration::from_millis(100));
    assert!(std::iter::repeat_with(is_held).any(|is_held| is_held));
    let refused = looping.stop();
    let Err(HandleError::TurnHeld { component, held_for }) = &refused else { panic!("{refused:?}") };
    assert!(&**component == "it" && *held_for >= Duration::from_secs(2), "{refused:?}");
    let expected = format!(
        "it has held the turn for {} s; the request takes effect when the component waits or returns",
        held_for.as_secs()
    );
    assert_eq!(refused.as_ref().unwrap_err().to_string(), expected);
    assert!(runtime.turn_holder().is_some_and(|holder| holder.held_for >= Duration::from_secs(2)));
    drop(loops);
    assert_eq!(looping.get("signal"), Ok(Some(Message::ProducerFinished)));
}

#[test]
fn dropping_a_handle_does_not_finish_the_component() {
    let runtime = runtime();
    let first = start(&runtime, "Echo");
    first.put("inbox", "a").unwrap();
    assert_eq!(first.get("outbox"), Ok(Some("a".into())));
    drop(first);
    let second = runtime.attach(ID, &["inbox"], &["outbox"]).unwrap();
    second.put("inbox", "b").unwrap();
    assert_eq!(second.get("outbox"), Ok(Some("b".into())));
}
