//! Frames: messages with their length, and perhaps a tag, before them. Shared by those that make and those that cut them.
//!
//! A head is `length` or `tag length` in decimal digits and a newline; then come so many bytes.

use compose_runtime::dev::*;

use crate::refuse::{bytes_of, reject};

pub(super) const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
pub(super) const LARGEST: ParamSpec =
    ParamSpec::int("largest", 1, 1 << 30, 16 << 20, "Largest frame; a longer one is damage").unit("bytes");
/// The longest head of a frame, its newline included.
const LONGEST_HEAD: usize = 64;

/// A frame with this head.
pub(super) fn frame(head: &str, data: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(head.len() + 1 + data.len());
    framed.extend_from_slice(head.as_bytes());
    framed.push(b'\n');
    framed.extend_from_slice(data);
    framed
}

/// How a stream of frames is cut.
pub(super) struct Cutter {
    /// A longer frame is damage.
    pub largest: usize,
    /// Each head has a tag, which leaves together with the message.
    pub is_tagged: bool,
    /// Each message is one whole frame, so that damage can be passed over.
    pub whole: bool,
}

impl Cutter {
    /// Gives out the messages in the frames that arrive.
    pub(super) async fn run(&self, io: &BoxIo) -> Outcome {
        let mut buffer: Vec<u8> = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            buffer.extend_from_slice(bytes_of(&message)?);
            loop {
                match self.next(&mut buffer) {
                    Ok(Some(frame)) => io.send("outbox", frame).await,
                    Ok(None) if self.whole && !buffer.is_empty() => {
                        buffer.clear();
                        reject(io, "inbox", message, "the frame is too short").await;
                        break;
                    }
                    Ok(None) => break,
                    Err(why) if self.whole => {
                        buffer.clear();
                        reject(io, "inbox", message, &why).await;
                        break;
                    }
                    Err(why) => {
                        return Err(Fault::new(format!("inbox: {why}; what sends here must put lengths first")));
                    }
                }
            }
        }
        if !buffer.is_empty() && !io.is_shutting_down() {
            reject(io, "inbox", Message::from(buffer), "the stream ended inside a frame").await;
        }
        Ok(())
    }

    /// Takes the next complete frame; `None` if it is not all there.
    fn next(&self, buffer: &mut Vec<u8>) -> Result<Option<Message>, String> {
        let Some(end) = buffer.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n') else {
            let is_long = buffer.len() >= LONGEST_HEAD;
            return if is_long { Err("there is no length at the start of a frame".to_owned()) } else { Ok(None) };
        };
        let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
        let damaged = || format!("this is no head of a frame: {head:?}");
        let (tag, length) = match head.trim_end_matches('\r').split_once(' ') {
            Some((tag, length)) if self.is_tagged => (tag.parse::<i64>().map_err(|_| damaged())?, length),
            None if !self.is_tagged => (0, head.trim_end_matches('\r')),
            _ => return Err(damaged()),
        };
        let length: usize = length.parse().map_err(|_| damaged())?;
        if length > self.largest {
            return Err(format!("a frame of {length} bytes is larger than {}", self.largest));
        }
        let Some(data) = buffer.get(end + 1..end + 1 + length) else { return Ok(None) };
        let data = Message::bytes(data);
        buffer.drain(..end + 1 + length);
        Ok(Some(if self.is_tagged { Message::list([tag.into(), data]) } else { data }))
    }
}
