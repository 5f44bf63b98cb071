//! TextDisplayer: shows the last lines of the text it receives.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use crate::text::without_line_end;

/// The description.
pub static TEXT_DISPLAYER: ComponentSpec = ComponentSpec {
    type_name: "TextDisplayer",
    category: Category::DisplayAndInput,
    summary: "Shows messages as lines of text",
    docs: "\
Shows each message as text, with the newest at the bottom, and keeps the last `lines` lines. A message may contain \
several lines. When the input ends, the component finishes and the text stays.

Example: `TCPClient` → `TextDisplayer`.

**Differs from the original:** the canvas sets colours, fonts and position. The end of its input affects no other \
component.",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    params: &[ParamSpec::int("lines", 1, 500, 100, "Number of lines to keep")],
    has_surface: true,
    build: build::<TextDisplayer>,
    ..ComponentSpec::EMPTY
};

/// Longer lines are truncated, because they must fit on a surface.
const LONGEST_LINE: usize = 1_000;
/// When many messages are waiting, the surface is updated once per this many messages.
const FLOOD: usize = 64;

/// The component.
pub struct TextDisplayer {
    capacity: usize,
    lines: VecDeque<String>,
}

impl Component for TextDisplayer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { capacity: params.count("lines").max(1), lines: VecDeque::new() })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        let mut not_shown = 0;
        while let Some(message) = io.recv("inbox").await {
            self.add(&message.to_string());
            not_shown += 1;
            if io.depth("inbox") == 0 || not_shown >= FLOOD {
                self.show(&io);
                not_shown = 0;
            }
        }
        self.show(&io);
        Ok(())
    }
}

impl TextDisplayer {
    fn add(&mut self, text: &str) {
        let text = without_line_end(text);
        // Only the last lines of a long text can remain.
        let mut newest: Vec<&str> = text.rsplit('\n').take(self.capacity).collect();
        newest.reverse();
        for line in newest {
            if self.lines.len() == self.capacity {
                self.lines.pop_front();
            }
            let line = without_line_end(line);
            let mut short: String = line.chars().take(LONGEST_LINE).collect();
            if short.len() < line.len() {
                short.push('…');
            }
            self.lines.push_back(short);
        }
    }

    fn show(&self, io: &BoxIo) {
        io.show(Surface::Text { lines: self.lines.iter().cloned().collect() });
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn shown(lines: i64, messages: &[Message]) -> Vec<String> {
        let mut rig = Rig::new(&TEXT_DISPLAYER, &[("lines", lines.into())]);
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        match rig.surface() {
            Some(Surface::Text { lines }) => lines,
            other => panic!("{other:?} is not text"),
        }
    }

    #[test]
    fn the_last_lines_stay_after_the_end() {
        assert_eq!(shown(2, &["a".into(), "b\nc\n".into(), Message::Int(4)]), ["c", "4"]);
    }

    #[test]
    fn an_empty_message_is_an_empty_line() {
        assert_eq!(shown(5, &["".into(), "x\r\n\r\ny".into()]), ["", "x", "", "y"]);
    }

    #[test]
    fn a_long_line_is_truncated() {
        let line = shown(5, &["é".repeat(5_000).into()]).remove(0);
        assert_eq!(line.chars().count(), LONGEST_LINE + 1);
    }

    #[test]
    fn after_many_messages_the_last_lines_are_shown() {
        let messages: Vec<Message> = (0..95).map(Message::Int).collect();
        assert_eq!(shown(3, &messages), ["92", "93", "94"]);
    }
}
