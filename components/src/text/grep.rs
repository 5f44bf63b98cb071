//! Grep: passes on the text that matches a pattern.

use compose_runtime::dev::*;
use regex::bytes::{Regex, RegexBuilder};

use super::bytes_without_line_end;
use crate::refuse::wrong_kind;

/// Size limit of the compiled pattern, in bytes, so that a pattern cannot fill the memory.
const LARGEST_PATTERN: usize = 1 << 20;

/// Description of Grep.
pub static GREP: ComponentSpec = ComponentSpec {
    type_name: "Grep",
    category: Category::Text,
    summary: "Passes on the text that matches a pattern",
    docs: "`pattern` is a regular expression that may match anywhere in a message. `^` and `$` match the start and end \
           of the message; a newline at the end is ignored. With `invert`, it passes on the messages that do not \
           match.\n\n\
           Example: Find into Grep with `\\.(jpg|png)$` lists the pictures in a folder.",
    inboxes: &[BoxSpec::new("inbox", "Text or bytes").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Messages that match, unchanged").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[
        ParamSpec::text("pattern", ".", "Regular expression to search for"),
        ParamSpec::switch("invert", false, "Pass on the messages that do not match"),
        ParamSpec::switch("ignore_case", false, "Ignore upper and lower case"),
    ],
    build: build::<Grep>,
    ..ComponentSpec::EMPTY
};

struct Grep {
    pattern: Regex,
    invert: bool,
}

impl Component for Grep {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let pattern = params.text("pattern");
        let pattern = RegexBuilder::new(&pattern)
            .case_insensitive(params.switch("ignore_case"))
            .size_limit(LARGEST_PATTERN)
            .build()
            .map_err(|error| {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                ParamError::Other(format!("pattern: {why}: {pattern}"))
            })?;
        Ok(Self { pattern, invert: params.switch("invert") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let Some(bytes) = message.as_bytes() else { return Err(wrong_kind("inbox", "text or bytes", &message)) };
            if self.pattern.is_match(bytes_without_line_end(bytes)) != self.invert {
                io.send("outbox", message).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn only_matching_messages_pass() {
        let pattern = ("pattern", Message::from("o$"));
        check(&GREP, std::slice::from_ref(&pattern), &["two\n", "one", "TWO"], &["two\n"]);
        check(&GREP, &[pattern.clone(), ("invert", true.into())], &["two", "one"], &["one"]);
        check(&GREP, &[pattern, ("ignore_case", true.into())], &["TWO"], &["TWO"]);
        check(&GREP, &[], &["a", ""], &["a"]);
    }

    #[test]
    fn an_invalid_pattern_is_refused() {
        let pattern = Message::from("(");
        let params = Params::check(GREP.params, [("pattern", &pattern)]).unwrap();
        let error = (GREP.build)(&params).err().unwrap().to_string();
        assert_eq!(error, "pattern: unclosed group: (");
    }
}
