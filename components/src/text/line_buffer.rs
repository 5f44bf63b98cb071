//! LineBuffer: splits a stream of chunks at newlines. Pure data, no boxes.
//!
//! A line without its newline has at most [`LONGEST_LINE`] bytes, however the chunks are cut. A longer line is split
//! between two characters, and the owner reports it once. A byte-order mark at the start of the stream is removed.

/// The longest line, in bytes without its newline. A longer line is split, so that a stream without newlines cannot
/// fill the memory.
pub const LONGEST_LINE: usize = 1 << 20;

/// The report of a component that has split a line.
pub const LINE_CUT: &str = "a line is longer than 1 MiB and is sent in parts; split it at newlines";

/// The byte-order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The received bytes of lines that have not been taken.
#[derive(Debug, Default)]
pub struct LineBuffer {
    bytes: Vec<u8>,
    /// Start of the first line that has not been taken.
    start: usize,
    /// All bytes before this index have been searched for a newline.
    searched: usize,
    /// A line of this stream has been taken, so a byte-order mark is now an ordinary character.
    has_begun: bool,
    /// The line at `start` is the rest of a split line.
    is_rest: bool,
    /// A line was split and this has not been reported yet.
    was_cut: bool,
}

impl LineBuffer {
    /// Adds a chunk at the end.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
        }
        self.bytes.extend_from_slice(chunk);
    }

    /// Takes the next complete line, including its newline, or a part of a line that is too long.
    pub fn next_line(&mut self) -> Option<&[u8]> {
        let limit = self.bytes.len().min(self.start + LONGEST_LINE + 1);
        let fresh = self.bytes.get(self.searched..limit)?;
        let newline = fresh.iter().position(|byte| *byte == b'\n');
        self.searched = limit;
        let end = match newline {
            Some(index) => limit - fresh.len() + index + 1,
            // The byte after the limit has arrived and shows whether the last character is complete.
            None if limit - self.start > LONGEST_LINE => {
                self.start + whole_characters(self.bytes.get(self.start..)?, LONGEST_LINE)
            }
            None => return None,
        };
        self.was_cut |= newline.is_none() && !self.is_rest;
        self.is_rest = newline.is_none();
        let start = self.begin();
        self.start = end;
        self.searched = end;
        self.bytes.get(start..end)
    }

    /// Takes the remaining bytes at the end of the stream: a line without a newline, if there is one.
    pub fn rest(&mut self) -> Option<Vec<u8>> {
        let start = self.begin().min(self.bytes.len());
        let rest = self.bytes.split_off(start);
        *self = Self::default();
        (!rest.is_empty()).then_some(rest)
    }

    /// Whether a line was split since the last call. The owner reports it with [`LINE_CUT`].
    pub fn take_cut(&mut self) -> bool {
        std::mem::take(&mut self.was_cut)
    }

    /// The start of the next line, after a byte-order mark at the start of the stream.
    fn begin(&mut self) -> usize {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let has_mark = is_first && self.bytes.starts_with(BYTE_ORDER_MARK);
        if has_mark { BYTE_ORDER_MARK.len() } else { self.start }
    }
}

/// The text without a byte-order mark at its start.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The bytes without a byte-order mark of UTF-8 at their start.
pub(crate) fn bytes_without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The text without the line break at its end: a newline, a carriage return, or both.
pub(crate) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The bytes without the line break at their end, as [`without_line_end`] removes it.
pub(crate) fn bytes_without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// The largest length up to `limit` that does not split a UTF-8 character.
fn whole_characters(bytes: &[u8], limit: usize) -> usize {
    let is_middle = |index: usize| bytes.get(index).is_some_and(|byte| byte & 0xc0 == 0x80);
    (limit.saturating_sub(3)..=limit).rev().find(|index| !is_middle(*index)).unwrap_or(limit)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut buffer = LineBuffer::default();
        let mut lines = Vec::new();
        for chunk in chunks {
            buffer.push(chunk);
            while let Some(line) = buffer.next_line() {
                lines.push(line.to_vec());
            }
        }
        lines.extend(buffer.rest());
        lines
    }

    #[test]
    fn one_line_break_at_the_end_is_removed() {
        for (text, expected) in [
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\r", "a"),
            ("a", "a"),
            ("a\n\n", "a\n"),
            ("a\n\r", "a\n"),
            (" a ", " a "),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(without_line_end(text), expected, "{text:?}");
            assert_eq!(bytes_without_line_end(text.as_bytes()), expected.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn lines_split_across_chunks_are_joined() {
        assert_eq!(lines(&[b"a", b"b\nc", b"\n\nd"]), [&b"ab\n"[..], b"c\n", b"\n", b"d"]);
        assert_eq!(lines(&[]), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_very_long_line_is_split_into_parts_of_whole_characters_however_it_arrives() {
        for text in
            [format!("x{}", "é".repeat(LONGEST_LINE)), "日本".repeat(LONGEST_LINE / 3), "😀".repeat(LONGEST_LINE)]
        {
            let text = format!("{text}\n{text}");
            for size in [1 << 16, LONGEST_LINE, text.len()] {
                let parts = lines(&text.as_bytes().chunks(size).collect::<Vec<_>>());
                assert_eq!(parts.concat(), text.as_bytes());
                assert!(parts.len() > 2 && parts.iter().all(|part| std::str::from_utf8(part).is_ok()));
                assert!(parts.iter().all(|part| part.len() <= LONGEST_LINE + 1));
            }
        }
    }

    #[test]
    fn a_line_of_the_greatest_length_stays_whole_and_a_split_line_is_reported_once() {
        let mut buffer = LineBuffer::default();
        buffer.push(&[b'x'; LONGEST_LINE]);
        assert_eq!(buffer.next_line(), None);
        buffer.push(b"\n");
        assert_eq!(buffer.next_line().map(<[u8]>::len), Some(LONGEST_LINE + 1));
        assert!(!buffer.take_cut());
        buffer.push(&[b'x'; 3 * LONGEST_LINE + 1]);
        let mut reports = 0;
        while buffer.next_line().is_some() {
            reports += usize::from(buffer.take_cut());
        }
        assert_eq!(reports, 1);
    }

    #[test]
    fn a_byte_order_mark_is_removed_only_at_the_start_of_the_stream() {
        let mark = "\u{feff}";
        let first = format!("{mark}a\n{mark}b");
        assert_eq!(lines(&[first.as_bytes()]), [&b"a\n"[..], "\u{feff}b".as_bytes()]);
        let single: Vec<&[u8]> = first.as_bytes().chunks(1).collect();
        assert_eq!(lines(&single), [&b"a\n"[..], "\u{feff}b".as_bytes()]);
        assert_eq!(lines(&[mark.as_bytes(), b"x"]), [b"x"]);
        assert_eq!(lines(&[mark.as_bytes()]), Vec::<Vec<u8>>::new());
    }
}
