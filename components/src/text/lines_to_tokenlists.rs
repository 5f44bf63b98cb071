//! lines_to_tokenlists: splits each line into a list of words.

use compose_runtime::dev::*;
use compose_runtime::introspect::tokens::tokens;

use super::without_mark;
use crate::refuse::{REJECTED, reject};

/// Description of lines_to_tokenlists.
pub static LINES_TO_TOKENLISTS: ComponentSpec = ComponentSpec {
    type_name: "lines_to_tokenlists",
    category: Category::Text,
    summary: "Splits each line into a list of words",
    docs: "Words are separated by white space. A word that begins with `\"` or `'` ends at the matching quote; it may \
           contain white space or be empty. Inside quotes, a backslash makes the next character literal. Blank lines \
           are skipped, and a byte-order mark at the start of a line is removed.\n\n\
           Example: `ADD NODE 1 \"my box\"` becomes `[\"ADD\", \"NODE\", \"1\", \"my box\"]`.\n\n\
           Differs from the original: a line with an unclosed quote, with text directly after a closing quote or with \
           invalid UTF-8 is reported on the console and goes to `rejected` instead of being lost.",
    inboxes: &[BoxSpec::new("inbox", "Lines").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "A list of words for each line").kinds(&[Kind::List]), REJECTED],
    build: build::<LinesToTokenlists>,
    ..ComponentSpec::EMPTY
};

struct LinesToTokenlists;

impl Component for LinesToTokenlists {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(line) = io.recv("inbox").await {
            let Some(bytes) = line.as_bytes() else {
                reject(&io, "inbox", line, "expected text or bytes").await;
                continue;
            };
            let Ok(text) = std::str::from_utf8(bytes) else {
                reject(&io, "inbox", line, "the line is not valid UTF-8").await;
                continue;
            };
            match tokens(without_mark(text)) {
                Ok(words) if words.is_empty() => {}
                Ok(words) => io.send("outbox", Message::list(words.into_iter().map(Message::from))).await,
                Err(error) => reject(&io, "inbox", line, &error.to_string()).await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check, through};

    use super::*;

    #[test]
    fn lines_are_split_into_words_and_quoted_words() {
        check(
            &LINES_TO_TOKENLISTS,
            &[],
            &["\u{feff}a  b\n", "", "x 'y z' \"\\\"\""],
            &["[\"a\", \"b\"]", "[\"x\", \"y z\", \"\\\"\"]"],
        );
    }

    #[test]
    fn a_message_of_another_kind_and_invalid_utf_8_are_rejected() {
        let given = [7.into(), Message::bytes(b"caf\xe9"), Message::list([])];
        let mut rig = through(&LINES_TO_TOKENLISTS, &[], &given);
        assert_eq!((rig.take("outbox").len(), rig.take("rejected")), (0, given.to_vec()));
    }

    #[test]
    fn a_malformed_line_is_reported_and_not_lost() {
        let mut rig = Rig::new(&LINES_TO_TOKENLISTS, &[]);
        rig.put("inbox", "a \"b");
        rig.put("inbox", "c");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("rejected"), ["a \"b"]);
        assert_eq!(rig.texts("outbox"), ["[\"c\"]"]);
        assert!(rig.console()[0].contains("not closed"));
    }
}
