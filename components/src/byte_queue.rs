//! ByteQueue: bytes that are added at the end and taken from the front. Pure data, no boxes.
//!
//! Taking bytes only moves an index. The remaining bytes are moved to the start only when they do not outnumber
//! the taken bytes before them, so no more bytes are moved than taken, however small the pieces are.

/// Received bytes that have not been taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ByteQueue {
    bytes: Vec<u8>,
    /// Index of the first byte that has not been taken.
    start: usize,
    /// How many bytes have been moved to the start.
    #[cfg(test)]
    moved: usize,
}

impl ByteQueue {
    /// Adds bytes at the end.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.compact();
        self.bytes.extend_from_slice(bytes);
    }

    /// The bytes that have not been taken.
    pub(crate) fn waiting(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// How many bytes have not been taken.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.start
    }

    /// Whether all bytes have been taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes this many bytes from the front, or all if there are fewer.
    pub(crate) fn take(&mut self, count: usize) -> Vec<u8> {
        let count = count.min(self.len());
        if self.start == 0 && count == self.bytes.len() {
            return std::mem::take(&mut self.bytes);
        }
        let taken = self.waiting().get(..count).unwrap_or_default().to_vec();
        self.skip(count);
        taken
    }

    /// Takes all bytes.
    pub(crate) fn take_all(&mut self) -> Vec<u8> {
        self.take(self.len())
    }

    /// Drops this many bytes from the front, or all if there are fewer.
    pub(crate) fn skip(&mut self, count: usize) {
        self.start += count.min(self.len());
        if self.is_empty() {
            // Release the memory of a large message.
            self.bytes = Vec::new();
            self.start = 0;
        }
    }

    /// Drops all bytes.
    pub(crate) fn clear(&mut self) {
        self.skip(self.len());
    }

    /// Moves the bytes to the start of the buffer, unless that would move more bytes than were taken.
    fn compact(&mut self) {
        if self.start > 0 && self.len() <= self.start {
            #[cfg(test)]
            {
                self.moved += self.len();
            }
            self.bytes.drain(..self.start);
            self.start = 0;
        }
    }
}

impl From<Vec<u8>> for ByteQueue {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_leave_in_the_order_in_which_they_came() {
        let mut queue = ByteQueue::default();
        queue.push(b"abcd");
        assert_eq!(queue.take(3), b"abc");
        queue.push(b"ef");
        assert_eq!((queue.waiting(), queue.len()), (&b"def"[..], 3));
        queue.skip(1);
        assert_eq!(queue.take(9), b"ef");
        assert!(queue.is_empty() && queue.take_all().is_empty());
        queue.push(b"gh");
        queue.clear();
        assert_eq!(queue.waiting(), b"");
        assert_eq!(ByteQueue::from(b"ij".to_vec()).take_all(), b"ij");
    }

    #[test]
    fn no_more_bytes_are_moved_than_are_taken() {
        for (chunk, piece) in [(1 << 20, 1), (1, 1), (1400, 188), (188, 1400), (64 << 10, (64 << 10) - 1)] {
            let (mut queue, mut taken) = (ByteQueue::default(), 0);
            for _ in 0..(2_usize << 20).div_ceil(chunk) {
                queue.push(&vec![7; chunk]);
                while queue.len() >= piece {
                    taken += queue.take(piece).len();
                }
            }
            assert!(queue.moved <= taken, "{chunk} {piece}: {} bytes were moved, {taken} were taken", queue.moved);
        }
    }
}
