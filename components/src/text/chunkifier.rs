//! Chunkifier: regroups a byte stream into blocks of equal size.

use compose_runtime::dev::*;

use crate::byte_queue::ByteQueue;
use crate::refuse::bytes_of;

/// Description of Chunkifier.
pub static CHUNKIFIER: ComponentSpec = ComponentSpec {
    type_name: "Chunkifier",
    category: Category::Text,
    summary: "Regroups a byte stream into blocks of equal size",
    docs: "A block may combine bytes from several messages. When the input ends, the remaining bytes are sent as a \
           shorter block. With `nodelay`, a shorter block is sent whenever no more input is waiting.\n\n\
           Example: TCPClient into Chunkifier with `chunksize` = 188 produces the packets of a transport stream.",
    inboxes: &[BoxSpec::new("inbox", "Bytes in chunks of any size").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Blocks").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::int("chunksize", 1, 1 << 30, 1 << 20, "Size of a block").unit("bytes"),
        ParamSpec::switch("nodelay", false, "Do not wait for a block to fill"),
    ],
    build: build::<Chunkifier>,
    ..ComponentSpec::EMPTY
};

struct Chunkifier {
    size: usize,
    nodelay: bool,
}

impl Component for Chunkifier {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { size: params.count("chunksize").max(1), nodelay: params.switch("nodelay") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer = ByteQueue::default();
        while let Some(message) = io.recv("inbox").await {
            buffer.push(bytes_of(&message)?);
            while buffer.len() >= self.size || (self.nodelay && !buffer.is_empty() && io.depth("inbox") == 0) {
                io.send("outbox", buffer.take(self.size)).await;
            }
        }
        if !buffer.is_empty() {
            io.send("outbox", buffer.take_all()).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{check, through};

    use super::*;

    #[test]
    fn blocks_are_filled_across_messages() {
        check(&CHUNKIFIER, &[("chunksize", 4.into())], &["ab", "cde", "fghi"], &["abcd", "efgh", "i"]);
        let nodelay = [("chunksize", 4.into()), ("nodelay", true.into())];
        check(&CHUNKIFIER, &nodelay, &["abcdef"], &["abcd", "ef"]);
    }

    #[test]
    fn a_large_message_is_cut_into_small_blocks_in_linear_time() {
        // If each block moved the rest of the message, this would take minutes.
        let length = 8 << 20;
        let blocks =
            through(&CHUNKIFIER, &[("chunksize", 16.into())], &[Message::from(vec![7; length])]).take("outbox");
        assert!(blocks.len() == length / 16 && blocks.iter().all(|block| block.payload_len() == 16));
    }
}
