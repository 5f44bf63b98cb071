//! LengthFramer: puts the length of each message before it.

use compose_runtime::dev::*;

use super::frame::{BYTES, frame};
use crate::refuse::bytes_of;

/// Description of LengthFramer.
pub static LENGTH_FRAMER: ComponentSpec = ComponentSpec {
    type_name: "LengthFramer",
    category: Category::Network,
    summary: "Puts the length of each message before it, so that a LengthDeframer can cut the stream",
    docs: "Each message becomes its length in decimal digits, a newline and the message itself, as one message of \
           bytes.\n\n\
           Example: JpegEncoder into LengthFramer into a server sends pictures one after the other.",
    inboxes: &[BoxSpec::new("inbox", "Messages").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Frames").kinds(&[Kind::Bytes])],
    build: build::<LengthFramer>,
    ..ComponentSpec::EMPTY
};

struct LengthFramer;

impl Component for LengthFramer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let bytes = bytes_of(&message)?;
            io.send("outbox", frame(&bytes.len().to_string(), bytes)).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn the_length_counts_bytes() {
        check(&LENGTH_FRAMER, &[], &["one", "", "é\n"], &["3\none", "0\n", "3\né\n"]);
    }
}
