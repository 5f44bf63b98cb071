//! DataChunker: puts a marker before each message.

use compose_runtime::dev::*;

use super::marker::{BYTES, ESCAPE, SYNC, sync_of};
use crate::refuse::bytes_of;

/// Description of DataChunker.
pub static DATA_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataChunker",
    category: Category::Network,
    summary: "Puts a marker before each message, so that a receiver can find its start",
    docs: "For streams that lose data: a receiver that starts in the middle, or misses something, finds the next \
           message by its marker. Markers inside messages are escaped.\n\n\
           Example: Framer into DataChunker into a Multicast_sender.",
    inboxes: &[BoxSpec::new("inbox", "Messages").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Marked messages").kinds(&[Kind::Bytes])],
    params: &[SYNC],
    build: build::<DataChunker>,
    ..ComponentSpec::EMPTY
};

struct DataChunker {
    sync: Vec<u8>,
}

impl Component for DataChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { sync: sync_of(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let first = self.sync.first().copied().unwrap_or_default();
        while let Some(message) = io.recv("inbox").await {
            let mut marked = self.sync.clone();
            // The first byte of the marker is always escaped inside a message, so the marker never occurs there.
            for byte in bytes_of(&message)? {
                if *byte == first || *byte == ESCAPE {
                    marked.push(ESCAPE);
                    marked.push(if *byte == ESCAPE { ESCAPE } else { first ^ 1 });
                } else {
                    marked.push(*byte);
                }
            }
            io.send("outbox", marked).await;
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
        check(&DATA_CHUNKER, &[("syncmessage", "#!".into())], &["abc", "#!", "\\"], &["#!abc", "#!\\\"!", "#!\\\\"]);
    }
}
