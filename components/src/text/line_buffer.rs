//! LineBuffer: splits a stream of chunks at newlines. Pure data, no boxes.

/// A longer line is split into parts of this size, in bytes, so that a stream without newlines cannot fill the memory.
const LONGEST_LINE: usize = 1 << 20;

/// The received bytes of lines that have not been taken.
#[derive(Debug, Default)]
pub(crate) struct LineBuffer {
    bytes: Vec<u8>,
    /// Start of the first line that has not been taken.
    start: usize,
    /// All bytes before this index have been searched for a newline.
    searched: usize,
}

impl LineBuffer {
    /// Adds a chunk at the end.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
        }
        self.bytes.extend_from_slice(chunk);
    }

    /// Takes the next complete line, including its newline.
    pub(crate) fn next_line(&mut self) -> Option<&[u8]> {
        let fresh = self.bytes.get(self.searched..)?;
        let end = match fresh.iter().position(|byte| *byte == b'\n') {
            Some(index) => self.searched + index + 1,
            None if self.bytes.len() - self.start >= LONGEST_LINE => {
                self.start + whole_characters(self.bytes.get(self.start..)?, LONGEST_LINE)
            }
            None => {
                self.searched = self.bytes.len();
                return None;
            }
        };
        let line = self.bytes.get(self.start..end);
        self.start = end;
        self.searched = self.searched.max(end);
        line
    }

    /// Takes the remaining bytes at the end of the stream: a line without a newline, if there is one.
    pub(crate) fn rest(&mut self) -> Option<Vec<u8>> {
        let rest = self.bytes.split_off(self.start.min(self.bytes.len()));
        *self = Self::default();
        (!rest.is_empty()).then_some(rest)
    }
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
    fn lines_split_across_chunks_are_joined() {
        assert_eq!(lines(&[b"a", b"b\nc", b"\n\nd"]), [&b"ab\n"[..], b"c\n", b"\n", b"d"]);
        assert_eq!(lines(&[]), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_very_long_line_is_split_into_parts_of_whole_characters() {
        let text = format!("x{}", "é".repeat(LONGEST_LINE));
        let parts = lines(&[text.as_bytes()]);
        assert_eq!(parts.concat(), text.as_bytes());
        assert!(parts.len() > 1 && parts.iter().all(|part| std::str::from_utf8(part).is_ok()));
    }
}
