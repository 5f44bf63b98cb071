//! Chained Ogg: several streams one after the other in one stream of bytes, as internet radio sends them.
//!
//! Pure, apart from the source of bytes. A decoder stops at the end of the first stream, so each gets its own decoder.
//! The cut is before a page that begins a stream, if pages with data came before it; streams that begin together are
//! played together. A stream of bytes that is not Ogg is never cut.

use super::feed::More;
use crate::byte_queue::ByteQueue;

/// The first bytes of each page.
const PAGE_MARK: &[u8] = b"OggS";
/// Length of the header of a page, without the table of segment lengths.
const HEADER: usize = 27;
/// The flag of a page that begins a stream, in byte 5.
const BEGINS_STREAM: u8 = 0x02;

/// A stream of bytes, cut into streams.
pub(super) struct OggLinks {
    more: More,
    /// Bytes that have been read and not passed on.
    ahead: ByteQueue,
    /// Whether the stream of bytes is Ogg; known after the first bytes.
    is_ogg: Option<bool>,
    /// A page with data of the current stream has been passed on.
    has_data: bool,
}

impl OggLinks {
    pub(super) fn new(more: More) -> Self {
        Self { more, ahead: ByteQueue::default(), is_ogg: None, has_data: false }
    }

    /// The next bytes of the current stream; `None` at its end.
    pub(super) fn next_bytes(&mut self) -> Option<Vec<u8>> {
        if !self.is_ogg() {
            return if self.ahead.is_empty() { (self.more)() } else { Some(self.ahead.take_all()) };
        }
        self.fill(PAGE_MARK.len());
        if !self.ahead.waiting().starts_with(PAGE_MARK) {
            // Damage: pass everything on up to the next page, where the decoder continues.
            let next = self.ahead.waiting().windows(PAGE_MARK.len()).position(|bytes| bytes == PAGE_MARK);
            let count = next.unwrap_or(self.ahead.len().saturating_sub(PAGE_MARK.len() - 1));
            return self.take(count.max(1));
        }
        self.fill(HEADER);
        if self.ahead.waiting().get(5).is_some_and(|flags| flags & BEGINS_STREAM == 0) {
            self.has_data = true;
        } else if self.has_data {
            return None;
        }
        let table = HEADER + usize::from(self.ahead.waiting().get(HEADER - 1).copied().unwrap_or_default());
        self.fill(table);
        let data: usize =
            self.ahead.waiting().get(HEADER..table).unwrap_or_default().iter().copied().map(usize::from).sum();
        self.fill(table + data);
        self.take(table + data)
    }

    /// Skips to the next stream; false if there is none.
    pub(super) fn next_link(&mut self) -> bool {
        while self.next_bytes().is_some() {}
        self.has_data = false;
        !self.ahead.is_empty()
    }

    fn is_ogg(&mut self) -> bool {
        if let Some(is_ogg) = self.is_ogg {
            return is_ogg;
        }
        self.fill(PAGE_MARK.len());
        let is_ogg = self.ahead.waiting().starts_with(PAGE_MARK);
        self.is_ogg = Some(is_ogg);
        is_ogg
    }

    /// Reads until this many bytes are ahead, or until the end.
    fn fill(&mut self, count: usize) {
        while self.ahead.len() < count {
            match (self.more)() {
                Some(bytes) => self.ahead.push(&bytes),
                None => return,
            }
        }
    }

    /// Takes up to this many bytes; `None` if there are none.
    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        let taken = self.ahead.take(count);
        (!taken.is_empty()).then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with these flags and this data.
    fn page(flags: u8, data: &[u8]) -> Vec<u8> {
        let mut page = PAGE_MARK.to_vec();
        page.extend([0, flags]);
        page.extend([0; HEADER - 7]);
        page.push(1);
        page.push(data.len() as u8);
        page.extend(data);
        page
    }

    /// The streams in these bytes, which arrive in pieces of this size.
    fn links(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = bytes.chunks(size).rev().map(<[u8]>::to_vec).collect();
        let mut links = OggLinks::new(Box::new(move || pieces.pop()));
        let mut found = Vec::new();
        loop {
            found.push(std::iter::from_fn(|| links.next_bytes()).collect::<Vec<_>>().concat());
            if !links.next_link() {
                return found;
            }
        }
    }

    #[test]
    fn streams_are_cut_where_the_next_one_begins() {
        // Two streams that begin together, then one with damage between its pages.
        let first = [page(2, b"one"), page(2, b"two"), page(0, b"data"), page(4, b"last")].concat();
        let second = [page(2, b"three"), page(0, b"OggS inside"), b"damage".to_vec(), page(4, b"end")].concat();
        let both = [first.clone(), second.clone()].concat();
        for size in [1, 7, 1000] {
            assert_eq!(links(&both, size), [first.clone(), second.clone()]);
        }
        let cut = &both[..both.len() - 3];
        assert_eq!(links(cut, 5), [first, second[..second.len() - 3].to_vec()]);
    }

    #[test]
    fn many_pages_in_one_piece_are_cut_in_linear_time() {
        // If each page moved the rest of the piece, this would take minutes.
        let bytes = page(0, b"x").repeat(1 << 19);
        assert_eq!(links(&bytes, bytes.len()), [bytes]);
    }

    #[test]
    fn other_streams_are_never_cut() {
        let bytes = [b"ID3".to_vec(), page(0, b"x"), page(2, b"y")].concat();
        assert_eq!(links(&bytes, 4), [bytes]);
        assert_eq!(links(b"", 1), [b""]);
    }
}
