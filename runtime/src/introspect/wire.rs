//! Wire: the lines with which the Introspector of the original reports changes to a viewer (INTRO-2 to INTRO-8).
//!
//! Pure. Everything is in double quotes; `"` and `\` inside are escaped with a backslash, as the tokeniser (`tokens`)
//! expects (INTRO-5). The lines are UTF-8 (INTRO-14). Invariant: whatever a name contains, it cannot end its line and
//! begin another.

use std::fmt::Write as _;

use super::changes::Change;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::topology::LinkageDesc;

/// The first message: the viewer removes everything (INTRO-2).
pub const CLEAR: &str = "DEL ALL\n";

/// One change set; every line ends in a newline. Renamed components are not reported (INTRO-13), so the text may be
/// empty.
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
            let side = addr.direction.name();
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
    format!("({}, '{side}', {})", addr.component.0, printed(&addr.name))
}

/// Text as the original prints it within other text: in single quotes, or in double quotes if that avoids escapes, with
/// escapes for control characters. Different strings have different printed forms.
fn printed(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut safe = String::with_capacity(text.len() + 2);
    safe.push(quote);
    for letter in text.chars() {
        match letter {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            '\\' => safe.push_str("\\\\"),
            _ if letter == quote => safe.extend(['\\', quote]),
            _ if letter.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\x{:02x}", u32::from(letter));
            }
            _ => safe.push(letter),
        }
    }
    safe.push(quote);
    safe
}

/// The text in double quotes, as one token of a line. The tokeniser returns the same text, except for line ends: the
/// format has no escape for them, so they become the two characters `\n` or `\r`.
pub fn quoted(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 2);
    safe.push('"');
    for letter in text.chars() {
        match letter {
            // The tokeniser reads this as a backslash and a letter.
            '\n' => safe.push_str("\\\\n"),
            '\r' => safe.push_str("\\\\r"),
            '"' | '\\' => safe.extend(['\\', letter]),
            _ => safe.push(letter),
        }
    }
    safe.push('"');
    safe
}
