//! KeyEvent: keys of the keyboard become messages.

use compose_runtime::dev::*;
use compose_runtime::surface::KEYS;

use crate::refuse::box_names;

/// The description.
pub static KEY_EVENT: ComponentSpec = ComponentSpec {
    type_name: "KeyEvent",
    category: Category::ShowAndAsk,
    summary: "Keys become messages on the outboxes of your choice",
    docs: "\
`key_events` says what is sent when a key is pressed, `key_up_events` what when it is let go: each is a list of triples, the \
name of the key, the message, and the outbox, which may be left out for `outbox`. A key that stands twice sends twice. With \
`allkeys` every press and release leaves from `allkeys` too, as `[\"DOWN\", key]` or `[\"UP\", key]`. A key that is held down \
counts once.

It has the keyboard after a click on it, and on the stage (F9) unless something else there has it; Escape gives the keyboard \
back. Keys are named as on it: letters, digits, Space, Enter, Left, Right, Up, Down, Home, End, PageUp, PageDown, Comma and \
so on. Function keys, Tab and whatever is pressed together with Ctrl or Alt stay with the window. It ends when it is told to \
on `control`; without a window at once, since nobody can press anything.

Example: `key_events` = `[[\"Space\", \"NEXT\"], [\"Left\", \"PREV\"]]` → `Chooser` → `Image` is a slide show for the keyboard.

**Differs from the original:** the outboxes follow from the lists, so there is no `outboxes`.",
    outboxes: &[
        BoxSpec::new("outbox", "Messages of keys that name no outbox"),
        BoxSpec::new("allkeys", "Every press and release, if asked for").kinds(&[Kind::List]),
    ],
    params: &[
        ParamSpec::switch("allkeys", false, "Every press and release leaves from allkeys, too"),
        ParamSpec::list("key_events", "Triples of key, message and outbox, for presses"),
        ParamSpec::list("key_up_events", "Triples of key, message and outbox, for releases"),
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

/// What one key sends, and where to.
struct Stroke {
    key: &'static str,
    message: Message,
    outbox: String,
}

/// The outboxes that the lists name, each once.
fn outboxes(params: &Params) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in params.list("key_events").iter().chain(&params.list("key_up_events")) {
        if let Message::List(triple) = entry
            && let Some(name) = triple.get(2).and_then(Message::as_text)
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
    let Message::List(parts) = entry else { return Err(refuse("is no list of key, message and outbox")) };
    let (Some(key), Some(message), 2..=3) = (parts.first(), parts.get(1), parts.len()) else {
        return Err(refuse("is no list of key, message and outbox"));
    };
    // A key that is a digit may be written as a number.
    let name = key.to_string();
    let key = KEYS.iter().copied().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let key =
        key.ok_or_else(|| refuse("begins with no key; write a letter, a digit, or a name such as Space or Left"))?;
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
            let word = |place: usize| parts.get(place).and_then(Message::as_text).unwrap_or_default();
            let strokes = if word(0) == "UP" { &self.up } else { &self.down };
            for stroke in strokes.iter().filter(|stroke| stroke.key == word(1)) {
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
    fn keys_send_their_messages_where_they_are_told_to() {
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
    fn it_says_which_keys_it_waits_for_and_ends_when_nobody_can_press_them() {
        let down = Message::list([list(&["Space", "a"]), list(&["space", "b"]), Message::list([1.into(), 2.into()])]);
        let mut rig = Rig::new(&KEY_EVENT, &[("key_events", down)]);
        rig.event(list(&["DOWN", "1"]));
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!(rig.surface(), Some(Surface::Keys { keys: vec!["Space".to_owned(), "1".to_owned()] }));
        assert_eq!((rig.take("outbox"), rig.state()), (vec![Message::Int(2)], State::Finished));
    }

    #[test]
    fn what_is_no_key_or_no_outbox_is_refused_in_words() {
        for (entry, words) in [
            (list(&["Spcae", "a"]), "begins with no key"),
            (list(&["Space"]), "no list of"),
            ("Space".into(), "no list of"),
            (list(&["Space", "a", "signal"]), "signal"),
            (list(&["Space", "a", "two words"]), "name of a box"),
        ] {
            let params = Params::check(KEY_EVENT.params, [("key_events", &Message::list([entry]))]).unwrap();
            let refused = (KEY_EVENT.build)(&params).err().unwrap().to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
