//! What components do with a message they cannot use: say so, and lose nothing.
//!
//! Scheduler thread only. The words name the box and the value; the runtime adds the component. A message that comes from
//! elsewhere (a file, a socket, a person) goes to the outbox `rejected` and work goes on; a wrong graph is a crash.

use compose_runtime::dev::*;

/// The outbox of components that may be sent nonsense.
pub(crate) const REJECTED: BoxSpec = BoxSpec::new("rejected", "What could not be used, unchanged");

/// Says on the console why `message` cannot be used, and gives it out on `rejected`.
pub(crate) async fn reject(io: &BoxIo, inbox: &str, message: Message, why: &str) {
    io.note(&format!("{inbox}: {why}: {}", message.label(60)));
    io.send("rejected", message).await;
}

/// The crash of a component that was linked to the wrong kind of thing.
pub(crate) fn wrong_kind(inbox: &str, wanted: &str, message: &Message) -> Fault {
    Fault::new(format!("{inbox} wants {wanted}, not {}: {}", message.kind().word(), message.label(60)))
}

/// The bytes of a message for `inbox`, or the crash of a component that was linked to something else.
pub(crate) fn bytes_of(message: &Message) -> Result<&[u8], Fault> {
    message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes or text", message))
}

/// Names of boxes from a setting that lists them, or words about the first that cannot be one.
pub(crate) fn box_names(param: &str, items: &[Message], taken: &[&str]) -> Result<Vec<String>, ParamError> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        let refuse = |why: &str| Err(ParamError::Other(format!("{param}: {} {why}", item.label(40))));
        match item.as_text() {
            Some(name) if taken.contains(&name) => return refuse("is a box of its own; choose another name"),
            Some(name) if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '.' || c == '/') => {
                return refuse("cannot be the name of a box; use letters, digits and underscores");
            }
            Some(name) if name.starts_with('_') => return refuse("begins like an internal box; choose another name"),
            Some(name) if names.iter().any(|known| known == name) => return refuse("stands twice"),
            Some(name) => names.push(name.to_owned()),
            None => return refuse("is not a name; give a list of texts"),
        }
    }
    Ok(names)
}
