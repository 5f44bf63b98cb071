//! The state of a component as text: its name, and what the component waits for.

use compose_runtime::introspect::snapshot::{State, WaitReason};

use super::number_text::clock_text;

/// The name of a state, with the box that the component waits for.
pub fn state_text(state: &State) -> String {
    match state {
        State::Waiting(WaitReason::Message(inboxes)) => {
            let names: Vec<&str> = inboxes.iter().map(|name| &**name).filter(|name| !name.starts_with('_')).collect();
            if names.is_empty() { "waiting".to_owned() } else { format!("waiting · {}", names.join(", ")) }
        }
        State::Waiting(WaitReason::Space { outbox, .. }) => format!("waiting · {outbox}"),
        other => other.name().to_owned(),
    }
}

/// What a component waits for; a dash if it does not wait.
pub fn wait_text(state: &State) -> String {
    match state {
        State::Waiting(WaitReason::Message(_)) => "a message".to_owned(),
        State::Waiting(WaitReason::Space { full, .. }) => format!("space in {}", full.name),
        State::Waiting(WaitReason::Time(until)) => {
            format!("the clock, {}", clock_text(*until))
        }
        State::Waiting(WaitReason::Outside(what)) => what.to_string(),
        State::Waiting(WaitReason::Members) => "its members".to_owned(),
        State::Crashed(error) => error.to_string(),
        _ => "–".to_owned(),
    }
}
