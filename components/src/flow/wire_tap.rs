//! WireTap: passes messages on unchanged and emits a report line about each.

use compose_runtime::dev::*;

/// Description of WireTap.
pub static WIRE_TAP: ComponentSpec = ComponentSpec {
    type_name: "WireTap",
    category: Category::Flow,
    summary: "Passes messages on and reports each one",
    docs: "Passes every message from `inbox` to `outbox` unchanged. While `listening` is on, it emits a line about \
           each message on `report`: the time in seconds, the tag, and the message as text, truncated to `width` \
           characters. `listening` can be changed while the component runs. The component shows how many messages have \
           passed.\n\n\
           Example: a WireTap in every link between the desks of an office, with all `report`s linked to one Append, \
           writes an audit log without the desks noticing.\n\n\
           New: the original has no such component. To watch messages without changing the graph, click a link.",
    inboxes: &[BoxSpec::new("inbox", "Messages to pass on")],
    outboxes: &[
        BoxSpec::new("outbox", "The same messages"),
        BoxSpec::new("report", "One line per message, ending in a newline").kinds(&[Kind::Text]),
    ],
    params: &[
        ParamSpec::text("tag", "", "Included in each line, to distinguish taps"),
        ParamSpec::switch("listening", true, "Report the messages").live(),
        ParamSpec::int("width", 1, 100_000, 80, "Maximum length of the message text in a line")
            .unit("characters")
            .live(),
    ],
    has_surface: true,
    build: build::<WireTap>,
    ..ComponentSpec::EMPTY
};

struct WireTap {
    tag: String,
}

impl Component for WireTap {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let tag = params.text("tag");
        Ok(Self { tag: if tag.is_empty() { tag } else { format!("{tag} ") } })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut count: u64 = 0;
        while let Some(message) = io.recv("inbox").await {
            count += 1;
            let params = io.params();
            if params.switch("listening") {
                let (seconds, label) = (io.now().as_secs_f64(), message.label(params.count("width")));
                io.send("report", format!("{seconds:.3} {}{label}\n", self.tag)).await;
            }
            if io.depth("inbox") == 0 {
                io.show(Surface::Text { lines: vec![format!("{count} passed")] });
            }
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn all_messages_pass_and_are_reported_while_listening_is_on() {
        let mut rig = Rig::new(&WIRE_TAP, &[("tag", "desk".into())]);
        rig.put("inbox", "hello");
        rig.run();
        rig.configure(&[("tag", "desk".into()), ("listening", false.into())]);
        rig.put("inbox", 2);
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::from("hello"), 2.into()]);
        assert_eq!(rig.texts("report"), ["0.000 desk \"hello\"\n"]);
        assert_eq!(rig.surface(), Some(Surface::Text { lines: vec!["2 passed".to_owned()] }));
    }
}
