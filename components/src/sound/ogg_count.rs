//! Counts the sound in one Ogg Vorbis stream: where it must end, and how much of it could not be decoded.
//!
//! Every page states the number of frames of sound up to its end. All its sound has been decoded before the next page
//! is read. If the difference between the two numbers grows, sound has been lost. The last page states the end of the
//! stream; the decoder's last block extends beyond it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ogg_page::Page;

/// The first bytes of a stream that the decoder can decode.
const VORBIS: &[u8] = b"\x01vorbis";

/// The count of one stream.
pub(super) struct OggCount {
    /// Number of samples that have been decoded, in all channels.
    decoded: Arc<AtomicU64>,
    /// The stream that is being decoded.
    track: Option<Track>,
    /// The number of frames that the last page states, until its sound has been decoded.
    stated: Option<i64>,
    /// The number of stated frames minus the number of decoded frames; the stream may begin at any number.
    ahead: Option<i64>,
    lost: u64,
    gaps: usize,
    /// The number of frames after which the stream ends; known once its last page has been read.
    end: Option<u64>,
    is_ended: bool,
    /// There was damage before the first page with sound.
    begins_damaged: bool,
}

#[derive(Debug, Clone, Copy)]
struct Track {
    serial: u32,
    channels: u8,
    rate: u32,
}

impl OggCount {
    pub(super) fn new(decoded: Arc<AtomicU64>) -> Self {
        Self {
            decoded,
            track: None,
            stated: None,
            ahead: None,
            lost: 0,
            gaps: 0,
            end: None,
            is_ended: false,
            begins_damaged: false,
        }
    }

    /// A count for the next stream of a chain.
    pub(super) fn of_next_stream(&self) -> Self {
        Self::new(self.decoded.clone())
    }

    /// Records a page that the decoder reads next.
    pub(super) fn note(&mut self, page: &Page, body: &[u8]) {
        if page.begins_stream() {
            let track = Track::read(page.serial, body);
            // The decoder takes the stream with the lowest number.
            self.track = [self.track, track].into_iter().flatten().min_by_key(|track| track.serial);
            return;
        }
        if self.track.is_none_or(|track| track.serial != page.serial) {
            return;
        }
        self.stated = page.granule().filter(|granule| *granule > 0);
        if page.ends_stream() {
            self.is_ended = true;
            let end = self.stated.map(|stated| stated.saturating_sub(self.ahead.unwrap_or(0)));
            let end = end.and_then(|end| u64::try_from(end).ok());
            // If the end is before the sound that has already been decoded, the encoder has made an error.
            self.end = end.filter(|end| *end >= self.frames());
        }
    }

    /// Records bytes that do not belong to any page.
    pub(super) fn note_damage(&mut self) {
        self.begins_damaged |= self.ahead.is_none();
    }

    /// Compares the number that the last page states with the number of decoded frames. Call it before another page is
    /// read.
    pub(super) fn settle(&mut self) {
        let Some(stated) = self.stated.take() else { return };
        let ahead = stated.saturating_sub(i64::try_from(self.frames()).unwrap_or(i64::MAX));
        // If the first pages are lost, the stream is assumed to begin at 0, as in a file.
        let known = *self.ahead.get_or_insert(if self.begins_damaged { 0 } else { ahead });
        if ahead > known {
            self.lost = self.lost.saturating_add(ahead.abs_diff(known));
            self.gaps += 1;
            self.ahead = Some(ahead);
        }
    }

    /// Number of frames that have been decoded beyond the end of the stream.
    pub(super) fn surplus(&self) -> u64 {
        self.end.map_or(0, |end| self.frames().saturating_sub(end))
    }

    /// At the end of the stream: a note for the user about what is missing.
    pub(super) fn missing(&self) -> Option<String> {
        let track = self.track?;
        let seconds = |frames: u64| frames as f64 / f64::from(track.rate);
        if self.lost > 0 {
            let (lost, gaps) = (seconds(self.lost), self.gaps);
            return Some(format!(
                "{lost:.3} s of sound could not be decoded, because the data is damaged in {}",
                places(gaps)
            ));
        }
        let breaks_off = !self.is_ended && self.frames() > 0;
        breaks_off.then(|| {
            format!("the sound breaks off after {:.3} s, because the data is truncated", seconds(self.frames()))
        })
    }

    fn frames(&self) -> u64 {
        let channels = self.track.map_or(1, |track| u64::from(track.channels.max(1)));
        self.decoded.load(Ordering::Relaxed) / channels
    }
}

/// A number of places, for the user.
pub(super) fn places(count: usize) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}

impl Track {
    /// The track that begins with this data, if it is Vorbis.
    fn read(serial: u32, body: &[u8]) -> Option<Self> {
        let head = body.strip_prefix(VORBIS)?;
        let rate = u32::from_le_bytes(head.get(5..9)?.try_into().ok()?);
        Some(Self { serial, channels: *head.get(4)?, rate: rate.max(1) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::ogg_page::tests::page;
    use super::*;

    /// The count after these pages, each with its position, its flags, and the number of frames decoded after it.
    fn counted(pages: &[(i64, u8, u64)]) -> OggCount {
        let decoded = Arc::new(AtomicU64::new(0));
        let mut count = OggCount::new(decoded.clone());
        let mut note = |flags, granule, data: &[u8]| {
            let bytes = page(flags, granule, data);
            count.settle();
            count.note(&Page::read(&bytes, 0).unwrap(), data);
        };
        // Two channels, 1000 frames per second.
        note(2, 0, b"\x01vorbis\0\0\0\0\x02\xe8\x03\0\0");
        for (granule, flags, frames) in pages {
            note(*flags, *granule, b"data");
            decoded.store(frames * 2, Ordering::Relaxed);
        }
        count.settle();
        count
    }

    #[test]
    fn an_intact_stream_ends_where_its_last_page_says() {
        for start in [0, 77_000] {
            let count = counted(&[(start + 100, 0, 100), (start + 200, 0, 200), (start + 250, 4, 300)]);
            assert_eq!((count.surplus(), count.missing()), (50, None));
        }
        let short = counted(&[(50, 4, 100)]);
        assert_eq!((short.surplus(), short.missing()), (50, None));
    }

    #[test]
    fn impossible_positions_are_harmless() {
        let count = counted(&[(i64::MIN, 0, 0), (1, 0, 10), (i64::MAX, 0, 20), (-1, 0, 30), (i64::MAX, 4, 40)]);
        assert_eq!(count.surplus(), 0);
        assert!(count.missing().is_some());
    }

    #[test]
    fn lost_sound_and_a_missing_end_are_reported() {
        let damaged = counted(&[(100, 0, 100), (200, 0, 150), (300, 0, 250), (400, 0, 349), (450, 4, 449)]);
        let text = "0.051 s of sound could not be decoded, because the data is damaged in 2 places";
        assert_eq!(damaged.missing().as_deref(), Some(text));
        assert_eq!(damaged.surplus(), 50, "the end moves with the sound");
        let truncated = counted(&[(100, 0, 100), (200, 0, 200)]);
        let text = "the sound breaks off after 0.200 s, because the data is truncated";
        assert_eq!(truncated.missing().as_deref(), Some(text));
    }
}
