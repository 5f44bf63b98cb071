//! How components handle a message they cannot use: they report it and lose nothing.
//!
//! Scheduler thread only. The error text names the box and the value; the runtime adds the component. An invalid
//! message from outside (a file, a socket, the user) goes to the outbox `rejected` and the component continues. A wrong
//! link is an error in the graph, so the component crashes.

use std::fmt::Display;

use compose_runtime::dev::*;

/// The outbox for invalid messages.
pub(crate) const REJECTED: BoxSpec = BoxSpec::new("rejected", "Messages that the component cannot use, unchanged");

/// Reports on the console why `message` cannot be used, and sends it to `rejected`.
pub(crate) async fn reject(io: &BoxIo, inbox: &str, message: Message, why: &(impl Display + ?Sized)) {
    io.note(&format!("{inbox}: {why}: {}", message.label(60)));
    io.send("rejected", message).await;
}

/// The fault for a message of the wrong kind, which means that the link is wrong.
pub(crate) fn wrong_kind(inbox: &str, expected: &str, message: &Message) -> Fault {
    Fault::new(format!("{inbox} expects {expected}, not {}: {}", message.kind().name(), message.label(60)))
}

/// The fault for a message that may be of the expected kind, so only its value shows what is wrong.
pub(crate) fn wrong_value(inbox: &str, expected: &str, message: &Message) -> Fault {
    Fault::new(format!("{inbox} expects {expected}, not {}", message.label(60)))
}

/// The bytes of a message for `inbox`, or a fault if the message has none.
pub(crate) fn bytes_of(message: &Message) -> Result<&[u8], Fault> {
    message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes or text", message))
}

/// Names of boxes from a setting that lists them, or an error about the first invalid name.
pub(crate) fn box_names(param: &str, items: &[Message], taken: &[&str]) -> Result<Vec<String>, ParamError> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        let refuse = |why: &str| Err(ParamError::Other(format!("{param}: {} {why}", item.label(40))));
        match item.as_text() {
            Some(name) if taken.contains(&name) => {
                return refuse("is already a box of this component; choose another name");
            }
            Some(name) if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '.' || c == '/') => {
                return refuse("cannot be the name of a box; use letters, digits and underscores");
            }
            Some(name) if name.starts_with('_') => {
                return refuse("begins with an underscore, like an internal box; choose another name");
            }
            Some(name) if names.iter().any(|known| known == name) => {
                return refuse("occurs twice; list each name once");
            }
            Some(name) => names.push(name.to_owned()),
            None => return refuse("is not a name; list the names as strings"),
        }
    }
    Ok(names)
}
