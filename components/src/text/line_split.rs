//! LineSplit: splits each message at its newlines.

use compose_runtime::dev::*;

/// Description of LineSplit.
pub static LINE_SPLIT: ComponentSpec = ComponentSpec {
    type_name: "LineSplit",
    category: Category::Text,
    summary: "Splits each message into its lines, one message a line",
    docs: "Newlines (and carriage returns before them) are removed; a newline at the very end of a message does not make \
           an empty line. Text gives text and bytes give bytes; other values pass unchanged. Every message is taken for \
           itself: to join lines that were cut apart on their way, as from a socket, use chunks_to_lines.\n\n\
           Example: `\"one\\ntwo\\n\"` becomes `\"one\"` and `\"two\"`.",
    inboxes: &[BoxSpec::new("inbox", "Text of several lines").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "One line a message").kinds(&[Kind::Text, Kind::Bytes])],
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
                    for line in text.lines() {
                        io.send("outbox", line).await;
                    }
                }
                Message::Bytes(bytes) => {
                    for line in byte_lines(&bytes) {
                        io.send("outbox", Message::bytes(line)).await;
                    }
                }
                other => io.send("outbox", other).await,
            }
        }
        Ok(())
    }
}

/// What `str::lines` does, for bytes.
fn byte_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    })
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn lines_come_one_by_one_without_their_newlines() {
        check(&LINE_SPLIT, &[], &["one\ntwo\n", "three", "a\r\n\nb"], &["one", "two", "three", "a", "", "b"]);
    }

    #[test]
    fn bytes_are_split_as_bytes_in_the_same_way() {
        let mut rig = Rig::new(&LINE_SPLIT, &[]);
        rig.put("inbox", Message::bytes(b"\xff\r\n\nb"));
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [&b"\xff"[..], b"", b"b"].map(Message::bytes));
    }
}
