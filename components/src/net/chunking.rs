//! DataChunker, DataDeChunker, MaxSizePacketiser and Chunkifier: cutting streams of bytes into pieces.

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
const SYNC: ParamSpec = ParamSpec::text("syncmessage", "XXXXXXXXXXXXXXXXXXXXXXXX", "The marker; the same at both ends");
/// Stands before a byte that is not what it seems.
const ESCAPE: u8 = b'\\';

/// Description of DataChunker.
pub static DATA_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataChunker",
    category: Category::Network,
    summary: "Puts a marker before each message, so that starts can be found again",
    docs: "For streams that lose pieces: whoever begins to listen in the middle, or misses something, finds the next \
           message by the marker. Markers inside messages are escaped.\n\nExample: Framer into DataChunker into a \
           Multicast_sender.",
    inboxes: &[BoxSpec::new("inbox", "Messages").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Marked messages").kinds(&[Kind::Bytes])],
    params: &[SYNC],
    build: build::<DataChunker>,
    ..ComponentSpec::EMPTY
};

/// Description of DataDeChunker.
pub static DATA_DE_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "DataDeChunker",
    category: Category::Network,
    summary: "Finds the messages that a DataChunker has marked",
    docs: "Chunks may end anywhere. A message is complete when the next marker comes, when anything arrives in `flush`, \
           or at the end of the input; bytes before the first marker are dropped.\n\n\
           Example: Multicast_receiver, SimpleDetupler, DataDeChunker, DeFramer.\n\n\
           Differs from the original: all complete messages leave at once, and the last one is not kept for ever.",
    inboxes: &[
        BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES),
        BoxSpec::new("flush", "Anything: lets go what has been collected"),
    ],
    outboxes: &[BoxSpec::new("outbox", "The messages").kinds(&[Kind::Bytes])],
    params: &[SYNC],
    build: build::<DataDeChunker>,
    ..ComponentSpec::EMPTY
};

/// Description of MaxSizePacketiser.
pub static MAX_SIZE_PACKETISER: ComponentSpec = ComponentSpec {
    type_name: "MaxSizePacketiser",
    category: Category::Network,
    summary: "Cuts messages so that none is longer than a limit",
    docs: "Short messages pass as they are; long ones leave in pieces, the last of which may be shorter.\n\n\
           Example: in front of a UDPSender, whose datagrams must not be too large.",
    inboxes: &[BoxSpec::new("inbox", "Messages of any length").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Messages of at most so many bytes").kinds(&[Kind::Bytes])],
    params: &[ParamSpec::int("maxsize", 1, 1 << 30, 1000, "Longest message").unit("bytes")],
    build: build::<MaxSizePacketiser>,
    ..ComponentSpec::EMPTY
};

/// Description of Chunkifier.
pub static CHUNKIFIER: ComponentSpec = ComponentSpec {
    type_name: "Chunkifier",
    category: Category::Text,
    summary: "Regroups a stream of bytes into blocks of one size",
    docs: "Blocks are filled across messages. The rest leaves, shorter, when the input has ended; with `nodelay` a block \
           leaves, shorter, whenever nothing more is waiting.\n\nExample: TCPClient into Chunkifier with `chunksize` = \
           188 gives the packets of a transport stream.",
    inboxes: &[BoxSpec::new("inbox", "Bytes in pieces of any size").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Blocks").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::int("chunksize", 1, 1 << 30, 1 << 20, "Size of a block").unit("bytes"),
        ParamSpec::switch("nodelay", false, "Do not wait for a block to fill"),
    ],
    build: build::<Chunkifier>,
    ..ComponentSpec::EMPTY
};

struct DataChunker {
    sync: Vec<u8>,
}
struct DataDeChunker {
    sync: Vec<u8>,
}
struct MaxSizePacketiser(usize);
struct Chunkifier {
    size: usize,
    nodelay: bool,
}

fn sync_of(params: &Params) -> Result<Vec<u8>, ParamError> {
    let sync = params.text("syncmessage").into_bytes();
    if sync.is_empty() || sync.contains(&ESCAPE) {
        return Err(ParamError::Other("syncmessage: a text without backslashes is expected".to_owned()));
    }
    Ok(sync)
}

fn bytes_of(message: &Message) -> Result<&[u8], Fault> {
    message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes or text", message))
}

impl Component for DataChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { sync: sync_of(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let first = self.sync.first().copied().unwrap_or_default();
        while let Some(message) = io.recv("inbox").await {
            let mut marked = self.sync.clone();
            // The marker's first letter never stands unescaped inside, so neither does the marker.
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

impl Component for DataDeChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { sync: sync_of(params)? })
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
    /// Takes the complete messages out; with `all`, also the one whose end has not been seen.
    fn complete(&self, buffer: &mut Vec<u8>, all: bool) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        let find = |bytes: &[u8]| bytes.windows(self.sync.len()).position(|window| window == self.sync);
        let Some(start) = find(buffer) else {
            // A marker may be half here.
            let keep = buffer.len().min(self.sync.len() - 1);
            buffer.drain(..buffer.len() - keep);
            return messages;
        };
        buffer.drain(..start);
        while let Some(end) = buffer.get(self.sync.len()..).and_then(find).map(|end| end + self.sync.len()) {
            let chunk: Vec<u8> = buffer.drain(..end).collect();
            messages.push(self.plain(&chunk));
        }
        if all {
            messages.push(self.plain(&std::mem::take(buffer)));
        }
        messages
    }

    /// The message behind a marker, without escapes.
    fn plain(&self, chunk: &[u8]) -> Vec<u8> {
        let first = self.sync.first().copied().unwrap_or_default();
        let mut bytes = chunk.iter().skip(self.sync.len()).copied();
        let mut plain = Vec::with_capacity(chunk.len());
        while let Some(byte) = bytes.next() {
            let literal = if byte == ESCAPE { bytes.next() } else { None };
            plain.push(match literal {
                Some(ESCAPE) => ESCAPE,
                Some(_) => first,
                None => byte,
            });
        }
        plain
    }
}

impl Component for MaxSizePacketiser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(params.count("maxsize").max(1)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            for piece in bytes_of(&message)?.chunks(self.0) {
                io.send("outbox", Message::bytes(piece)).await;
            }
        }
        Ok(())
    }
}

impl Component for Chunkifier {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { size: params.count("chunksize").max(1), nodelay: params.switch("nodelay") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer: Vec<u8> = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            buffer.extend_from_slice(bytes_of(&message)?);
            while buffer.len() >= self.size || (self.nodelay && !buffer.is_empty() && io.depth("inbox") == 0) {
                let block: Vec<u8> = buffer.drain(..self.size.min(buffer.len())).collect();
                io.send("outbox", block).await;
            }
        }
        if !buffer.is_empty() {
            io.send("outbox", buffer).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    fn through(spec: &'static ComponentSpec, params: &[(&str, Message)], given: &[Message]) -> Vec<Message> {
        let mut rig = Rig::new(spec, params);
        for message in given {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run();
        rig.take("outbox")
    }

    #[test]
    fn marked_messages_are_found_again_however_they_are_cut() {
        let messages = [b"plain".as_slice(), b"", b"XXXX\\X\\\\", &[b'X'; 60], b"\\"].map(Message::bytes);
        let marked = through(&DATA_CHUNKER, &[], &messages);
        let stream: Vec<u8> = marked.iter().flat_map(|part| part.as_bytes().unwrap_or_default().to_vec()).collect();
        let single: Vec<Message> = stream.iter().map(|byte| Message::bytes([*byte])).collect();
        assert_eq!(through(&DATA_DE_CHUNKER, &[], &single), messages);
        assert_eq!(through(&DATA_DE_CHUNKER, &[], &["lost end".into(), Message::from(stream)]), messages);
    }

    #[test]
    fn flushing_lets_go_what_is_there() {
        let mut rig = Rig::new(&DATA_DE_CHUNKER, &[("syncmessage", "#!".into())]);
        rig.put("inbox", "#!abc");
        rig.run();
        assert_eq!(rig.take("outbox"), []);
        rig.put("flush", true);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["abc"]);
    }

    #[test]
    fn streams_are_cut_to_size() {
        check(&MAX_SIZE_PACKETISER, &[("maxsize", 2.into())], &["abcde", "f"], &["ab", "cd", "e", "f"]);
        check(&CHUNKIFIER, &[("chunksize", 4.into())], &["ab", "cde", "fghi"], &["abcd", "efgh", "i"]);
        let nodelay = [("chunksize", 4.into()), ("nodelay", true.into())];
        check(&CHUNKIFIER, &nodelay, &["abcdef"], &["abcd", "ef"]);
    }
}
