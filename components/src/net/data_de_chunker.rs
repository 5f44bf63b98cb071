//! DataDeChunker: finds the messages that a DataChunker marked.

use compose_runtime::dev::*;

use super::marker::{BYTES, Marker, SYNC};
use crate::refuse::bytes_of;

/// Description of DataDeChunker.
pub static DATA_DE_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataDeChunker",
    category: Category::Network,
    summary: "Finds the messages that a DataChunker marked",
    docs: "Chunks may end anywhere. A message is complete when the next marker arrives, when any message arrives in \
           `flush`, or when the input ends. Bytes before the first marker are dropped.\n\n\
           Example: Multicast_receiver, SimpleDetupler, DataDeChunker, DeFramer.\n\n\
           Differs from the original: all complete messages leave at once, and the last message is not kept for \
           ever.",
    inboxes: &[
        BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES),
        BoxSpec::new("flush", "Any message; sends what has been collected"),
    ],
    outboxes: &[BoxSpec::new("outbox", "The messages").kinds(&[Kind::Bytes])],
    params: &[SYNC],
    build: build::<DataDeChunker>,
    ..ComponentSpec::EMPTY
};

struct DataDeChunker(Marker);

impl Component for DataDeChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Marker::of(params).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer: Vec<u8> = Vec::new();
        while let Some((inbox, message)) = io.recv_any(&["inbox", "flush"]).await {
            let is_flush = inbox == "flush";
            if !is_flush {
                buffer.extend_from_slice(bytes_of(&message)?);
            }
            for message in self.complete(&mut buffer, is_flush) {
                io.send("outbox", message).await;
            }
        }
        for message in self.complete(&mut buffer, true) {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

impl DataDeChunker {
    /// Takes the complete messages out of the buffer; with `all`, also the last one, whose end has not arrived.
    fn complete(&self, buffer: &mut Vec<u8>, all: bool) -> Vec<Vec<u8>> {
        let (mut messages, marker) = (Vec::new(), &self.0.bytes);
        let find = |bytes: &[u8]| bytes.windows(marker.len()).position(|window| window == marker);
        let Some(start) = find(buffer) else {
            // The last bytes may be the start of a marker.
            let keep = buffer.len().min(marker.len() - 1);
            buffer.drain(..buffer.len() - keep);
            return messages;
        };
        buffer.drain(..start);
        while let Some(end) = buffer.get(marker.len()..).and_then(find).map(|end| end + marker.len()) {
            let chunk: Vec<u8> = buffer.drain(..end).collect();
            messages.push(self.0.unmark(&chunk));
        }
        if all {
            messages.push(self.0.unmark(&std::mem::take(buffer)));
        }
        messages
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
}
