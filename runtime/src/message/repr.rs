//! Repr: a text form that shows every character and the kind of every value, and is always one line.

use std::fmt::{self, Display, Formatter};

use super::Message;

/// Shows a message so that different messages of plain values look different: text in quotes, bytes as `b"…"`, invisible
/// characters escaped, real numbers with a point.
#[derive(Debug, Clone, Copy)]
pub struct Repr<'a>(&'a Message);

/// Shows a key of a map, in quotes unless it is a plain name.
pub(super) struct Key<'a>(pub(super) &'a str);

impl Message {
    /// Shows the message with text in quotes and invisible characters escaped.
    pub const fn repr(&self) -> Repr<'_> {
        Repr(self)
    }
}

impl Display for Repr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Message::Text(text) => write!(f, "{text:?}"),
            Message::Bytes(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii()),
            Message::Float(number) => write!(f, "{number:?}"),
            Message::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index > 0 { ", " } else { "" }, item.repr())?;
                }
                f.write_str("]")
            }
            Message::Map(map) => {
                f.write_str("{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{}: {}", if index > 0 { ", " } else { "" }, Key(key), value.repr())?;
                }
                f.write_str("}")
            }
            Message::Resource(resource) => write!(f, "{}", resource.to_string().escape_debug()),
            other => write!(f, "{other}"),
        }
    }
}

impl Display for Key<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$');
        let is_plain = !self.0.is_empty() && self.0.chars().all(is_name);
        if is_plain { f.write_str(self.0) } else { write!(f, "{:?}", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_shows_its_kind_and_every_character() {
        let message = Message::list([
            "t\u{1b}".into(),
            Message::bytes(b"abc\0"),
            1.0.into(),
            1.into(),
            Message::map([("a\nb", Message::bytes(b"\xff")), ("name", Message::Nothing)]),
        ]);
        let expected = r#"["t\u{1b}", b"abc\x00", 1.0, 1, {"a\nb": b"\xff", name: nothing}]"#;
        assert_eq!(message.repr().to_string(), expected);
    }
}
