//! Escapes control characters in text that the program shows.
//!
//! Pure. Names and error texts contain parts from elsewhere: file names, addresses, server responses. On a
//! terminal, a control character in them could move the cursor, overwrite text, or answer a prompt.

use std::borrow::Cow;

/// The text with control characters escaped, for example `\u{1b}`; line breaks and tabs stay.
pub fn escaped(text: &str) -> Cow<'_, str> {
    escape(text, |letter| is_control(letter) && letter != '\n' && letter != '\t')
}

/// The text with control characters escaped, line breaks included, so that it stays on one line.
pub fn one_line(text: &str) -> Cow<'_, str> {
    escape(text, is_control)
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_escaped(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown.into()
}

/// Whether a terminal interprets the character instead of displaying it: control characters, and those that set the
/// direction of text.
pub fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_all_others_stay() {
        assert_eq!(escaped("a\u{1b}[2Jb\u{7}\r\u{9b}\u{202e}"), "a\\u{1b}[2Jb\\u{7}\\r\\u{9b}\\u{202e}");
        assert_eq!(escaped("line\n\té \\ 日本 \u{feff}"), "line\n\té \\ 日本 \u{feff}");
        assert_eq!(one_line("line\n\té"), "line\\n\\té");
        assert_eq!(escaped(&escaped("\u{1b}")), "\\u{1b}");
        for letter in ['\0', '\u{7f}', '\u{9f}', '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{2069}'] {
            assert!(is_control(letter), "{letter:?}");
        }
        assert!(!['a', ' ', '\u{200d}', '\u{2065}', '\u{feff}'].into_iter().any(is_control));
    }
}
