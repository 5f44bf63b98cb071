//! Section 18, from bytes to tokens.

use compose_runtime::introspect::tokens::{Lines, TokenError, tokens};
use compose_runtime::introspect::wire::quoted;
use proptest::prelude::*;

fn parts(line: &str) -> Vec<String> {
    tokens(line).unwrap()
}

#[test]
fn tok_1_chunks_are_split_into_lines_before_they_are_decoded() {
    let mut lines = Lines::default();
    let text = "grün\r\nnext\n\nrest";
    let mut found = Vec::new();
    for byte in text.as_bytes() {
        // One byte at a time: a chunk may end inside a character.
        found.extend(lines.push(&[*byte]));
    }
    assert_eq!(found, ["grün", "next", ""]);
    assert_eq!(lines.finish().as_deref(), Some("rest"), "an unfinished line is not lost");
    assert_eq!(lines.finish(), None);
    assert_eq!(lines.push(b"a\nb\nc"), ["a", "b"]);
}

#[test]
fn tok_2_tokens_are_split_at_white_space() {
    assert_eq!(parts("  ADD \t NODE  "), ["ADD", "NODE"]);
    assert!(parts("").is_empty() && parts(" \t ").is_empty());
}

#[test]
fn tok_3_a_quoted_token_may_hold_anything() {
    assert_eq!(parts(r#"A "two words" 'and "more"' """#), ["A", "two words", "and \"more\"", ""]);
    assert_eq!(parts(r#""a\"b\\c\n""#), ["a\"b\\cn"]);
}

#[test]
fn tok_4_in_other_tokens_quotes_and_backslashes_are_ordinary() {
    assert_eq!(parts(r#"it's a\b x"y"#), ["it's", r"a\b", "x\"y"]);
}

#[test]
fn tok_5_a_malformed_line_is_dropped_with_a_reason() {
    assert_eq!(tokens("ADD \"open"), Err(TokenError::Unterminated(5)));
    assert_eq!(tokens("\"ends in\\"), Err(TokenError::Unterminated(1)));
    assert_eq!(tokens("\"a\"b"), Err(TokenError::TextAfterQuote(3)));
    assert_eq!(
        tokens("\"a\"b").unwrap_err().to_string(),
        "there must be white space after the closing quote at character 3"
    );
}

/// Text of any characters; those with a meaning in lines and tokens are frequent.
fn any_text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        3 => any::<char>(),
        2 => prop::char::range('\0', '\u{a0}'),
        2 => prop::sample::select(vec!['\n', '\r', '\t', '\0', '"', '\'', '\\', ' ', 'n', '\u{85}', '\u{2028}', '\u{feff}']),
    ];
    prop::collection::vec(letter, 0..12).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn inv_10_a_quoted_and_escaped_token_reads_back_unchanged(texts in prop::collection::vec(any_text(), 0..6)) {
        let line = texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(" ");
        // The same steps as in the network: bytes, lines, tokens.
        let lines = Lines::default().push(format!("{line}\n").as_bytes());
        prop_assert_eq!(lines.len(), 1, "a token never ends its line");
        let written_out: Vec<String> =
            texts.iter().map(|text| text.replace('\n', "\\n").replace('\r', "\\r")).collect();
        prop_assert_eq!(tokens(&lines[0]).unwrap(), written_out);
    }

    #[test]
    fn lines_do_not_depend_on_the_ends_of_chunks(text in "[aé\r\n]{0,40}", cuts in prop::collection::vec(0usize..60, 0..6)) {
        let whole: Vec<String> = Lines::default().push(text.as_bytes());
        let mut lines = Lines::default();
        let mut found = Vec::new();
        let bytes = text.as_bytes();
        let mut positions: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        positions.extend([0, bytes.len()]);
        positions.sort_unstable();
        for ends in positions.windows(2) {
            found.extend(lines.push(&bytes[ends[0]..ends[1]]));
        }
        prop_assert_eq!(found, whole);
    }
}
