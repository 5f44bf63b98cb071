//! tokenlists_to_lines: joins a list of words into one line that lines_to_tokenlists reads back.

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of tokenlists_to_lines.
pub static TOKENLISTS_TO_LINES: ComponentSpec = ComponentSpec {
    type_name: "tokenlists_to_lines",
    category: Category::Text,
    summary: "Joins each list of words into one line",
    docs: "The counterpart of lines_to_tokenlists. A word is quoted if it is empty, contains white space or begins \
           with a quote or a byte-order mark. Numbers and other simple values are written in their text form. Each line ends with a \
           newline. A list with a nested list, or with a word that contains the end of a line or invalid UTF-8, is \
           reported on the console and goes to `rejected`.\n\n\
           Example: `[\"ADD\", \"my box\", 3]` becomes `ADD \"my box\" 3`.\n\n\
           Differs from the original: nested lists are rejected; use JSONEncoder for them.",
    inboxes: &[BoxSpec::new("inbox", "Lists of words").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "One line for each list").kinds(&[Kind::Text]), REJECTED],
    build: build::<TokenlistsToLines>,
    ..ComponentSpec::EMPTY
};

struct TokenlistsToLines;

impl Component for TokenlistsToLines {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            match line_of(&message) {
                Ok(line) => io.send("outbox", format!("{line}\n")).await,
                Err(why) => reject(&io, "inbox", message, &why).await,
            }
        }
        Ok(())
    }
}

/// Why a message cannot be written as a line of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WordsError {
    #[error("expected a flat list of words")]
    NotWords,
    #[error("a word contains the end of a line")]
    LineEnd,
    #[error("a word is not valid UTF-8")]
    InvalidUtf8,
}

/// Joins the words into one line without a newline, or returns the reason why that is impossible.
pub(crate) fn line_of(message: &Message) -> Result<String, WordsError> {
    let Message::List(items) = message else { return Err(WordsError::NotWords) };
    let word = |item: &Message| match item {
        Message::List(_) | Message::Map(_) | Message::Image(_) | Message::Sound(_) | Message::Resource(_) => {
            Err(WordsError::NotWords)
        }
        Message::Bytes(bytes) => std::str::from_utf8(bytes).map_err(|_| WordsError::InvalidUtf8).and_then(quoted),
        other => quoted(&other.to_string()),
    };
    items.iter().map(word).collect::<Result<Vec<_>, _>>().map(|words| words.join(" "))
}

/// Quotes a word so that lines_to_tokenlists can read it back. A line break cannot be escaped.
fn quoted(word: &str) -> Result<String, WordsError> {
    if word.contains(['\n', '\r']) {
        return Err(WordsError::LineEnd);
    }
    // A byte-order mark would be removed from the start of the line.
    let starts_plainly = !word.is_empty() && !word.starts_with(['"', '\'', '\u{feff}']);
    let is_plain = starts_plainly && !word.contains(char::is_whitespace);
    Ok(if is_plain { word.to_owned() } else { format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")) })
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::tokens::tokens;
    use compose_runtime::testing::through;

    use super::super::LINES_TO_TOKENLISTS;
    use super::*;

    #[test]
    fn joined_words_are_read_back_unchanged() {
        let words = ["plain", "", "two words", "\"quoted\"", "back\\slash here", "it's", "'", "\u{85}\u{2028}"];
        let line = line_of(&Message::list(words.map(Message::text)));
        assert_eq!(tokens(&line.unwrap_or_default()), Ok(words.map(str::to_owned).to_vec()));
        let marked = [Message::list(["\u{feff}a".into(), "\u{feff}".into()])];
        let lines = through(&TOKENLISTS_TO_LINES, &[], &marked).take("outbox");
        assert_eq!(through(&LINES_TO_TOKENLISTS, &[], &lines).take("outbox"), marked);
    }

    #[test]
    fn a_list_that_would_not_be_read_back_is_rejected() {
        let given = [
            Message::list([Message::list([])]),
            "text".into(),
            Message::list(["a\nb".into()]),
            Message::list(["a\r".into()]),
            Message::list([Message::bytes(b"\xff")]),
        ];
        let mut rig = through(&TOKENLISTS_TO_LINES, &[], &given);
        assert_eq!(rig.take("rejected"), given);
        assert!(rig.console()[2].contains("a word contains the end of a line"), "{:?}", rig.console());
        assert!(rig.take("outbox").is_empty());
    }
}
