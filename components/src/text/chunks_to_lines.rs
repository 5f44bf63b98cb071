//! chunks_to_lines: joins chunks of text and sends complete lines.

use compose_runtime::dev::*;

use super::{LINE_CUT, LineBuffer, bytes_without_line_end};

/// Description of chunks_to_lines.
pub static CHUNKS_TO_LINES: ComponentSpec = ComponentSpec {
    type_name: "chunks_to_lines",
    category: Category::Text,
    summary: "Joins chunks of text or bytes and sends complete lines",
    docs: "For streams whose messages may end anywhere, for example from a socket. Sends one text per line, without \
           the newline and without carriage returns. A line longer than 1 MiB is sent in parts and \
           reported on the console. A byte-order mark at the start is removed.\n\n\
           Example: TCPClient into chunks_to_lines into ConsoleEchoer shows the output of a server line by line.\n\n\
           Differs from the original: a chunk may end inside a character, and the last line is sent at the end even if \
           its newline is missing. Invalid UTF-8 becomes the replacement character (U+FFFD).",
    inboxes: &[BoxSpec::new("inbox", "Chunks that may end anywhere").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Complete lines").kinds(&[Kind::Text])],
    build: build::<ChunksToLines>,
    ..ComponentSpec::EMPTY
};

struct ChunksToLines;

impl Component for ChunksToLines {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer = LineBuffer::default();
        while let Some(chunk) = io.recv("inbox").await {
            match chunk.as_bytes() {
                Some(bytes) => buffer.push(bytes),
                None => buffer.push(chunk.to_string().as_bytes()),
            }
            while let Some(line) = buffer.next_line().map(decode) {
                if buffer.take_cut() {
                    io.note(LINE_CUT);
                }
                io.send("outbox", line).await;
            }
        }
        if let Some(rest) = buffer.rest() {
            io.send("outbox", decode(&rest)).await;
        }
        Ok(())
    }
}

/// One line as text, without its newline and without carriage returns.
fn decode(line: &[u8]) -> String {
    String::from_utf8_lossy(bytes_without_line_end(line)).replace('\r', "")
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn chunks_become_lines_and_the_last_line_is_not_lost() {
        check(&CHUNKS_TO_LINES, &[], &["on", "e\r\ntwo\n\nth", "ree"], &["one", "two", "", "three"]);
    }

    #[test]
    fn a_chunk_may_end_inside_a_character() {
        let mut rig = Rig::new(&CHUNKS_TO_LINES, &[]);
        rig.put("inbox", Message::bytes(b"caf\xc3"));
        rig.put("inbox", Message::bytes(b"\xa9\n\xff\n"));
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["café", "\u{fffd}"]);
    }

    #[test]
    fn a_split_line_is_reported_and_a_byte_order_mark_is_removed() {
        let mut rig = Rig::new(&CHUNKS_TO_LINES, &[]);
        rig.put("inbox", "\u{feff}first\n");
        rig.put("inbox", "é".repeat(super::super::LONGEST_LINE));
        rig.finish();
        rig.run();
        let lines = rig.texts("outbox");
        assert_eq!(lines[0], "first");
        assert!(lines.len() > 2 && !lines.concat().contains('\u{fffd}'));
        assert_eq!(rig.console(), [LINE_CUT]);
    }
}
