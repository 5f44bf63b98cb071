//! The form of a journal on disk: one line per entry, a checksum and JSON. A truncated or damaged line ends the
//! journal.

use super::entry::Entry;

/// The line of an entry: eight hexadecimal digits of the CRC 32 of the JSON text, a space, the text, a line feed.
pub fn encode(entry: &Entry) -> Vec<u8> {
    // Documents accept only values with a JSON form, so this cannot fail; an unreadable line would only end the journal.
    let json = serde_json::to_vec(entry).unwrap_or_default();
    let mut line = format!("{:08x} ", crc32fast::hash(&json)).into_bytes();
    line.extend_from_slice(&json);
    line.push(b'\n');
    line
}

/// The entries of all whole lines from the start, up to the first line that cannot be read.
pub fn decode(bytes: &[u8]) -> Vec<Entry> {
    bytes.split_inclusive(|byte| *byte == b'\n').map_while(decode_line).collect()
}

fn decode_line(line: &[u8]) -> Option<Entry> {
    let (sum, json) = line.strip_suffix(b"\n")?.split_at_checked(9)?;
    let sum = std::str::from_utf8(sum).ok()?.strip_suffix(' ')?;
    if u32::from_str_radix(sum, 16).ok()? != crc32fast::hash(json) {
        return None;
    }
    // A deeper value than a document accepts is damage; serde_json limits the depth.
    serde_json::from_slice(json).ok()
}
