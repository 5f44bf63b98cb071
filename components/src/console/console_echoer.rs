//! ConsoleEchoer: writes messages to the console.

use compose_runtime::dev::*;

use crate::text::without_line_end;

/// Description of ConsoleEchoer.
pub static CONSOLE_ECHOER: ComponentSpec = ComponentSpec {
    type_name: "ConsoleEchoer",
    category: Category::DisplayAndInput,
    summary: "Writes messages to the console, one or more lines per message",
    docs: "In the window, the lines appear in the console panel; in a run from a terminal, they go to standard output. \
           A newline at the end of a message does not add an empty line. `use_repr` writes text in quotes and bytes as \
           `b\"abc\"`, also in lists and maps, with invisible characters escaped; `tag` is written before each message. \
           With `forwarder`, every message is also passed on unchanged. A long message is written in parts, so that \
           other components get their turns.\n\n\
           Text is written exactly as it arrives, including control characters. A terminal interprets them: text from the \
           network can change its colours, its title or what it shows. Turn on `use_repr` for data that you do not \
           trust.\n\n\
           Example: link a DataSource to a ConsoleEchoer with the `tag` `got: `.\n\n\
           Differs from the original: every message starts on a new line.",
    inboxes: &[BoxSpec::new("inbox", "Messages to write")],
    outboxes: &[BoxSpec::new("outbox", "The same messages, if forwarder is on")],
    params: &[
        ParamSpec::switch("forwarder", false, "Also pass the messages on"),
        ParamSpec::switch("use_repr", false, "Write text in quotes, with invisible characters escaped"),
        ParamSpec::text("tag", "", "Text written before each message"),
    ],
    build: build::<ConsoleEchoer>,
    ..ComponentSpec::EMPTY
};

/// Number of bytes written per turn. A limit on messages would not limit the time of a turn, because messages differ in
/// size.
const BYTES_PER_TURN: usize = 16 << 10;

struct ConsoleEchoer {
    forwarder: bool,
    use_repr: bool,
    tag: String,
}

impl Component for ConsoleEchoer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { forwarder: params.switch("forwarder"), use_repr: params.switch("use_repr"), tag: params.text("tag") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut written = 0;
        while let Some(message) = io.recv("inbox").await {
            let text =
                format!("{}{}", self.tag, if self.use_repr { message.repr().to_string() } else { message.to_string() });
            for line in without_line_end(&text).split('\n') {
                io.print(without_line_end(line));
                written += line.len() + 1;
                // A shutdown allows only a few more turns, which must suffice for the rest of the message.
                if written >= BYTES_PER_TURN && !io.is_shutting_down() {
                    written = 0;
                    io.yield_now().await;
                }
            }
            if self.forwarder {
                io.send("outbox", message).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn echo(params: &[(&str, Message)], messages: &[Message]) -> (Vec<String>, Vec<Message>) {
        let mut rig = Rig::new(&CONSOLE_ECHOER, params);
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        (rig.console(), rig.take("outbox"))
    }

    #[test]
    fn each_message_starts_on_a_new_line() {
        let (console, outbox) = echo(&[], &["one\n".into(), "two".into(), "a\r\nb\n".into(), "".into(), 3.into()]);
        assert_eq!(console, ["one", "two", "a", "b", "", "3"]);
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_turn_depends_on_the_amount_written() {
        let lines = "y\n".repeat(BYTES_PER_TURN);
        let mut rig = Rig::new(&CONSOLE_ECHOER, &[]);
        rig.put("inbox", lines.as_str());
        rig.put("inbox", lines.as_str());
        rig.finish();
        rig.run();
        assert_eq!((rig.console().len(), rig.state()), (2 * BYTES_PER_TURN, State::Finished));
        // Both messages together fill four turns, and one more finds the end of the stream.
        assert!(rig.turns() >= 4, "{} turns", rig.turns());
    }

    #[test]
    fn a_shutdown_does_not_cut_a_message() {
        let mut rig = Rig::new(&CONSOLE_ECHOER, &[]);
        rig.put("inbox", "y\n".repeat(64 * BYTES_PER_TURN));
        rig.shutdown();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        let count = rig.console().len();
        assert!(count == 0 || count == 64 * BYTES_PER_TURN, "{count} lines");
    }

    #[test]
    fn tag_repr_and_forwarder() {
        let params = [("tag", "got: ".into()), ("use_repr", true.into()), ("forwarder", true.into())];
        let messages = ["one\n".into(), Message::bytes(b"\0x")];
        let (console, outbox) = echo(&params, &messages);
        assert_eq!(console, ["got: \"one\\n\"", "got: b\"\\x00x\""]);
        assert_eq!(outbox, messages);
    }

    #[test]
    fn repr_shows_every_character_in_lists_and_maps() {
        let messages = [
            Message::list(["t".into(), Message::bytes(b"abc\x1b")]),
            Message::map([("a\u{1b}b", Message::bytes(b"\xff"))]),
        ];
        let (console, _) = echo(&[("use_repr", true.into())], &messages);
        assert_eq!(console, ["[\"t\", b\"abc\\x1b\"]", "{\"a\\u{1b}b\": b\"\\xff\"}"]);
    }
}
