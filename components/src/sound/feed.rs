//! Feed: makes a stream of messages readable for a decoder, with limited seeking back.
//!
//! Runs on a component's thread. Decoders read the beginning more than once and later only read forward, so only the
//! most recent bytes are kept.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// Number of bytes to keep before the read position.
const KEPT: usize = 1 << 20;

/// Returns the next bytes; `None` at the end.
pub(super) type More = Box<dyn FnMut() -> Option<Vec<u8>> + Send>;

/// The readable stream.
pub(super) struct Feed {
    /// In a mutex only because a decoder must be `Sync`; no other code takes the lock.
    more: Arc<Mutex<More>>,
    kept: Vec<u8>,
    /// Position of `kept` in the stream.
    start: u64,
    /// Read position, as an index into `kept`.
    at: usize,
}

impl Feed {
    pub(super) fn new(more: More) -> Self {
        Self { more: Arc::new(Mutex::new(more)), kept: Vec::new(), start: 0, at: 0 }
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.at >= self.kept.len() {
            if self.kept.len() > 2 * KEPT {
                let dropped = self.kept.len() - KEPT;
                self.kept.drain(..dropped);
                self.start += dropped as u64;
                self.at -= dropped;
            }
            let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
            match more() {
                Some(bytes) => self.kept.extend(bytes),
                None => return Ok(0),
            }
        }
        let ready = self.kept.get(self.at..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

impl Seek for Feed {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let here = self.start + self.at as u64;
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => here.checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        let refused = || Error::new(ErrorKind::Unsupported, "the stream cannot seek to this position");
        let at = position.and_then(|position| position.checked_sub(self.start)).ok_or_else(refused)?;
        let at = usize::try_from(at).ok().filter(|at| *at <= self.kept.len()).ok_or_else(refused)?;
        self.at = at;
        Ok(self.start + at as u64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn recent_bytes_can_be_read_again() {
        let mut left = 6_u8;
        let mut feed = Feed::new(Box::new(move || {
            left = left.checked_sub(1)?;
            Some(vec![left; 700_000])
        }));
        let mut buffer = vec![0; 100];
        feed.read_exact(&mut buffer).unwrap();
        feed.seek(SeekFrom::Start(0)).unwrap();
        let mut whole = Vec::new();
        feed.read_to_end(&mut whole).unwrap();
        assert_eq!(whole.len(), 4_200_000);
        assert!(feed.seek(SeekFrom::Start(0)).is_err() && feed.seek(SeekFrom::End(0)).is_err());
        assert_eq!(feed.seek(SeekFrom::Current(-5)).unwrap(), 4_199_995);
    }
}
