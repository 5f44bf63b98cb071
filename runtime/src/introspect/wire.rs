//! Wire: the lines in which the original's Introspector tells a viewer what changed (INTRO-2 to INTRO-8).
//!
//! Pure. Everything is in double quotes; `"` and `\` inside are escaped with a backslash, which the tokeniser (`tokens`)
//! understands (INTRO-5). The lines are UTF-8 (INTRO-14).

use std::fmt::Write as _;

use super::changes::Change;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::topology::LinkageDesc;

/// The first message: forget everything (INTRO-2).
pub const CLEAR: &str = "DEL ALL\n";

/// One change set, each line ending in a newline; empty if none of the events is told. A new name is not (INTRO-13).
pub fn change_set(events: &[Change]) -> String {
    let mut text = String::new();
    for event in events {
        // Writing to a string cannot fail.
        let _ = write_event(&mut text, event);
    }
    text
}

fn write_event(text: &mut String, event: &Change) -> std::fmt::Result {
    match event {
        Change::LinkRemoved(link) => writeln!(text, "DEL LINK {}", ends(link)),
        Change::BoxRemoved(addr) => writeln!(text, "DEL NODE {}", quoted(&box_id(addr))),
        Change::ComponentRemoved(id) => writeln!(text, "DEL NODE {}", component_id(*id)),
        Change::ComponentAdded { id, name } => {
            writeln!(text, "ADD NODE {} {} randompos component", component_id(*id), quoted(name))
        }
        Change::Renamed { .. } => Ok(()),
        Change::BoxAdded(addr) => {
            let side = addr.direction.word();
            let id = quoted(&box_id(addr));
            writeln!(text, "ADD NODE {id} {} randompos {side}", quoted(&addr.name))?;
            writeln!(text, "ADD LINK {} {id}", component_id(addr.component))
        }
        Change::LinkAdded(link) => writeln!(text, "ADD LINK {}", ends(link)),
    }
}

fn ends(link: &LinkageDesc) -> String {
    format!("{} {}", quoted(&box_id(&link.from)), quoted(&box_id(&link.to)))
}

fn component_id(id: ComponentId) -> String {
    quoted(&id.0.to_string())
}

/// The printed form of component, direction and box name, for example `(8, 'o', 'outbox')` (INTRO-4).
pub fn box_id(addr: &BoxAddr) -> String {
    let side = match addr.direction {
        Direction::Inbox => 'i',
        Direction::Outbox => 'o',
    };
    format!("({}, '{side}', '{}')", addr.component.0, escaped(&addr.name, '\''))
}

/// The text in double quotes, as one token of a line.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, '"'))
}

fn escaped(text: &str, quote: char) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == quote || letter == '\\' {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}
