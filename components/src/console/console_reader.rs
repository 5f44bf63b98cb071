//! ConsoleReader: emits each line typed at the console.

use compose_runtime::dev::*;

/// Description of ConsoleReader.
pub static CONSOLE_READER: ComponentSpec = ComponentSpec {
    type_name: "ConsoleReader",
    category: Category::DisplayAndInput,
    summary: "Emits each line typed at the console",
    docs: "In the window, it has an entry field in the console panel; in a run from a terminal, it reads standard \
           input. Each line is emitted with `eol` appended. A byte-order mark at the start is removed, a line longer \
           than 1 MiB is emitted in parts and reported, and bytes that are not valid UTF-8 become the replacement \
           character (U+FFFD). The component finishes at the end of the input.\n\n\
           Example: a ConsoleReader linked to a ConsoleEchoer echoes every line.\n\n\
           Differs from the original: it responds to shutdown immediately, without waiting for another line.",
    outboxes: &[BoxSpec::new("outbox", "Each line, with eol appended").kinds(&[Kind::Text])],
    params: &[
        ParamSpec::text("prompt", ">>> ", "Shown before the cursor"),
        ParamSpec::text("eol", "\n", "Appended to each line"),
    ],
    has_surface: true,
    build: build::<ConsoleReader>,
    ..ComponentSpec::EMPTY
};

struct ConsoleReader {
    prompt: String,
    eol: String,
}

impl Component for ConsoleReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { prompt: params.text("prompt"), eol: params.text("eol") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(Surface::Prompt { prompt: self.prompt });
        while let Some(event) = io.recv("_events").await {
            match event {
                Message::Text(line) => io.send("outbox", format!("{line}{}", self.eol)).await,
                Message::ProducerFinished | Message::Shutdown => break,
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_emits_lines_and_finishes_at_the_end_of_the_input() {
        let mut rig = Rig::new(&CONSOLE_READER, &[("prompt", "? ".into())]);
        rig.run_for(Duration::from_secs(1));
        assert_eq!(rig.surface(), Some(Surface::Prompt { prompt: "? ".to_owned() }));
        rig.event("one");
        rig.event("two");
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["one\n", "two\n"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn shutdown_does_not_wait_for_another_line() {
        let mut rig = Rig::new(&CONSOLE_READER, &[]);
        rig.run_for(Duration::from_secs(1));
        rig.shutdown();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
