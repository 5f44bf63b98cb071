//! DataSink: collects messages where they can be looked at.

use std::collections::VecDeque;

use compose_runtime::dev::*;

/// Most lines that are shown.
const MOST_SHOWN: usize = 200;

/// Description of DataSink.
pub static DATA_SINK: ComponentSpec = ComponentSpec {
    type_name: "DataSink",
    category: Category::Flow,
    summary: "Collects messages and shows them",
    docs: "The last 200 messages stand on it, one a line. With a `limit` it finishes after so many; what comes later is \
           not taken. Copies go to `outbox` if `pass_thru` is on.\n\n\
           Example: behind a Chargen a DataSink with `limit` = 10 shows ten greetings and ends.\n\n\
           Differs from the original: it shows what it has instead of filling a list of the program.",
    inboxes: &[BoxSpec::new("inbox", "What to collect")],
    outboxes: &[BoxSpec::new("outbox", "Copies, if pass_thru is on")],
    params: &[
        ParamSpec::count("limit", 0, "Finish after so many; 0 for no limit").unit("messages"),
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
            if lines.len() == MOST_SHOWN {
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
    fn what_is_collected_is_shown_and_passed_on() {
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
