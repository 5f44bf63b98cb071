//! The text forms of a message: in full for the console, and as a short label.
//!
//! A label stops writing as soon as it is full, so its cost does not depend on the size of the message.

use std::fmt::{self, Write};

use super::Message;
use super::repr::Key;

/// How many items of a list or map a label shows.
const ITEMS_IN_LABEL: usize = 4;

/// How many bytes of a bytes message a label uses.
const BYTES_IN_LABEL: usize = 64;

/// Text that accepts a limited number of characters; the first character beyond the limit stops the writing.
struct Clipped {
    text: String,
    /// How many more characters fit.
    left: usize,
}

impl Write for Clipped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

/// The first `max_chars` characters of the output of `write`, and whether that is all of it.
fn clipped(max_chars: usize, write: impl FnOnce(&mut Clipped) -> fmt::Result) -> (String, bool) {
    let mut clipped = Clipped { text: String::new(), left: max_chars };
    let is_whole = write(&mut clipped).is_ok();
    (clipped.text, is_whole)
}

impl Message {
    /// A short form for labels: one line of at most `max_chars` characters, with text in quotes.
    pub fn label(&self, max_chars: usize) -> String {
        let (mut text, is_whole) = clipped(max_chars, |out| self.write_label(out, max_chars));
        if !is_whole {
            if let Some((last, _)) = text.char_indices().next_back() {
                text.truncate(last);
            }
            text.push('…');
        }
        text
    }

    /// The first `max_chars` characters of the text form. The cost depends on that number, not on the size of the
    /// message.
    pub fn to_clipped_string(&self, max_chars: usize) -> String {
        clipped(max_chars, |out| write!(out, "{self}")).0
    }

    fn write_label(&self, out: &mut Clipped, max_chars: usize) -> fmt::Result {
        match self {
            Self::Text(text) => {
                // The closing quote is shown only if the text is complete.
                let end = text.char_indices().nth(max_chars.saturating_add(1)).map_or(text.len(), |(end, _)| end);
                write!(out, "{:?}", text.get(..end).unwrap_or(text))
            }
            Self::Bytes(bytes) => match std::str::from_utf8(bytes.get(..BYTES_IN_LABEL).unwrap_or(bytes)) {
                Ok(text) if !text.is_empty() => {
                    write!(out, "b{:?}", text.chars().take(max_chars).collect::<String>())
                }
                _ => write!(out, "{} bytes", bytes.len()),
            },
            Self::List(items) => {
                out.write_char('[')?;
                for (index, item) in items.iter().take(ITEMS_IN_LABEL).enumerate() {
                    out.write_str(if index > 0 { ", " } else { "" })?;
                    item.write_label(out, max_chars)?;
                }
                out.write_str(if items.len() > ITEMS_IN_LABEL { ", …]" } else { "]" })
            }
            Self::Map(map) => {
                out.write_char('{')?;
                for (index, (key, value)) in map.iter().take(ITEMS_IN_LABEL).enumerate() {
                    write!(out, "{}{}: ", if index > 0 { ", " } else { "" }, Key(key))?;
                    value.write_label(out, max_chars)?;
                }
                out.write_str(if map.len() > ITEMS_IN_LABEL { ", …}" } else { "}" })
            }
            other => write!(out, "{other}"),
        }
    }
}

/// The text form used by `Stringify` and the console: text unchanged, everything else in a readable form.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => f.write_str(&String::from_utf8_lossy(bytes)),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    item.fmt_inside(f)?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}: ", if index > 0 { ", " } else { "" })?;
                    value.fmt_inside(f)?;
                }
                f.write_str("}")
            }
            Self::Time(time) => write!(f, "{:.3} s", time.as_secs_f64()),
            Self::Image(image) => write!(f, "image {} × {}", image.width, image.height),
            Self::Sound(sound) => {
                let ms = sound.duration().as_secs_f64() * 1000.0;
                write!(f, "sound {ms:.1} ms, {} Hz, {} ch", sound.sample_rate, sound.channels)
            }
            Self::Resource(resource) => write!(f, "{resource}"),
            Self::ProducerFinished => f.write_str("producer finished"),
            Self::Shutdown => f.write_str("shutdown"),
        }
    }
}

impl Message {
    /// The text form inside a list or map, where text is quoted.
    fn fmt_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_cut_to_the_given_length() {
        assert_eq!(Message::text("hello").label(12), "\"hello\"");
        assert_eq!(Message::text("a rather long sentence").label(8), "\"a rath…");
        assert_eq!(Message::text("abcdef").label(8), "\"abcdef\"");
        assert_eq!(Message::list([Message::Int(1), Message::text("x")]).label(20), "[1, \"x\"]");
        assert_eq!(Message::list((0..9).map(Message::Int)).label(40), "[0, 1, 2, 3, …]");
        assert_eq!(Message::map([("a", Message::list([Message::text("long text")]))]).label(9), "{a: [\"lo…");
        assert_eq!(Message::Int(123_456).label(1), "…");
    }

    #[test]
    fn clipped_text_is_the_beginning_of_the_text() {
        let message = Message::list([Message::text("é"), Message::Int(1)]);
        assert_eq!(message.to_clipped_string(4), "[\"é\"");
        assert_eq!(message.to_clipped_string(40), message.to_string());
    }

    #[test]
    fn a_label_of_a_message_that_contains_itself_many_times_is_cheap() {
        // Written out, this message contains 2^23 numbers.
        let shared = (0..23).fold(Message::Int(7), |inner, _| Message::list([inner.clone(), inner]));
        assert_eq!(shared.label(64).chars().count(), 64);
        assert_eq!(shared.to_clipped_string(61).len(), 61);
    }
}
