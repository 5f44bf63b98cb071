//! Pump: moves frames between a socket and the far end of a port, on the thread of outside tasks, in parent and child.

use std::future::pending;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use async_io::{Async, Timer};
use futures_lite::future::or;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

use super::frame::Frame;
use crate::codec::{decode, encode};
use crate::component::Fault;
use crate::component::far_end::Far;
use crate::introspect::record::Recordable as _;

/// The maximum length of a frame, in bytes; a longer one is an error.
const FRAME_LIMIT: u64 = 1 << 32;

/// The far end of a port for frames.
pub(super) type FrameEnd = Far<Frame, Frame>;

/// Writes one frame.
pub(super) async fn write(stream: &Async<TcpStream>, frame: &Frame) -> io::Result<()> {
    let mut bytes = vec![0; 8];
    encode(&frame.to_message(), &mut bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let length = (bytes.len() as u64 - 8).to_le_bytes();
    if let Some(head) = bytes.first_chunk_mut::<8>() {
        *head = length;
    }
    let mut stream = stream;
    stream.write_all(&bytes).await
}

/// Reads one frame.
pub(super) async fn read(stream: &Async<TcpStream>) -> io::Result<Frame> {
    let mut stream = stream;
    let mut length = [0; 8];
    stream.read_exact(&mut length).await?;
    let length = u64::from_le_bytes(length);
    let unreadable = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "the other process sent an unreadable frame; run parent and child from the same program",
        )
    };
    if length > FRAME_LIMIT {
        return Err(unreadable());
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| unreadable())?];
    stream.read_exact(&mut bytes).await?;
    decode(&mut bytes.as_slice()).and_then(|message| Frame::from_message(&message)).ok_or_else(unreadable)
}

/// Moves frames both ways until the other side has closed the connection. Returns whether a [`Frame::Outcome`] arrived. When
/// the near end has closed its queue, `farewell` is written, and the other side has the given time to close.
pub(super) async fn pump(stream: &Async<TcpStream>, far: &FrameEnd, farewell: Option<(Frame, Duration)>) -> bool {
    let inward = async {
        let mut has_outcome = false;
        while let Ok(frame) = read(stream).await {
            has_outcome |= matches!(frame, Frame::Outcome(_));
            // If the near end is closed, the remaining frames are read and discarded, so that the other side can finish.
            far.send(frame).await;
        }
        has_outcome
    };
    let outward = async {
        while let Some(frame) = far.recv().await {
            if let Err(error) = write(stream, &frame).await {
                if error.kind() == io::ErrorKind::InvalidInput {
                    // The frame cannot be encoded. The other side receives the reason; if it is gone, it has ended
                    // already.
                    let _ = write(stream, &Frame::Outcome(Err(Fault::new(error.to_string())))).await;
                }
                break;
            }
        }
        let Some((last, timeout)) = &farewell else {
            // The other side reads to the end and then closes. Closing first could lose frames on their way.
            let _ = stream.get_ref().shutdown(Shutdown::Write);
            return pending().await;
        };
        // A failed write means that the other side has already ended.
        let _ = write(stream, last).await;
        Timer::after(*timeout).await;
        false
    };
    or(inward, outward).await
}
