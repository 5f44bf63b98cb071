//! KeyEvent: turns key presses and releases into messages.

use compose_runtime::dev::*;
use compose_runtime::surface::KEYS;

use crate::refuse::box_names;

/// The description.
pub static KEY_EVENT: ComponentSpec = ComponentSpec {
    type_name: "KeyEvent",
    category: Category::DisplayAndInput,
    summary: "Sends messages for key presses, to outboxes of your choice",
    docs: "\
`key_events` lists the messages to send when a key is pressed, and `key_up_events` those to send when it is released. \
Each entry is a list of the key name, the message and the outbox; without an outbox, the message goes to `outbox`. A \
key that is listed twice sends two messages. With `allkeys` on, every press and release is also sent to `allkeys`, as \
`[\"DOWN\", key]` or `[\"UP\", key]`. A key that is held down counts as one press.

The component gets the keyboard focus when you click it, and on the stage (F9) if nothing else there has the focus. \
Escape releases the focus. Key names are those on the keyboard: letters, digits, Space, Enter, Left, Right, Up, Down, \
Home, End, PageUp, PageDown, Comma and so on. Function keys, Tab and combinations with Ctrl or Alt go to the window \
instead. The component runs until it is asked to finish on `control`. Without a window it finishes at once, because \
there is no keyboard input.

Example: `key_events` = `[[\"Space\", \"NEXT\"], [\"Left\", \"PREV\"]]` → `Chooser` → `Image` is a slide show with \
keyboard control.

**Differs from the original:** the lists define the outboxes, so there is no `outboxes` setting.",
    outboxes: &[
        BoxSpec::new("outbox", "Messages of entries without an outbox"),
        BoxSpec::new("allkeys", "Every press and release, if `allkeys` is on").kinds(&[Kind::List]),
    ],
    params: &[
        ParamSpec::switch("allkeys", false, "Also send every press and release to allkeys"),
        ParamSpec::list("key_events", "Lists of key, message and outbox, for presses"),
        ParamSpec::list("key_up_events", "Lists of key, message and outbox, for releases"),
    ],
    extra_outboxes: Some(outboxes),
    has_surface: true,
    build: build::<KeyEvent>,
    ..ComponentSpec::EMPTY
};

const OWN: [&str; 2] = ["outbox", "allkeys"];

struct KeyEvent {
    all: bool,
    down: Vec<Stroke>,
    up: Vec<Stroke>,
}

/// The message that a key sends, and the outbox it goes to.
struct Stroke {
    key: &'static str,
    message: Message,
    outbox: String,
}

/// The outboxes that the lists name, without duplicates.
fn outboxes(params: &Params) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in params.list("key_events").iter().chain(&params.list("key_up_events")) {
        if let Message::List(parts) = entry
            && let Some(name) = parts.get(2).and_then(Message::as_text)
            && !OWN.contains(&name)
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn strokes(params: &Params, param: &str) -> Result<Vec<Stroke>, ParamError> {
    params.list(param).iter().map(|entry| stroke(param, entry)).collect()
}

fn stroke(param: &str, entry: &Message) -> Result<Stroke, ParamError> {
    let refuse = |why: &str| ParamError::Other(format!("{param}: {} {why}", entry.label(40)));
    let Message::List(parts) = entry else { return Err(refuse("is not a list of key, message and outbox")) };
    let (Some(key), Some(message), 2..=3) = (parts.first(), parts.get(1), parts.len()) else {
        return Err(refuse("is not a list of key, message and outbox"));
    };
    // A digit key may be written as a number.
    let name = key.to_string();
    let key = KEYS.iter().copied().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let key = key.ok_or_else(|| {
        refuse("does not begin with a key name; use a letter, a digit, or a name such as Space or Left")
    })?;
    let outbox = match parts.get(2) {
        None => "outbox".to_owned(),
        Some(outbox) => {
            box_names(param, std::slice::from_ref(outbox), &["signal", "allkeys"])?;
            outbox.to_string()
        }
    };
    Ok(Stroke { key, message: message.clone(), outbox })
}

impl Component for KeyEvent {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let (down, up) = (strokes(params, "key_events")?, strokes(params, "key_up_events")?);
        Ok(Self { all: params.switch("allkeys"), down, up })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut keys: Vec<String> = Vec::new();
        for stroke in self.down.iter().chain(&self.up).filter(|_| !self.all) {
            if !keys.iter().any(|known| known == stroke.key) {
                keys.push(stroke.key.to_owned());
            }
        }
        io.show(Surface::Keys { keys });
        while let Some(event) = io.recv("_events").await {
            if matches!(event, Message::ProducerFinished | Message::Shutdown) {
                break;
            }
            let Message::List(parts) = &event else { continue };
            let part = |index: usize| parts.get(index).and_then(Message::as_text).unwrap_or_default();
            let strokes = if part(0) == "UP" { &self.up } else { &self.down };
            for stroke in strokes.iter().filter(|stroke| stroke.key == part(1)) {
                io.send(&stroke.outbox, stroke.message.clone()).await;
            }
            if self.all {
                io.send("allkeys", event).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn list(parts: &[&str]) -> Message {
        Message::list(parts.iter().map(Message::text))
    }

    #[test]
    fn keys_send_their_messages_to_their_outboxes() {
        let down = Message::list([list(&["space", "NEXT"]), list(&["Left", "PREV", "back"])]);
        let up = Message::list([list(&["Left", "STOP", "back"])]);
        let params = [("key_events", down), ("key_up_events", up), ("allkeys", true.into())];
        let mut rig = Rig::new(&KEY_EVENT, &params);
        let events = [["DOWN", "Space"], ["UP", "Space"], ["DOWN", "Left"], ["UP", "Left"], ["DOWN", "X"]];
        for event in events {
            rig.event(list(&event));
        }
        rig.run();
        assert_eq!(rig.texts("outbox"), ["NEXT"]);
        assert_eq!(rig.texts("back"), ["PREV", "STOP"]);
        assert_eq!(rig.take("allkeys"), events.map(|event| list(&event)));
    }

    #[test]
    fn the_surface_lists_its_keys_and_it_finishes_when_its_events_end() {
        let down = Message::list([list(&["Space", "a"]), list(&["space", "b"]), Message::list([1.into(), 2.into()])]);
        let mut rig = Rig::new(&KEY_EVENT, &[("key_events", down)]);
        rig.event(list(&["DOWN", "1"]));
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!(rig.surface(), Some(Surface::Keys { keys: vec!["Space".to_owned(), "1".to_owned()] }));
        assert_eq!((rig.take("outbox"), rig.state()), (vec![Message::Int(2)], State::Finished));
    }

    #[test]
    fn an_entry_without_a_valid_key_or_outbox_is_rejected() {
        for (entry, expected) in [
            (list(&["Spcae", "a"]), "does not begin with a key name"),
            (list(&["Space"]), "not a list of"),
            ("Space".into(), "not a list of"),
            (list(&["Space", "a", "signal"]), "signal"),
            (list(&["Space", "a", "two words"]), "name of a box"),
        ] {
            let params = Params::check(KEY_EVENT.params, [("key_events", &Message::list([entry]))]).unwrap();
            let error = (KEY_EVENT.build)(&params).err().unwrap().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
