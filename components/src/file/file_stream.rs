//! FileStream: reads a file outside the scheduler and returns it line by line or in pieces of a requested size.
//!
//! The reading task reads ahead until the bounded queue between it and the component is full.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use compose_runtime::dev::*;

use super::faults;
use super::open::{ANY_KIND, to_read};
use crate::byte_queue::ByteQueue;
use crate::text::{LINE_CUT, LineBuffer};

/// The setting that names the file.
pub(super) const FILENAME: ParamSpec =
    ParamSpec::new("filename", ParamKind::FileToRead(&[]), DefaultValue::Required, "The file to read");

/// Bytes read from the file at a time.
const BLOCK: usize = 64 << 10;
/// Maximum number of bytes in one message, even if more are requested.
const MAX_PIECE: usize = 16 << 20;

/// A file that is being read.
pub(super) struct FileStream {
    reader: Outside,
    lines: LineBuffer,
    bytes: ByteQueue,
    ended: bool,
}

impl FileStream {
    /// Starts reading. If the file cannot be opened, the first call of `line` or `take` returns the error.
    pub(super) fn open(io: &BoxIo, filename: &str) -> Self {
        let (path, any_kind) = (io.path(filename), io.params().switch(ANY_KIND.name));
        let reader = io.outside("file", move |port| read(path, any_kind, port));
        Self { reader, lines: LineBuffer::default(), bytes: ByteQueue::default(), ended: false }
    }

    /// The next line, including its newline: text if it is valid UTF-8, otherwise bytes. `None` at the end of the file.
    /// A line that is too long is returned in parts, which is reported once.
    pub(super) async fn line(&mut self, io: &BoxIo) -> Result<Option<Message>, Fault> {
        loop {
            if let Some(line) = self.lines.next_line().map(text_or_bytes) {
                if self.lines.take_cut() {
                    io.note(LINE_CUT);
                }
                return Ok(Some(line));
            }
            match self.block().await? {
                Some(block) => self.lines.push(&block),
                None => return Ok(self.lines.rest().map(|line| text_or_bytes(&line))),
            }
        }
    }

    /// Sends the next `amount` bytes, in several messages if there are more than [`MAX_PIECE`]; false at the end of the
    /// file.
    pub(super) async fn pass_on(&mut self, io: &BoxIo, mut amount: usize) -> Result<bool, Fault> {
        while amount > 0 {
            let Some(piece) = self.take(amount).await? else { return Ok(false) };
            amount -= piece.payload_len();
            io.send("outbox", piece).await;
        }
        Ok(true)
    }

    /// The next `amount` bytes, but at most [`MAX_PIECE`], and fewer at the end of the file; `None` if there are no more.
    pub(super) async fn take(&mut self, amount: usize) -> Result<Option<Message>, Fault> {
        let amount = amount.clamp(1, MAX_PIECE);
        while self.bytes.len() < amount {
            match self.block().await? {
                Some(block) => self.bytes.push(&block),
                None => break,
            }
        }
        if self.bytes.is_empty() {
            return Ok(None);
        }
        Ok(Some(Message::from(self.bytes.take(amount))))
    }

    async fn block(&mut self) -> Result<Option<Arc<[u8]>>, Fault> {
        if self.ended {
            return Ok(None);
        }
        match self.reader.recv().await? {
            Some(Message::Bytes(block)) => Ok(Some(block)),
            _ => {
                self.ended = true;
                Ok(None)
            }
        }
    }
}

/// The reading task, which runs outside the scheduler.
async fn read(path: PathBuf, any_kind: bool, port: OutsidePort) -> Outcome {
    let shown_path = path.clone();
    let opened = blocking::unblock(move || to_read(&path, any_kind)).await;
    let mut file = opened.map_err(|error| faults::reading(&shown_path, &error, true))?;
    loop {
        let (same_file, block) = blocking::unblock(move || {
            let mut block = vec![0; BLOCK];
            let length = file.read(&mut block);
            (
                file,
                length.map(|length| {
                    block.truncate(length);
                    block
                }),
            )
        })
        .await;
        file = same_file;
        let block = block.map_err(|error| faults::reading(&shown_path, &error, true))?;
        if block.is_empty() || !port.send(block).await {
            return Ok(());
        }
    }
}

fn text_or_bytes(line: &[u8]) -> Message {
    std::str::from_utf8(line).map_or_else(|_| Message::bytes(line), Message::text)
}
