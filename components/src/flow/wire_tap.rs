//! WireTap: passes messages on unchanged and writes a line about each.

use compose_runtime::dev::*;

/// Description of WireTap.
pub static WIRE_TAP: ComponentSpec = ComponentSpec {
    type_name: "WireTap",
    category: Category::Flow,
    summary: "Passes messages on and reports each one",
    docs: "Everything goes from `inbox` to `outbox` unchanged. While `listening` is on, a line about each message comes \
           from `report`: the time in seconds, the tag, and what the message looks like, cut to `width` characters. The \
           switch can be turned while it runs. How many messages have passed stands on it.\n\n\
           Example: a WireTap in every link of an office, all `report`s into one Append, is an audit log; the desks \
           know nothing of it.\n\n\
           New: the original has no such component. To look without changing the graph, click a link.",
    inboxes: &[BoxSpec::new("inbox", "What passes")],
    outboxes: &[
        BoxSpec::new("outbox", "The same messages"),
        BoxSpec::new("report", "A line about each, with a newline").kinds(&[Kind::Text]),
    ],
    params: &[
        ParamSpec::text("tag", "", "Put into each line, to know the taps apart"),
        ParamSpec::switch("listening", true, "Report what passes").live(),
        ParamSpec::int("width", 1, 100_000, 80, "Longest form of a message in a line").unit("characters").live(),
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
    fn everything_passes_and_is_reported_while_it_listens() {
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
