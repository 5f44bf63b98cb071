//! Motion JPEG: a sequence of JPEG pictures.
//!
//! Pure. Parses JPEG segments to find where a picture ends, so a preview embedded in a picture does not end it. After damage,
//! the next picture begins at its own first bytes.

use std::io::Cursor;

use compose_runtime::dev::ImageFrame;
use image::ImageError;
use image::codecs::jpeg::JpegEncoder;

use crate::byte_queue::ByteQueue;

/// Size limit of an encoded picture, in bytes.
const LARGEST: usize = 64 << 20;

/// The bytes that begin a picture, and the bytes that end it.
const BEGIN: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];

/// Why a part of the stream is not a picture. The pictures after it can still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MotionJpegError {
    #[error("a picture is larger than {} MB", LARGEST >> 20)]
    Large,
    #[error("the picture has no end")]
    Endless,
    #[error("{0} bytes belong to no picture")]
    Stray(usize),
}

/// The pictures of a stream that arrives in chunks.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    buffer: ByteQueue,
    /// How far the first picture in the buffer has been examined, so that it is examined only once; `None` if its
    /// beginning has not been found.
    scan: Option<Scan>,
    /// Number of bytes before the next picture that do not belong to any picture.
    stray: usize,
    /// No more bytes will arrive.
    is_over: bool,
}

/// Where a picture that begins at index 0 ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its end mark is before this index.
    At(usize),
    /// The next picture begins at this index, before this picture has ended.
    CutAt(usize),
    /// Not within these bytes. The next picture, if any, begins at this index or later.
    NotBefore(usize),
}

impl Pictures {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// No more bytes will arrive. Call [`Self::next`] again, because an unfinished picture may hide others.
    pub(crate) fn finish(&mut self) {
        self.is_over = true;
    }

    /// Whether there are bytes that have not been reported or returned.
    pub(crate) fn has_rest(&self) -> bool {
        !self.buffer.is_empty() || self.stray > 0
    }

    /// Takes the next complete picture; `None` if it is incomplete.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, MotionJpegError> {
        if self.scan.is_none() && !self.skip_to_picture() {
            return Ok(None);
        }
        if self.stray > 0 {
            return Err(MotionJpegError::Stray(std::mem::take(&mut self.stray)));
        }
        let bytes = self.buffer.waiting();
        match self.scan.get_or_insert_default().end_in(bytes) {
            End::At(end) => {
                self.scan = None;
                Ok(Some(self.buffer.take(end)))
            }
            End::CutAt(end) => {
                self.skip(end);
                Err(MotionJpegError::Endless)
            }
            End::NotBefore(from) if self.is_over || bytes.len() > LARGEST => {
                let error = if self.is_over { MotionJpegError::Endless } else { MotionJpegError::Large };
                match find(bytes, from, BEGIN) {
                    Some(next) => self.skip(next),
                    // The caller reports the rest.
                    None if self.is_over => return Ok(None),
                    None => self.skip(bytes.len()),
                }
                Err(error)
            }
            End::NotBefore(_) => Ok(None),
        }
    }

    /// Drops the picture that is being examined, up to this index.
    fn skip(&mut self, end: usize) {
        self.scan = None;
        self.buffer.skip(end);
    }

    /// Drops and counts the bytes before the next picture. False if none begins in the buffer.
    fn skip_to_picture(&mut self) -> bool {
        let waiting = self.buffer.waiting();
        let start = find(waiting, 0, BEGIN);
        let keep = usize::from(waiting.last() == Some(&0xff));
        let skipped = start.unwrap_or(waiting.len() - keep);
        // Between pictures, zeros and fill bytes are allowed.
        self.stray += waiting.iter().take(skipped).filter(|byte| !matches!(byte, 0 | 0xff)).count();
        self.buffer.skip(skipped);
        self.scan = start.map(|_| Scan::default());
        start.is_some()
    }
}

/// The examination of a picture that begins at index 0. When more bytes arrive, it resumes where it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scan {
    /// Index of the marker to examine next, or within scan data.
    at: usize,
    /// From this index on, a damaged length may have skipped something.
    segment: usize,
    is_in_scan_data: bool,
    /// The picture is damaged; its end, or the beginning of the next, is searched for from this index on.
    damage: Option<usize>,
}

impl Default for Scan {
    fn default() -> Self {
        Self { at: BEGIN.len(), segment: BEGIN.len(), is_in_scan_data: false, damage: None }
    }
}

impl Scan {
    /// Finds the end of the picture. The length of a segment is trusted only if another segment or the scan data follows
    /// it; otherwise the picture is damaged, and the segment may hide the end of the picture.
    fn end_in(&mut self, bytes: &[u8]) -> End {
        loop {
            if let Some(from) = self.damage {
                return self.end_of_damage(bytes, from);
            }
            if self.is_in_scan_data {
                // Scan data runs to the next marker that is neither a restart marker nor a stuffed byte.
                let rest = bytes.get(self.at..).unwrap_or_default();
                let marker = rest.windows(2).position(|pair| {
                    pair.first() == Some(&0xff) && !matches!(pair.get(1), Some(0 | 0xff | 0xd0..=0xd7))
                });
                let Some(marker) = marker else {
                    // The last byte may be the first of a marker.
                    self.at += rest.len().saturating_sub(1);
                    return End::NotBefore(self.at);
                };
                self.at += marker;
                (self.segment, self.is_in_scan_data) = (self.at, false);
            }
            let (at, segment) = (self.at, self.segment);
            let (Some(mark), Some(kind)) = (bytes.get(at), bytes.get(at + 1)) else { return End::NotBefore(segment) };
            match (mark, kind) {
                (0xff, 0xff) => self.at += 1,
                (0xff, 0xd9) => return End::At(at + END.len()),
                (0xff, 0xd8) => return End::CutAt(at),
                (0xff, 0xc0..=0xfe) => {
                    let (Some(high), Some(low)) = (bytes.get(at + 2), bytes.get(at + 3)) else {
                        return End::NotBefore(at);
                    };
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    let (first, end) = (at + 2, at + 2 + length);
                    if length < 2 {
                        self.damage = Some(first);
                        continue;
                    }
                    // The bytes that a damaged length skips are searched, from the segment's first byte on.
                    let Some(data) = bytes.get(first..=end) else { return End::NotBefore(first) };
                    if hides_picture(data, *kind) {
                        self.damage = Some(first);
                        continue;
                    }
                    (self.at, self.segment, self.is_in_scan_data) = (end, first, *kind == 0xda);
                }
                _ => self.damage = Some(segment),
            }
        }
    }

    /// The end of a picture that is damaged from this index on.
    fn end_of_damage(&mut self, bytes: &[u8], from: usize) -> End {
        let mut pairs = bytes.get(from..).unwrap_or_default().windows(2);
        let Some(at) = pairs.position(|pair| pair == END || pair == BEGIN).map(|index| from + index) else {
            // The last byte may be the first of a marker.
            let from = bytes.len().saturating_sub(1).max(from);
            self.damage = Some(from);
            return End::NotBefore(from);
        };
        if bytes.get(at..at + END.len()) == Some(&END) { End::At(at + END.len()) } else { End::CutAt(at) }
    }
}

/// Whether this segment, which ends one byte before the end of `bytes`, extends into the next picture. An application
/// segment or a comment may hold a whole preview, but does not end where a picture begins.
fn hides_picture(bytes: &[u8], kind: u8) -> bool {
    let begin = [BEGIN[0], BEGIN[1], 0xff];
    match kind {
        0xe0..=0xef | 0xfe => bytes.ends_with(&begin),
        _ => bytes.windows(begin.len()).any(|here| here == begin),
    }
}

/// The index of the first occurrence of these two bytes at or after index `from`.
fn find(bytes: &[u8], from: usize, pair: [u8; 2]) -> Option<usize> {
    bytes.get(from..)?.windows(2).position(|here| *here == pair).map(|index| from + index)
}

/// Encodes a picture as JPEG. Transparency is dropped.
pub(crate) fn encode(image: &ImageFrame, quality: u8) -> Result<Vec<u8>, ImageError> {
    let rgb: Vec<u8> = image.rgba.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, quality).encode(
        &rgb,
        image.width,
        image.height,
        image::ExtendedColorType::Rgb8,
    )?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::picture::card::{card, frame_number};
    use crate::picture::decode::picture_in_bytes;

    /// The numbers of the pictures in this stream, which arrives in chunks of this size, and the errors.
    fn split(stream: &[u8], size: usize) -> (Vec<u32>, Vec<String>) {
        let (mut pictures, mut numbers, mut errors) = (Pictures::default(), Vec::new(), Vec::new());
        let mut take_all = |pictures: &mut Pictures| {
            loop {
                match pictures.next() {
                    Ok(Some(picture)) => match picture_in_bytes(&picture) {
                        Ok(image) => numbers.extend(frame_number(&image)),
                        Err(error) => errors.push(error.to_string()),
                    },
                    Ok(None) => return,
                    Err(error) => errors.push(error.to_string()),
                }
            }
        };
        for chunk in stream.chunks(size) {
            pictures.push(chunk);
            take_all(&mut pictures);
        }
        pictures.finish();
        take_all(&mut pictures);
        if pictures.has_rest() {
            errors.push("rest".to_owned());
        }
        (numbers, errors)
    }

    fn encoded(count: u32) -> Vec<Vec<u8>> {
        (0..count).map(|number| encode(&card(64, 48, number, 0), 75).unwrap()).collect()
    }

    #[test]
    fn pictures_are_split_and_keep_their_numbers() {
        let stream = encoded(3).concat();
        for size in [1, 100, stream.len()] {
            assert_eq!(split(&stream, size), (vec![0, 1, 2], Vec::new()));
        }
        let padded = encoded(3).join(&[0, 0xff, 0][..]);
        assert_eq!(split(&padded, 10), (vec![0, 1, 2], Vec::new()));
    }

    #[test]
    fn a_damaged_picture_takes_no_other_with_it() {
        let pictures = encoded(5);
        let whole = &pictures[2];
        // Every segment and the scan data are damaged in one place, by a hole, by zeros and by a huge length.
        for at in (2..whole.len() - 60).step_by(7) {
            let holed = [&whole[..at], &whole[at + 50..]].concat();
            let mut zeroed = whole.clone();
            zeroed[at..at + 20].fill(0);
            let mut long = whole.clone();
            long[at..at + 4].copy_from_slice(&[0xff, 0xe0, 0xff, 0xff]);
            let cut = whole[..at].to_vec();
            for damaged in [holed, zeroed, long, cut] {
                let mut all = pictures.clone();
                all[2] = damaged;
                let (mut numbers, errors) = split(&all.concat(), 1000);
                let count = numbers.len() + errors.len();
                // JPEG has no checksums: the damaged picture may still decode, with an arbitrary number.
                numbers.retain(|number| [0, 1, 3, 4].contains(number));
                numbers.dedup();
                assert_eq!(numbers, [0, 1, 3, 4], "{at}: {errors:?}");
                assert!(count <= 6, "{at}: {errors:?}");
            }
        }
    }

    #[test]
    fn a_picture_without_an_end_or_a_beginning_is_reported() {
        let mut pictures = encoded(3);
        pictures[1].pop();
        let error = vec!["the picture has no end".to_owned()];
        assert_eq!(split(&pictures.concat(), 50), (vec![0, 2], error.clone()));
        pictures[1].pop();
        assert_eq!(split(&pictures.concat(), 50), (vec![0, 2], error));
        let mut pictures = encoded(3);
        pictures[1].drain(..2);
        let (numbers, errors) = split(&pictures.concat(), 50);
        assert_eq!(numbers, [0, 2]);
        assert!(matches!(&errors[..], [error] if error.ends_with("bytes belong to no picture")), "{errors:?}");
        let stream = encoded(2).concat();
        assert_eq!(split(&stream[..stream.len() - 5], 50), (vec![0], vec!["rest".to_owned()]));
    }

    #[test]
    fn an_endless_picture_is_dropped_once() {
        let mut pictures = Pictures::default();
        pictures.push(&[&BEGIN[..], &[0xff, 0xda, 0, 2], &vec![1; LARGEST]].concat());
        assert_eq!(pictures.next(), Err(MotionJpegError::Large));
        assert_eq!(pictures.next(), Ok(None));
        pictures.push(&encoded(1).concat());
        assert!(matches!(pictures.next(), Ok(Some(_))));
    }

    #[test]
    fn an_embedded_preview_does_not_end_a_picture() {
        let picture = encode(&card(48, 48, 5, 1), 75).unwrap();
        let mut whole = picture[..2].to_vec();
        // An application segment that holds a complete small picture.
        whole.extend_from_slice(&[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]);
        whole.extend_from_slice(&picture[2..]);
        let mut pictures = Pictures::default();
        pictures.push(&whole);
        assert_eq!(pictures.next(), Ok(Some(whole)));
    }

    /// The lengths of the pictures in this stream, which arrives in chunks of 64 bytes.
    fn lengths_in_small_chunks(pictures: &mut Pictures, stream: &[u8]) -> Vec<usize> {
        let mut lengths = Vec::new();
        for chunk in stream.chunks(64) {
            pictures.push(chunk);
            lengths.extend(pictures.next().unwrap().map(|picture| picture.len()));
        }
        lengths
    }

    #[test]
    fn a_large_picture_in_small_chunks_is_examined_once_and_small_ones_are_not_moved() {
        // If each chunk were examined together with all earlier chunks, or each picture moved the rest, this would take
        // minutes.
        let large = [&[0xff, 0xd8, 0xff, 0xda, 0, 2][..], &vec![7; 8 << 20], &[0xff, 0xd9]].concat();
        let mut pictures = Pictures::default();
        assert_eq!(lengths_in_small_chunks(&mut pictures, &large), [large.len()]);
        pictures.push(&[0xff, 0xd8, 0xff, 0xd9].repeat(1 << 20));
        let mut count = 0;
        while pictures.next().unwrap().is_some() {
            count += 1;
        }
        assert_eq!((count, pictures.has_rest()), (1 << 20, false));
    }

    #[test]
    fn many_damaged_pictures_are_each_searched_up_to_the_next() {
        let mut pictures = Pictures::default();
        pictures.push(&[0xff, 0xd8, 0xff, 0xe0, 0, 0].repeat(1 << 19));
        pictures.finish();
        let mut count = 0;
        while pictures.next().is_err() {
            count += 1;
        }
        assert_eq!(count, (1 << 19) - 1, "the last one is the rest");
    }

    #[test]
    fn damage_that_arrives_in_small_chunks_is_searched_once() {
        let damaged = [&[0xff, 0xd8, 0xff, 0xe0, 0, 0][..], &vec![7; 8 << 20], &[0xff, 0xd9]].concat();
        assert_eq!(lengths_in_small_chunks(&mut Pictures::default(), &damaged), [damaged.len()]);
    }
}
