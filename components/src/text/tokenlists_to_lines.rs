//! tokenlists_to_lines: joins a list of words into one line that lines_to_tokenlists reads back.

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

/// Description of tokenlists_to_lines.
pub static TOKENLISTS_TO_LINES: ComponentSpec = ComponentSpec {
    type_name: "tokenlists_to_lines",
    category: Category::Text,
    summary: "Joins each list of words into one line",
    docs: "The counterpart of lines_to_tokenlists. A word is quoted if it is empty, contains white space or begins \
           with a quote. Numbers and other simple values are written in their text form. Each line ends with a \
           newline.\n\n\
           Example: `[\"ADD\", \"my box\", 3]` becomes `ADD \"my box\" 3`.\n\n\
           Differs from the original: nested lists are an error; use JSONEncoder for them.",
    inboxes: &[BoxSpec::new("inbox", "Lists of words").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "One line for each list").kinds(&[Kind::Text])],
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
            let line = line_of(&message).ok_or_else(|| wrong_kind("inbox", "flat lists of words", &message))?;
            io.send("outbox", format!("{line}\n")).await;
        }
        Ok(())
    }
}

/// Joins the words into one line without a newline; `None` if the message is not a flat list.
pub(crate) fn line_of(message: &Message) -> Option<String> {
    let Message::List(items) = message else { return None };
    let word = |item: &Message| match item {
        Message::List(_) | Message::Map(_) | Message::Image(_) | Message::Sound(_) | Message::Resource(_) => None,
        other => Some(quoted(&other.to_string())),
    };
    items.iter().map(word).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
}

/// Quotes a word so that lines_to_tokenlists can read it back. Newlines in it become spaces to keep the result on one
/// line.
fn quoted(word: &str) -> String {
    let word = word.replace(['\n', '\r'], " ");
    let is_plain = !word.is_empty() && !word.starts_with(['"', '\'']) && !word.contains(char::is_whitespace);
    if is_plain { word } else { format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::tokens::tokens;

    use super::*;

    #[test]
    fn joined_words_are_read_back_unchanged() {
        let words = ["plain", "", "two words", "\"quoted\"", "back\\slash here", "it's", "'"];
        let line = line_of(&Message::list(words.map(Message::text)));
        assert_eq!(tokens(&line.unwrap_or_default()), Ok(words.map(str::to_owned).to_vec()));
        assert_eq!(line_of(&Message::list([Message::list([])])), None);
        assert_eq!(line_of(&"text".into()), None);
    }
}
