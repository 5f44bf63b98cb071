//! LineSplit: splits each message at its newlines.

use compose_runtime::dev::*;

use super::{bytes_without_line_end, bytes_without_mark, without_mark};

/// Description of LineSplit.
pub static LINE_SPLIT: ComponentSpec = ComponentSpec {
    type_name: "LineSplit",
    category: Category::Text,
    summary: "Splits each message into lines, one message per line",
    docs: "Newlines, and carriage returns before them, are removed. A newline at the end of a message does not add an \
           empty line, and a byte-order mark at its start is removed. Text is split into text and bytes into bytes; other values pass unchanged. Each message is \
           split separately. To join lines that were split across messages, for example by a socket, use \
           chunks_to_lines.\n\n\
           Example: `\"one\\ntwo\\n\"` becomes `\"one\"` and `\"two\"`.",
    inboxes: &[BoxSpec::new("inbox", "Text with several lines").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "One line per message").kinds(&[Kind::Text, Kind::Bytes])],
    build: build::<LineSplit>,
    ..ComponentSpec::EMPTY
};

struct LineSplit;

impl Component for LineSplit {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            match message {
                Message::Text(text) => {
                    for line in without_mark(&text).lines() {
                        io.send("outbox", line).await;
                    }
                }
                Message::Bytes(bytes) => {
                    for line in byte_lines(bytes_without_mark(&bytes)) {
                        io.send("outbox", Message::bytes(line)).await;
                    }
                }
                other => io.send("outbox", other).await,
            }
        }
        Ok(())
    }
}

/// Like `str::lines`, but for bytes. A carriage return without a newline is part of its line.
fn byte_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| if line.ends_with(b"\n") { bytes_without_line_end(line) } else { line })
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn lines_are_sent_one_by_one_without_newlines() {
        check(&LINE_SPLIT, &[], &["one\ntwo\n", "three", "a\r\n\nb"], &["one", "two", "three", "a", "", "b"]);
        check(&LINE_SPLIT, &[], &["\u{feff}one\n\u{feff}two"], &["one", "\u{feff}two"]);
    }

    #[test]
    fn bytes_are_split_into_bytes() {
        let mut rig = Rig::new(&LINE_SPLIT, &[]);
        rig.put("inbox", Message::bytes(b"\xff\r\n\nb"));
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [&b"\xff"[..], b"", b"b"].map(Message::bytes));
    }
}
