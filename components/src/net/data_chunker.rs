//! DataChunker: puts a marker before each message.

use compose_runtime::dev::*;

use super::marker::{BYTES, Marker, SYNC};
use crate::refuse::bytes_of;

/// Description of DataChunker.
pub static DATA_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataChunker",
    category: Category::Network,
    summary: "Puts a marker before each message, so that a receiver can find its start",
    docs: "For streams that lose data: a receiver that starts in the middle, or misses something, finds the next \
           message by its marker. The bytes of the marker are escaped inside messages, as in the original, so either end \
           may run the original Kamaelia.\n\n\
           Example: Framer into DataChunker into a Multicast_sender.",
    inboxes: &[BoxSpec::new("inbox", "Messages").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Marked messages").kinds(&[Kind::Bytes])],
    params: &[SYNC],
    build: build::<DataChunker>,
    ..ComponentSpec::EMPTY
};

struct DataChunker(Marker);

impl Component for DataChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Marker::of(params).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", self.0.mark(bytes_of(&message)?)).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn markers_inside_messages_are_escaped() {
        check(&DATA_CHUNKER, &[("syncmessage", "#!".into())], &["abc", "#!", "%"], &["#!abc", "#!%23%21", "#!%25"]);
    }
}
