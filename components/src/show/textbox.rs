//! Textbox: sends each line that the user types.

use compose_runtime::dev::*;

/// The description.
pub static TEXTBOX: ComponentSpec = ComponentSpec {
    type_name: "Textbox",
    category: Category::DisplayAndInput,
    summary: "Type a line; Enter sends it",
    docs: "\
Reads lines from the user and sends each one without its line ending. Text that arrives in `inbox` is \
inserted as if the user had typed it, ahead of whatever the user types next; each line ending in it sends the line so \
far. `initial_string_buffer` is inserted at the start. Without a window, the lines come from standard input, and the \
component finishes when standard input ends.

Example: `Textbox` → `PublishTo` sends what a presenter types to every listener.

**Differs from the original:** a backspace that arrives as a message deletes a character. The end of this component \
affects no other component.",
    inboxes: &[BoxSpec::new("inbox", "Text to type for the user; a line ending sends the line").kinds(&[Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Each line").kinds(&[Kind::Text])],
    params: &[
        ParamSpec::text("prompt", "> ", "Text shown before the line"),
        ParamSpec::text("initial_string_buffer", "", "Text typed at the start"),
    ],
    has_surface: true,
    build: build::<Textbox>,
    ..ComponentSpec::EMPTY
};

/// A line of this length, in bytes, is sent without waiting for its line ending.
const LONGEST_LINE: usize = 64 * 1024;

/// The component.
pub struct Textbox {
    prompt: String,
    typed: String,
}

impl Component for Textbox {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { prompt: params.text("prompt"), typed: params.text("initial_string_buffer") })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        while let Some((inbox, message)) = io.recv_any(&["inbox", "_events"]).await {
            if matches!(message, Message::ProducerFinished | Message::Shutdown) {
                break;
            }
            let text = message.to_string();
            if inbox == "_events" {
                let line = format!("{}{}", self.typed, text.trim_end_matches(['\r', '\n']));
                self.typed.clear();
                io.send("outbox", line).await;
            } else {
                for line in self.type_text(&text) {
                    io.send("outbox", line).await;
                }
            }
            self.show(&io);
        }
        Ok(())
    }
}

impl Textbox {
    /// Types these characters; returns the lines they complete.
    fn type_text(&mut self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for character in text.chars() {
            match character {
                '\n' => lines.push(std::mem::take(&mut self.typed)),
                '\u{8}' | '\u{7f}' => {
                    self.typed.pop();
                }
                character if character.is_control() => {}
                character => self.typed.push(character),
            }
            if self.typed.len() >= LONGEST_LINE {
                lines.push(std::mem::take(&mut self.typed));
            }
        }
        lines
    }

    fn show(&self, io: &BoxIo) {
        io.show(Surface::Prompt { prompt: format!("{}{}", self.prompt, self.typed) });
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn characters_form_lines() {
        check(&TEXTBOX, &[], &["h", "x", "\u{8}", "i", "\n", "two\nlines\n", "lost"], &["hi", "two", "lines"]);
    }

    #[test]
    fn a_typed_line_follows_what_was_typed_before() {
        let mut rig = Rig::new(&TEXTBOX, &[("initial_string_buffer", "dear ".into())]);
        rig.event("reader");
        rig.event("bye\n");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["dear reader", "bye"]);
        assert_eq!(rig.surface(), Some(Surface::Prompt { prompt: "> ".to_owned() }));
    }

    #[test]
    fn it_finishes_when_the_users_input_ends() {
        let mut rig = Rig::new(&TEXTBOX, &[]);
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
