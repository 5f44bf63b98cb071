//! One event of a recording as JSON. Pure.

use compose_runtime::component::Fault;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::record::{Event, PortEvent, Recorded};
use compose_runtime::message::Message;
use serde_json::{Value, json};

use super::error::LineError;
use super::fields::{Read, count, field, list, number, text, texts, wrong_type};
use super::{step, value};

/// The event as JSON: the pass, the target and what happened.
pub fn to_json(recorded: &Recorded) -> Value {
    let pass = recorded.pass;
    match &recorded.event {
        Event::Clock(moment) => json!({ "pass": pass, "clock": value::seconds(*moment) }),
        Event::Port(port, PortEvent::Arrived(message)) => {
            json!({ "pass": pass, "port": port, "arrived": value::to_json(message) })
        }
        Event::Port(port, PortEvent::Space(count)) => json!({ "pass": pass, "port": port, "room": count }),
        Event::Port(port, PortEvent::Ended(outcome)) => {
            json!({ "pass": pass, "port": port, "ended": outcome.as_ref().err().map(Fault::text) })
        }
        Event::Inject(inbox, message) => {
            let message = value::to_json(message);
            json!({ "pass": pass, "put_into": inbox.component.0, "inbox": &*inbox.name, "message": message })
        }
        Event::Surface(id, message) => json!({ "pass": pass, "user_at": id.0, "message": value::to_json(message) }),
        Event::Steps(steps) => {
            json!({ "pass": pass, "steps": steps.iter().map(step::to_json).collect::<Vec<_>>() })
        }
        Event::Stop(id) => json!({ "pass": pass, "stop": id.0 }),
        Event::Attach(id, inboxes, outboxes) => {
            json!({ "pass": pass, "attach": id.0, "inboxes": inboxes, "outboxes": outboxes })
        }
        Event::PauseComponent(id, true) => json!({ "pass": pass, "pause": id.0 }),
        Event::PauseComponent(id, false) => json!({ "pass": pass, "go_on": id.0 }),
        Event::Wake(id) => json!({ "pass": pass, "wake": id.0 }),
        Event::ShutDown => json!({ "pass": pass, "shut_down": "in order" }),
        Event::ShutDownNow => json!({ "pass": pass, "shut_down": "at once" }),
    }
}

/// The event that [`to_json`] wrote.
pub fn from_json(line: &Value) -> Read<Recorded> {
    let component = |key: &str| number(line, key).map(ComponentId);
    let has = |key: &str| line.get(key).is_some();
    let event = if has("clock") {
        let moment = value::duration(text(line, "clock")?);
        Event::Clock(moment.ok_or_else(|| wrong_type("clock", "a time in seconds with nine decimal places"))?)
    } else if has("port") {
        Event::Port(number(line, "port")?, port_event(line)?)
    } else if has("put_into") {
        Event::Inject(BoxAddr::inbox(component("put_into")?, text(line, "inbox")?), message(line, "message")?)
    } else if has("user_at") {
        Event::Surface(component("user_at")?, message(line, "message")?)
    } else if has("steps") {
        Event::Steps(list(line, "steps", step::from_json)?)
    } else if has("stop") {
        Event::Stop(component("stop")?)
    } else if has("attach") {
        Event::Attach(component("attach")?, texts(line, "inboxes")?, texts(line, "outboxes")?)
    } else if has("pause") {
        Event::PauseComponent(component("pause")?, true)
    } else if has("go_on") {
        Event::PauseComponent(component("go_on")?, false)
    } else if has("wake") {
        Event::Wake(component("wake")?)
    } else {
        match line.get("shut_down").and_then(Value::as_str) {
            Some("in order") => Event::ShutDown,
            Some("at once") => Event::ShutDownNow,
            _ => return Err(LineError::NoEvent),
        }
    };
    Ok(Recorded { pass: number(line, "pass")?, event })
}

fn message(line: &Value, key: &str) -> Read<Message> {
    Ok(value::from_json(field(line, key)?)?)
}

fn port_event(line: &Value) -> Read<PortEvent> {
    if line.get("arrived").is_some() {
        return Ok(PortEvent::Arrived(message(line, "arrived")?));
    }
    match line.get("ended") {
        None => Ok(PortEvent::Space(count(line, "room")?)),
        Some(Value::Null) => Ok(PortEvent::Ended(Ok(()))),
        Some(Value::String(fault)) => Ok(PortEvent::Ended(Err(Fault::new(fault)))),
        Some(_) => Err(wrong_type("ended", "null or the text of a crash")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::value::tests::messages;
    use super::*;

    /// Every event that can enter a run.
    pub fn events() -> impl Strategy<Value = Recorded> {
        let id = || any::<u64>().prop_map(ComponentId);
        let event = prop_oneof![
            any::<(u64, u32)>().prop_map(|(s, n)| Event::Clock(Duration::new(s, n % 1_000_000_000))),
            (any::<u64>(), messages()).prop_map(|(port, m)| Event::Port(port, PortEvent::Arrived(m))),
            any::<(u64, u32)>().prop_map(|(port, space)| Event::Port(port, PortEvent::Space(space as usize))),
            any::<u64>().prop_map(|port| Event::Port(port, PortEvent::Ended(Ok(())))),
            any::<(u64, String)>()
                .prop_map(|(port, fault)| Event::Port(port, PortEvent::Ended(Err(Fault::new(fault))))),
            (id(), any::<String>(), messages()).prop_map(|(id, inbox, m)| Event::Inject(BoxAddr::inbox(id, inbox), m)),
            (id(), messages()).prop_map(|(id, m)| Event::Surface(id, m)),
            (id(), any::<bool>()).prop_map(|(id, pause)| Event::PauseComponent(id, pause)),
            prop::collection::vec(super::super::step::tests::steps(), 0..3).prop_map(Event::Steps),
            id().prop_map(Event::Stop),
            (id(), any::<(Vec<String>, Vec<String>)>()).prop_map(|(id, (ins, outs))| Event::Attach(id, ins, outs)),
            id().prop_map(Event::Wake),
            Just(Event::ShutDown),
            Just(Event::ShutDownNow),
        ];
        (any::<u64>(), event).prop_map(|(pass, event)| Recorded { pass, event })
    }

    proptest! {
        #[test]
        fn every_event_survives_a_round_trip(recorded in events()) {
            let text = to_json(&recorded).to_string();
            let back = from_json(&serde_json::from_str(&text).unwrap()).unwrap();
            prop_assert_eq!(format!("{back:?}"), format!("{recorded:?}"));
        }
    }

    #[test]
    fn a_line_is_readable() {
        let event = Event::Port(2, PortEvent::Arrived(Message::bytes("hello\n")));
        let line = to_json(&Recorded { pass: 7, event }).to_string();
        assert_eq!(line, r#"{"pass":7,"port":2,"arrived":{"bytes":"hello\n"}}"#);
    }
}
