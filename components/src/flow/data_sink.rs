//! DataSink: collects messages and shows them.

use std::collections::VecDeque;

use compose_runtime::dev::*;

/// Maximum number of lines shown.
const MAX_SHOWN: usize = 200;

/// Description of DataSink.
pub static DATA_SINK: ComponentSpec = ComponentSpec {
    type_name: "DataSink",
    category: Category::Flow,
    summary: "Collects messages and shows them",
    docs: "Shows the last 200 messages, one per line. With a `limit`, it finishes after that many messages and does \
           not receive any more. If `pass_thru` is on, copies go to `outbox`.\n\n\
           Example: a DataSink with `limit` = 10, fed by a Chargen, shows ten greetings and finishes.\n\n\
           Differs from the original: it shows the messages instead of appending them to a Python list.",
    inboxes: &[BoxSpec::new("inbox", "Messages to collect")],
    outboxes: &[BoxSpec::new("outbox", "Copies, if pass_thru is on")],
    params: &[
        ParamSpec::count("limit", 0, "Finish after this many messages; 0 for no limit").unit("messages"),
        ParamSpec::switch("pass_thru", true, "Emit a copy of each message"),
    ],
    has_surface: true,
    build: build::<DataSink>,
    ..ComponentSpec::EMPTY
};

struct DataSink {
    limit: usize,
    pass_thru: bool,
}

impl Component for DataSink {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { limit: params.count("limit"), pass_thru: params.switch("pass_thru") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut lines, mut count) = (VecDeque::new(), 0);
        let show = |lines: &VecDeque<String>| io.show(Surface::Text { lines: lines.iter().cloned().collect() });
        while let Some(message) = io.recv("inbox").await {
            count += 1;
            if lines.len() == MAX_SHOWN {
                lines.pop_front();
            }
            lines.push_back(message.label(200));
            let is_last = count == self.limit;
            if is_last || io.depth("inbox") == 0 {
                show(&lines);
            }
            if self.pass_thru {
                io.send("outbox", message).await;
            }
            if is_last {
                break;
            }
        }
        show(&lines);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn collected_messages_are_shown_and_passed_on() {
        check(&DATA_SINK, &[], &["a", "b"], &["a", "b"]);
        let mut rig = Rig::new(&DATA_SINK, &[("limit", 2.into()), ("pass_thru", false.into())]);
        for text in ["a", "b", "c"] {
            rig.put("inbox", text);
        }
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("outbox"), []);
        assert_eq!(rig.surface(), Some(Surface::Text { lines: vec!["\"a\"".to_owned(), "\"b\"".to_owned()] }));
    }
}
