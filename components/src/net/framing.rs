//! Framer, DeFramer, LengthFramer and LengthDeframer: messages with their length before them.

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject, wrong_kind};

const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
/// The longest head of a frame, its newline included.
const LONGEST_HEAD: usize = 64;
const LARGEST: ParamSpec =
    ParamSpec::int("largest", 1, 1 << 30, 16 << 20, "Largest frame; a longer one is damage").unit("bytes");

/// Description of LengthFramer.
pub static LENGTH_FRAMER: ComponentSpec = ComponentSpec {
    type_name: "LengthFramer",
    category: Category::Network,
    summary: "Puts the length before each message, so that a stream can be cut again",
    docs: "Each message becomes its length in decimal digits, a newline and the message, as one message of bytes.\n\n\
           Example: JpegEncoder into LengthFramer into a server sends pictures one after the other.",
    inboxes: &[BoxSpec::new("inbox", "Messages").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Frames").kinds(&[Kind::Bytes])],
    build: build::<LengthFramer>,
    ..ComponentSpec::EMPTY
};

/// Description of LengthDeframer.
pub static LENGTH_DEFRAMER: ComponentSpec = ComponentSpec {
    type_name: "LengthDeframer",
    category: Category::Network,
    summary: "Cuts a stream into the messages a LengthFramer made",
    docs: "Chunks may end anywhere. A length that is no number or larger than `largest` ends it with words: from there on \
           the stream cannot be cut. A frame that is not complete when the input ends goes to `rejected`.\n\n\
           Example: TCPClient into LengthDeframer into JpegDecoder into Image.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "The messages").kinds(&[Kind::Bytes]), REJECTED],
    params: &[LARGEST],
    build: build::<Deframer<false>>,
    ..ComponentSpec::EMPTY
};

/// Description of Framer.
pub static FRAMER: ComponentSpec = ComponentSpec {
    type_name: "Framer",
    category: Category::Network,
    summary: "Puts tag and length before each message",
    docs: "Each message is a list of a tag (a whole number) and bytes or text; it becomes tag, space, length, newline and \
           the bytes. Anything else is said on the console and goes to `rejected`.\n\n\
           Example: TagWithSequenceNumber into Framer into DataChunker for a network that loses things.",
    inboxes: &[BoxSpec::new("inbox", "Lists of tag and bytes").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "Frames").kinds(&[Kind::Bytes]), REJECTED],
    build: build::<Framer>,
    ..ComponentSpec::EMPTY
};

/// Description of DeFramer.
pub static DE_FRAMER: ComponentSpec = ComponentSpec {
    type_name: "DeFramer",
    category: Category::Network,
    summary: "Turns the frames of a Framer back into tag and message",
    docs: "Frames may be cut anywhere, or come one per message. A frame that is damaged ends it with words, unless each \
           message is one `whole` frame: then the damaged one is said on the console, goes to `rejected`, and the next \
           one is read.\n\n\
           Example: DataDeChunker into DeFramer with `whole` into RecoverOrder.\n\n\
           Differs from the original: frames need not be whole messages.",
    inboxes: &[BoxSpec::new("inbox", "Frames, or chunks of them").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Lists of tag and bytes").kinds(&[Kind::List]), REJECTED],
    params: &[LARGEST, ParamSpec::switch("whole", false, "Each message is one whole frame; damage is passed over")],
    build: build::<Deframer<true>>,
    ..ComponentSpec::EMPTY
};

struct LengthFramer;
struct Framer;
struct Deframer<const TAGGED: bool> {
    largest: usize,
    whole: bool,
}

impl Component for LengthFramer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let Some(bytes) = message.as_bytes() else { return Err(wrong_kind("inbox", "bytes or text", &message)) };
            io.send("outbox", frame(&bytes.len().to_string(), bytes)).await;
        }
        Ok(())
    }
}

impl Component for Framer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let framed = match &message {
                Message::List(pair) => match pair.as_slice() {
                    [Message::Int(tag), data] => {
                        data.as_bytes().map(|data| frame(&format!("{tag} {}", data.len()), data))
                    }
                    _ => None,
                },
                _ => None,
            };
            match framed {
                Some(framed) => io.send("outbox", framed).await,
                None => reject(&io, "inbox", message, "a list of a whole number and bytes was expected").await,
            }
        }
        Ok(())
    }
}

fn frame(head: &str, data: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(head.len() + 1 + data.len());
    framed.extend_from_slice(head.as_bytes());
    framed.push(b'\n');
    framed.extend_from_slice(data);
    framed
}

impl<const TAGGED: bool> Component for Deframer<TAGGED> {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { largest: params.count("largest"), whole: params.switch("whole") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer: Vec<u8> = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            let Some(bytes) = message.as_bytes() else { return Err(wrong_kind("inbox", "bytes or text", &message)) };
            buffer.extend_from_slice(bytes);
            loop {
                match self.next(&mut buffer) {
                    Ok(Some(frame)) => io.send("outbox", frame).await,
                    Ok(None) if self.whole && !buffer.is_empty() => {
                        buffer.clear();
                        reject(&io, "inbox", message, "the frame is too short").await;
                        break;
                    }
                    Ok(None) => break,
                    Err(why) if self.whole => {
                        buffer.clear();
                        reject(&io, "inbox", message, &why).await;
                        break;
                    }
                    Err(why) => {
                        return Err(Fault::new(format!("inbox: {why}; what sends here must put lengths first")));
                    }
                }
            }
        }
        if !buffer.is_empty() && !io.is_shutting_down() {
            reject(&io, "inbox", Message::from(buffer), "the stream ended inside a frame").await;
        }
        Ok(())
    }
}

impl<const TAGGED: bool> Deframer<TAGGED> {
    /// Takes the next complete frame; `None` if it is not all there.
    fn next(&self, buffer: &mut Vec<u8>) -> Result<Option<Message>, String> {
        let Some(end) = buffer.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n') else {
            let is_long = buffer.len() >= LONGEST_HEAD;
            return if is_long { Err("there is no length at the start of a frame".to_owned()) } else { Ok(None) };
        };
        let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
        let damaged = || format!("this is no head of a frame: {head:?}");
        let (tag, length) = match head.trim_end_matches('\r').split_once(' ') {
            Some((tag, length)) if TAGGED => (tag.parse::<i64>().map_err(|_| damaged())?, length),
            None if !TAGGED => (0, head.trim_end_matches('\r')),
            _ => return Err(damaged()),
        };
        let length: usize = length.parse().map_err(|_| damaged())?;
        if length > self.largest {
            return Err(format!("a frame of {length} bytes is larger than {}", self.largest));
        }
        let Some(data) = buffer.get(end + 1..end + 1 + length) else { return Ok(None) };
        let data = Message::bytes(data);
        buffer.drain(..end + 1 + length);
        Ok(Some(if TAGGED { Message::list([tag.into(), data]) } else { data }))
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn through(spec: &'static ComponentSpec, params: &[(&str, Message)], given: &[Message]) -> Rig {
        let mut rig = Rig::new(spec, params);
        for message in given {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run();
        rig
    }

    #[test]
    fn frames_survive_bytes_one_at_a_time_and_glued_together() {
        let messages = ["one".into(), Message::bytes(b""), Message::bytes(b"\n3\n\xff")];
        let framed = through(&LENGTH_FRAMER, &[], &messages).take("outbox");
        let stream: Vec<u8> = framed.iter().flat_map(|frame| frame.as_bytes().unwrap_or_default().to_vec()).collect();
        let single: Vec<Message> = stream.iter().map(|byte| Message::bytes([*byte])).collect();
        let expected = messages.map(|message| Message::bytes(message.as_bytes().unwrap_or_default()));
        for given in [single, vec![Message::from(stream)]] {
            assert_eq!(through(&LENGTH_DEFRAMER, &[], &given).take("outbox"), expected);
        }
    }

    #[test]
    fn tags_come_back_as_numbers() {
        let pair = Message::list([7.into(), Message::bytes(b"a\nb")]);
        let mut framed = through(&FRAMER, &[], &[pair.clone(), "nonsense".into()]);
        assert_eq!(framed.texts("rejected"), ["nonsense"]);
        let frames = framed.take("outbox");
        assert_eq!(frames, [Message::bytes(b"7 3\na\nb")]);
        assert_eq!(through(&DE_FRAMER, &[], &frames).take("outbox"), [pair]);
    }

    #[test]
    fn damage_is_said_and_whole_frames_go_on_after_it() {
        for stream in ["x\nabc", "99999999999\n", "-1\n", &"1".repeat(100)] {
            let rig = through(&LENGTH_DEFRAMER, &[], &[stream.into()]);
            assert!(matches!(rig.state(), State::Crashed(_)), "{stream}");
        }
        let given = ["1 1\na".into(), "1 9\nb".into(), "oops\n".into(), "2 1\nc".into()];
        let mut rig = through(&DE_FRAMER, &[("whole", true.into())], &given);
        assert_eq!((rig.take("outbox").len(), rig.take("rejected").len()), (2, 2));
        let mut cut = through(&LENGTH_DEFRAMER, &[], &["5\nab".into()]);
        assert_eq!(cut.texts("rejected"), ["5\nab"]);
    }
}
