//! Stringify: converts any value to text.

use compose_runtime::dev::*;

/// Description of Stringify.
pub static STRINGIFY: ComponentSpec = ComponentSpec {
    type_name: "Stringify",
    category: Category::Text,
    summary: "Converts any value to text",
    docs: "Text stays unchanged. Bytes are decoded as UTF-8; invalid UTF-8 becomes the replacement character (U+FFFD). \
           Numbers and booleans are written out. Lists and maps are written as `[1, \"two\"]` and `{name: \
           \"value\"}`.\n\n\
           Example: CheapAndCheerfulClock into Stringify sends the text `true` every second.",
    inboxes: &[BoxSpec::new("inbox", "Any value")],
    outboxes: &[BoxSpec::new("outbox", "Its text form").kinds(&[Kind::Text])],
    build: build::<Stringify>,
    ..ComponentSpec::EMPTY
};

struct Stringify;

impl Component for Stringify {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let text = match message {
                Message::Text(_) => message,
                other => Message::from(other.to_string()),
            };
            io.send("outbox", text).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn every_kind_has_a_text_form() {
        let mut rig = Rig::new(&STRINGIFY, &[]);
        rig.put("inbox", 3);
        rig.put("inbox", Message::bytes("caf\u{e9}"));
        rig.put("inbox", Message::list([Message::Bool(true), "x".into()]));
        rig.finish();
        rig.run();
        let texts = ["3", "café", "[true, \"x\"]"].map(Message::from);
        assert_eq!(rig.take("outbox"), texts);
    }
}
