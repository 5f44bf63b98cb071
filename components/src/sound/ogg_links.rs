//! Chained Ogg: several streams one after the other in one byte stream, as internet radio sends them.
//!
//! A decoder stops at the end of the first stream, so each stream gets its own decoder. The cut is made before a page
//! that begins a stream, if pages with data came before it; streams that begin together are played together. A byte
//! stream that is not Ogg is never cut. The decoder requests a page only when it has decoded all earlier pages, so this
//! is also where the sound of each stream is counted (see `ogg_count`).

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::feed::More;
use super::ogg_count::OggCount;
use super::ogg_page::{HEADER, PAGE_MARK, Page, seems_to_begin};
use crate::byte_queue::ByteQueue;

/// Number of pages that are searched for the first page with sound.
const MOST_HEADER_PAGES: usize = 256;

/// A byte stream, cut into streams.
pub(super) struct OggLinks {
    more: More,
    /// Bytes that have been read but not passed on.
    ahead: ByteQueue,
    /// Whether the byte stream is Ogg; known after the first bytes.
    is_ogg: Option<bool>,
    /// A page with data of the current stream has been passed on.
    has_data: bool,
    /// The last page of the current stream has been passed on.
    has_ended: bool,
    count: OggCount,
}

impl OggLinks {
    /// `decoded` is the number of samples that have been decoded from the current stream.
    pub(super) fn new(more: More, decoded: Arc<AtomicU64>) -> Self {
        Self {
            more,
            ahead: ByteQueue::default(),
            is_ogg: None,
            has_data: false,
            has_ended: false,
            count: OggCount::new(decoded),
        }
    }

    /// The next bytes of the current stream; `None` at its end.
    pub(super) fn next_bytes(&mut self) -> Option<Vec<u8>> {
        if !self.is_ogg() {
            return if self.ahead.is_empty() { (self.more)() } else { Some(self.ahead.take_all()) };
        }
        self.count.settle();
        let Some(page) = self.page_at(0) else {
            // A damaged first page still begins the next stream, because the pages after it do not belong to this one.
            if self.has_ended && seems_to_begin(self.ahead.waiting()) {
                return None;
            }
            // Damage: pass everything on up to the next page, where the decoder continues.
            let rest = self.ahead.waiting().get(1..).unwrap_or_default();
            let next = rest.windows(PAGE_MARK.len()).position(|bytes| bytes == PAGE_MARK);
            self.count.note_damage();
            let count = 1 + next.unwrap_or(rest.len().saturating_sub(PAGE_MARK.len() - 1));
            return self.take(count);
        };
        if !page.begins_stream() {
            self.has_data = true;
        } else if self.has_data {
            return None;
        }
        self.has_ended |= page.ends_stream();
        self.count.note(&page, self.ahead.waiting().get(page.body.clone()).unwrap_or_default());
        self.take(page.body.end)
    }

    /// Skips to the end of the current stream. Returns a note for the user about what is missing in it.
    pub(super) fn finish_link(&mut self) -> Option<String> {
        while self.next_bytes().is_some() {}
        self.count.missing()
    }

    /// Begins the next stream; false if there is none.
    pub(super) fn next_link(&mut self) -> bool {
        while self.next_bytes().is_some() {}
        (self.has_data, self.has_ended) = (false, false);
        self.count = self.count.of_next_stream();
        !self.ahead.is_empty()
    }

    /// Number of frames that have been decoded beyond the end of the current stream.
    pub(super) fn surplus(&self) -> u64 {
        self.count.surplus()
    }

    /// Whether the first page with sound of the current stream is also its last.
    pub(super) fn has_one_page_of_sound(&mut self) -> bool {
        let mut at = 0;
        for _ in 0..MOST_HEADER_PAGES {
            let Some(page) = self.is_ogg().then(|| self.page_at(at)).flatten() else { return false };
            if page.has_sound() {
                return page.ends_stream();
            }
            at = page.body.end;
        }
        false
    }

    pub(super) fn is_ogg(&mut self) -> bool {
        if let Some(is_ogg) = self.is_ogg {
            return is_ogg;
        }
        self.fill(PAGE_MARK.len());
        let is_ogg = self.ahead.waiting().starts_with(PAGE_MARK);
        self.is_ogg = Some(is_ogg);
        is_ogg
    }

    /// The intact page that begins at this index, if there is one.
    fn page_at(&mut self, at: usize) -> Option<Page> {
        self.fill(at + HEADER);
        if !self.ahead.waiting().get(at..)?.starts_with(PAGE_MARK) {
            return None;
        }
        let table = at + HEADER + usize::from(*self.ahead.waiting().get(at + HEADER - 1)?);
        self.fill(table);
        let data: usize = self.ahead.waiting().get(at + HEADER..table)?.iter().copied().map(usize::from).sum();
        self.fill(table + data);
        Page::read(self.ahead.waiting().get(at..table + data)?, at)
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
    use super::super::ogg_page::tests::page;
    use super::*;

    /// The streams in these bytes, which arrive in pieces of this size.
    fn links(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = bytes.chunks(size).rev().map(<[u8]>::to_vec).collect();
        let mut links = OggLinks::new(Box::new(move || pieces.pop()), Arc::default());
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
        let first = [page(2, 0, b"one"), page(2, 0, b"two"), page(0, 0, b"data"), page(4, 0, b"last")].concat();
        let second =
            [page(2, 0, b"three"), page(0, 0, b"OggS inside"), b"damage".to_vec(), page(4, 0, b"end")].concat();
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
        let bytes = page(0, 0, b"x").repeat(1 << 18);
        assert_eq!(links(&bytes, bytes.len()), [bytes]);
    }

    #[test]
    fn a_damaged_length_does_not_hide_the_next_stream() {
        let mut damaged = page(0, 0, b"data");
        damaged[HEADER] = 255;
        let first = [page(2, 0, b"one"), page(0, 0, b"data"), damaged].concat();
        let second = [page(2, 0, b"two"), page(4, 0, b"end")].concat();
        assert_eq!(links(&[first.clone(), second.clone()].concat(), 9), [first, second]);
    }

    #[test]
    fn other_streams_are_never_cut() {
        let bytes = [b"ID3".to_vec(), page(0, 0, b"x"), page(2, 0, b"y")].concat();
        assert_eq!(links(&bytes, 4), [bytes]);
        assert_eq!(links(b"", 1), [b""]);
    }
}
