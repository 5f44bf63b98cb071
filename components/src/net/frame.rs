//! Frames: messages preceded by their length and optionally a tag. Used by framers and deframers.
//!
//! A header is `length` or `tag length` and a newline; that many bytes follow. The length is in decimal digits. A tag
//! is a whole number or a text without white space, as in the original.

use compose_runtime::dev::*;

use crate::byte_queue::ByteQueue;
use crate::refuse::reject;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
pub(super) const LARGEST: ParamSpec =
    ParamSpec::int("largest", 1, 1 << 30, 16 << 20, "Largest frame; a longer one counts as damaged").unit("bytes");
/// The longest tag, in bytes.
pub(super) const LONGEST_TAG: usize = 200;
/// The longest length field of a frame with its newline, in bytes.
const LONGEST_LENGTH: usize = 64;

/// A frame with this header.
pub(super) fn frame(header: &str, data: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(header.len() + 1 + data.len());
    framed.extend_from_slice(header.as_bytes());
    framed.push(b'\n');
    framed.extend_from_slice(data);
    framed
}

/// Whether a text can be the tag of a frame.
pub(super) fn is_tag(text: &str) -> bool {
    (1..=LONGEST_TAG).contains(&text.len()) && !text.contains(char::is_whitespace)
}

/// Why a stream cannot be cut into frames, or a message is not a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum FrameError {
    #[error("a frame does not start with a length")]
    NoLength,
    #[error("{0:?} is not a frame header")]
    Header(String),
    #[error("{0:?} is not a frame header, because it is not valid UTF-8")]
    Encoding(String),
    #[error("a frame of {length} bytes is larger than {largest}")]
    Large { length: usize, largest: usize },
    #[error("the frame is incomplete")]
    Incomplete,
    #[error("the frame has {0} surplus {unit}", unit = if *.0 == 1 { "byte" } else { "bytes" })]
    Surplus(usize),
}

/// Cuts a stream into frames.
pub(super) struct Cutter {
    /// A longer frame counts as damaged.
    pub largest: usize,
    /// Each header has a tag, which is sent together with the message.
    pub is_tagged: bool,
    /// Each message is one whole frame, so a damaged frame can be skipped.
    pub whole: bool,
}

impl Cutter {
    /// Sends the messages in the frames that arrive.
    pub(super) async fn run(&self, io: &BoxIo) -> Outcome {
        let mut buffer = ByteQueue::default();
        while let Some(message) = io.recv("inbox").await {
            let Some(bytes) = message.as_bytes() else {
                reject(io, "inbox", message, "expected bytes or text").await;
                continue;
            };
            buffer.push(bytes);
            if self.whole {
                match self.only(&mut buffer) {
                    Ok(frame) => io.send("outbox", frame).await,
                    Err(why) => reject(io, "inbox", message, &why).await,
                }
                buffer.clear();
                continue;
            }
            let next = |buffer: &mut ByteQueue| {
                self.next(buffer).map_err(|why| {
                    Fault::new(format!("inbox: {why}; the sender must put the length before each message"))
                })
            };
            while let Some(frame) = next(&mut buffer)? {
                io.send("outbox", frame).await;
            }
        }
        if !buffer.is_empty() && !io.is_shutting_down() {
            reject(io, "inbox", Message::from(buffer.take_all()), "the stream ended inside a frame").await;
        }
        Ok(())
    }

    /// Takes the frame that occupies the whole buffer.
    fn only(&self, buffer: &mut ByteQueue) -> Result<Message, FrameError> {
        let frame = self.next(buffer)?.ok_or(FrameError::Incomplete)?;
        if buffer.is_empty() { Ok(frame) } else { Err(FrameError::Surplus(buffer.len())) }
    }

    /// Takes the next complete frame; `None` if it has not fully arrived.
    fn next(&self, buffer: &mut ByteQueue) -> Result<Option<Message>, FrameError> {
        let (waiting, longest) =
            (buffer.waiting(), if self.is_tagged { LONGEST_TAG + LONGEST_LENGTH } else { LONGEST_LENGTH });
        let Some(end) = waiting.iter().take(longest).position(|byte| *byte == b'\n') else {
            return if waiting.len() >= longest { Err(FrameError::NoLength) } else { Ok(None) };
        };
        let header = waiting.get(..end).unwrap_or_default();
        let Ok(header) = std::str::from_utf8(header) else {
            return Err(FrameError::Encoding(String::from_utf8_lossy(header).into_owned()));
        };
        let damaged = || FrameError::Header(header.to_owned());
        let (tag, length) = match header.trim_end_matches('\r').split_once(' ') {
            Some((tag, length)) if self.is_tagged && is_tag(tag) => {
                (tag.parse().map_or_else(|_| Message::text(tag), Message::Int), length)
            }
            None if !self.is_tagged => (Message::Nothing, header.trim_end_matches('\r')),
            _ => return Err(damaged()),
        };
        let length: usize = length.parse().map_err(|_| damaged())?;
        if length > self.largest {
            return Err(FrameError::Large { length, largest: self.largest });
        }
        let Some(data) = waiting.get(end + 1..end + 1 + length) else { return Ok(None) };
        let data = Message::bytes(data);
        buffer.skip(end + 1 + length);
        Ok(Some(if self.is_tagged { Message::list([tag, data]) } else { data }))
    }
}
