//! Decodes the bytes of a document: UTF-8, UTF-16, ISO 8859-1 and ASCII.
//!
//! Pure. The encoding follows from a byte-order mark, from the first characters, or from the XML declaration. A
//! document that arrives as text is already decoded, so its declaration is ignored.

use super::error::XmlError;
use super::scan::{declaration, is_allowed};

/// Longest XML declaration, in bytes.
const LONGEST_DECLARATION: usize = 1024;

/// An error, with its line in the document.
pub(super) type LineError = (XmlError, usize);

/// The text of a document.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The text up to the damage, without a byte-order mark and with `\n` for each line break.
    pub text: String,
    /// What is wrong after the text.
    pub damage: Option<LineError>,
}

impl From<String> for Decoded {
    fn from(text: String) -> Self {
        Self { text, damage: None }
    }
}

/// Decodes a document up to the first byte or character that it must not contain. Fails if none of it can be decoded.
pub(super) fn decode(bytes: &[u8], is_text: bool) -> Result<Decoded, LineError> {
    let decoded = match bytes {
        _ if is_text => utf_8(bytes),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return Err((XmlError::UnsupportedEncoding("UTF-32".to_owned()), 1));
        }
        [0xfe, 0xff, ..] | [0, b'<', ..] => utf_16(bytes, u16::from_be_bytes),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => utf_16(bytes, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, ..] => utf_8(bytes),
        _ => match declared(bytes).map(|name| name.to_ascii_lowercase()).as_deref() {
            None | Some("utf-8" | "utf8") => utf_8(bytes),
            Some("us-ascii" | "ascii") => match bytes.iter().position(|byte| !byte.is_ascii()) {
                Some(at) => Decoded {
                    damage: Some((XmlError::InvalidBytes("ASCII"), line_of(bytes, at))),
                    ..utf_8(bytes.get(..at).unwrap_or_default())
                },
                None => utf_8(bytes),
            },
            Some("iso-8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1") => {
                bytes.iter().copied().map(char::from).collect::<String>().into()
            }
            Some("utf-16" | "utf-16le" | "utf-16be") => return Err((XmlError::InvalidBytes("UTF-16"), 1)),
            Some(other) => return Err((XmlError::UnsupportedEncoding(other.to_owned()), 1)),
        },
    };
    let Decoded { text, damage } = decoded;
    let text = crate::text::without_mark(&text);
    let mut text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    match text.char_indices().find(|(_, letter)| !is_allowed(*letter)) {
        Some((at, letter)) => {
            let damage = Some((XmlError::Character(u32::from(letter)), line_of(text.as_bytes(), at)));
            text.truncate(at);
            Ok(Decoded { text, damage })
        }
        None => Ok(Decoded { text, damage }),
    }
}

/// The line of a position, counted from 1.
pub(super) fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes.get(..at.min(bytes.len())).unwrap_or_default().split(|byte| *byte == b'\n').count()
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let first = bytes.get(..LONGEST_DECLARATION).unwrap_or(bytes).strip_prefix(b"<?xml")?;
    let end = first.windows(2).position(|mark| mark == b"?>")?;
    declaration(std::str::from_utf8(first.get(..end)?).ok()?)?.encoding
}

fn utf_8(bytes: &[u8]) -> Decoded {
    let chunk = bytes.utf8_chunks().next();
    let text = chunk.as_ref().map_or_else(String::new, |chunk| chunk.valid().to_owned());
    let is_damaged = text.len() < bytes.len();
    let damage = is_damaged.then(|| (XmlError::InvalidBytes("UTF-8"), line_of(bytes, text.len())));
    Decoded { text, damage }
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Decoded {
    let invalid = |text: String| {
        let damage = Some((XmlError::InvalidBytes("UTF-16"), line_of(text.as_bytes(), text.len())));
        Decoded { text, damage }
    };
    let (units, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(units.len());
    for letter in char::decode_utf16(units.iter().map(|pair| unit(*pair))) {
        match letter {
            Ok(letter) => text.push(letter),
            Err(_) => return invalid(text),
        }
    }
    if odd.is_empty() { text.into() } else { invalid(text) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<a>é\u{2028}😀</a>";

    fn units(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn whole(bytes: &[u8], is_text: bool) -> String {
        let decoded = decode(bytes, is_text).unwrap();
        assert!(decoded.damage.is_none(), "{:?}", decoded.damage);
        decoded.text
    }

    #[test]
    fn every_supported_encoding_gives_the_same_text() {
        let marked = format!("\u{feff}{DOCUMENT}");
        for bytes in [
            DOCUMENT.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            units(&marked, u16::to_be_bytes),
            units(&marked, u16::to_le_bytes),
            units(DOCUMENT, u16::to_be_bytes),
            units(DOCUMENT, u16::to_le_bytes),
        ] {
            assert_eq!(whole(&bytes, false), DOCUMENT);
        }
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
        assert!(whole(latin, false).ends_with("<a>é</a>"));
        let text = "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>";
        assert_eq!(whole(text.as_bytes(), true), text, "text is decoded already");
        assert_eq!(whole(b"<a>\r\n\r</a>", false), "<a>\n\n</a>");
    }

    #[test]
    fn other_encodings_and_invalid_bytes_are_refused_with_their_line() {
        for (bytes, expected, line) in [
            (&b"<?xml version='1.0' encoding='windows-1252'?><a/>"[..], "windows-1252 is not supported", 1),
            (b"\0\0\xfe\xff\0\0\0<", "UTF-32 is not supported", 1),
            (b"<a>\n\xff</a>", "not valid UTF-8", 2),
            (b"<?xml version='1.0' encoding='us-ascii'?>\n<a>\n\xe9</a>", "not valid ASCII", 3),
            (b"<?xml version='1.0' encoding='utf-16'?><a/>", "not valid UTF-16", 1),
            (b"<\0a\0>", "not valid UTF-16", 1),
            (b"\xfe\xff\0<\xd8\0\0a", "not valid UTF-16", 1),
            (b"<a>\n\n\x01</a>", "U+0001 is not allowed", 3),
            ("<a>\u{ffff}</a>".as_bytes(), "U+FFFF is not allowed", 1),
        ] {
            let (error, found) = decode(bytes, false).map_or_else(|error| error, |decoded| decoded.damage.unwrap());
            assert!(error.to_string().contains(expected) && found == line, "{error} at line {found}");
        }
    }
}
