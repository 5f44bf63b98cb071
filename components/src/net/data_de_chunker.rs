//! DataDeChunker: finds the messages that a DataChunker marked.

use compose_runtime::dev::*;

use super::marker::{BYTES, Marker, SYNC};
use crate::byte_queue::ByteQueue;
use crate::refuse::{REJECTED, bytes_of, reject};

const LARGEST: ParamSpec =
    ParamSpec::int("largest", 1, 1 << 30, 16 << 20, "Largest message between two markers; a longer one is rejected")
        .unit("bytes");

/// Description of DataDeChunker.
pub static DATA_DE_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataDeChunker",
    category: Category::Network,
    summary: "Finds the messages that a DataChunker marked",
    docs: "Chunks may end anywhere. A message is complete when the next marker arrives, when any message arrives in \
           `flush`, or when the input ends. Bytes before the first marker are dropped, and so are bytes between a \
           `flush` and the next marker. If a message has more than `largest` bytes, its first `largest` bytes go to \
           `rejected`, the rest of it is dropped, and the next message is read.\n\n\
           Example: Multicast_receiver, SimpleDetupler, DataDeChunker, DeFramer.\n\n\
           Differs from the original: all complete messages leave at once, and the last message is not kept for \
           ever.",
    inboxes: &[
        BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES),
        BoxSpec::new("flush", "Any message; sends what has been collected"),
    ],
    outboxes: &[BoxSpec::new("outbox", "The messages").kinds(&[Kind::Bytes]), REJECTED],
    params: &[SYNC, LARGEST],
    build: build::<DataDeChunker>,
    ..ComponentSpec::EMPTY
};

struct DataDeChunker {
    marker: Marker,
    largest: usize,
}

impl Component for DataDeChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { marker: Marker::of(params)?, largest: params.count(LARGEST.name) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut stream = Stream::default();
        while let Some((inbox, message)) = io.recv_any(&["inbox", "flush"]).await {
            if inbox == "flush" {
                self.send(&io, stream.rest(&self.marker.bytes)).await;
                continue;
            }
            stream.queue.push(bytes_of(&message)?);
            while let Some(marked) = stream.next(&self.marker.bytes, self.largest) {
                self.send(&io, Some(marked)).await;
            }
        }
        self.send(&io, stream.rest(&self.marker.bytes)).await;
        Ok(())
    }
}

impl DataDeChunker {
    /// Sends the message in these bytes, or rejects their start if they are too long.
    async fn send(&self, io: &BoxIo, marked: Option<Vec<u8>>) {
        let Some(mut marked) = marked else { return };
        if marked.len() <= self.largest {
            io.send("outbox", self.marker.unmark(&marked)).await;
            return;
        }
        marked.truncate(self.largest);
        let why =
            format!("a message is longer than {} bytes, and only its start is kept; increase largest", self.largest);
        reject(io, "inbox", Message::from(marked), &why).await;
    }
}

/// The bytes of the stream that are not messages yet.
#[derive(Debug, Default)]
struct Stream {
    queue: ByteQueue,
    /// No marker begins before this index of the queue, so a long message is searched only once.
    searched: usize,
    /// Whether a marker directly precedes the queue. If not, everything up to the next marker is dropped.
    is_in_message: bool,
}

impl Stream {
    /// Takes the next message that a marker terminates, or one that exceeds `largest` before its end has arrived.
    fn next(&mut self, marker: &[u8], largest: usize) -> Option<Vec<u8>> {
        loop {
            let fresh = self.queue.waiting().get(self.searched..).unwrap_or_default();
            if let Some(at) = fresh.windows(marker.len()).position(|window| window == marker) {
                let marked = self.queue.take(self.searched + at);
                self.queue.skip(marker.len());
                self.searched = 0;
                if std::mem::replace(&mut self.is_in_message, true) {
                    return Some(marked);
                }
                continue;
            }
            // The last bytes may be the start of a marker.
            self.searched = (self.queue.len() + 1).saturating_sub(marker.len());
            if !self.is_in_message {
                self.queue.skip(std::mem::take(&mut self.searched));
                return None;
            }
            if self.searched <= largest {
                return None;
            }
            self.is_in_message = false;
            return Some(self.queue.take(std::mem::take(&mut self.searched)));
        }
    }

    /// Takes the message whose end has not arrived. An incomplete marker after it stays in the queue; it cannot belong
    /// to the message, because messages contain no byte of the marker.
    fn rest(&mut self, marker: &[u8]) -> Option<Vec<u8>> {
        if !std::mem::take(&mut self.is_in_message) {
            return None;
        }
        let waiting = self.queue.waiting();
        let begun = (1..marker.len()).rev().find(|length| waiting.ends_with(marker.get(..*length).unwrap_or_default()));
        self.searched = 0;
        Some(self.queue.take(waiting.len() - begun.unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, through};

    use super::super::data_chunker::DATA_CHUNKER;
    use super::*;

    #[test]
    fn marked_messages_are_found_wherever_the_stream_is_cut() {
        let messages = [b"plain".as_slice(), b"", b"XXXX\\X%58%%25", &[b'X'; 60], b"%"].map(Message::bytes);
        let marked = through(&DATA_CHUNKER, &[], &messages).take("outbox");
        let stream: Vec<u8> = marked.iter().flat_map(|part| part.as_bytes().unwrap_or_default().to_vec()).collect();
        let single: Vec<Message> = stream.iter().map(|byte| Message::bytes([*byte])).collect();
        assert_eq!(through(&DATA_DE_CHUNKER, &[], &single).take("outbox"), messages);
        let late = ["lost end".into(), Message::from(stream)];
        assert_eq!(through(&DATA_DE_CHUNKER, &[], &late).take("outbox"), messages);
    }

    #[test]
    fn flush_sends_what_has_been_collected() {
        let mut rig = Rig::new(&DATA_DE_CHUNKER, &[("syncmessage", "#!".into())]);
        rig.put("inbox", "#!abc");
        rig.run();
        assert_eq!(rig.take("outbox"), []);
        rig.put("flush", true);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["abc"]);
    }

    #[test]
    fn a_flush_inside_a_marker_loses_nothing() {
        let mut rig = Rig::new(&DATA_DE_CHUNKER, &[("syncmessage", "##".into())]);
        for (inbox, message) in [("inbox", "##ab#"), ("flush", ""), ("inbox", "#cd##ef")] {
            rig.put(inbox, message);
            rig.run();
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["ab", "cd", "ef"]);
    }

    #[test]
    fn a_message_that_is_too_long_is_rejected_wherever_the_stream_is_cut() {
        let stream = b"#!abc#!abcd#!abcdefghijkl#!xyz#!abcdefgh";
        for size in [1, 2, 3, 5, 100] {
            let chunks: Vec<Message> = stream.chunks(size).map(Message::bytes).collect();
            let mut rig = through(&DATA_DE_CHUNKER, &[("syncmessage", "#!".into()), ("largest", 3.into())], &chunks);
            assert_eq!(rig.texts("outbox"), ["abc", "xyz"], "{size}");
            assert_eq!(rig.texts("rejected"), ["abc"; 3], "{size}");
            assert!(rig.console()[0].contains("a message is longer than 3 bytes"), "{:?}", rig.console());
        }
    }

    #[test]
    fn a_long_message_is_searched_once_and_short_messages_are_not_moved() {
        // If each chunk were searched with all previous ones, or each message moved the rest, this would take minutes.
        let marked = [b"#!".as_slice(), &vec![b'x'; 8 << 20], b"#!"].concat();
        let chunks: Vec<Message> = marked.chunks(64).map(Message::bytes).collect();
        let params = [("syncmessage", "#!".into())];
        let messages = through(&DATA_DE_CHUNKER, &params, &chunks).take("outbox");
        assert_eq!(messages.iter().map(Message::payload_len).collect::<Vec<_>>(), [8 << 20, 0]);
        let short = Message::from(b"#!abcdef".repeat(1 << 20));
        assert_eq!(through(&DATA_DE_CHUNKER, &params, &[short]).take("outbox").len(), 1 << 20);
    }
}
