//! Motion JPEG: a sequence of JPEG pictures.
//!
//! Pure. Parses JPEG segments to find where a picture ends, so a preview embedded in a picture does not end it.

use std::io::Cursor;

use compose_runtime::dev::ImageFrame;
use image::ImageError;
use image::codecs::jpeg::JpegEncoder;

use crate::byte_queue::ByteQueue;

/// Size limit of an encoded picture, in bytes.
const LARGEST: usize = 64 << 20;

/// A picture in the stream exceeds the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a picture is larger than {} MB", LARGEST >> 20)]
pub(crate) struct LargePicture;

/// The pictures in a stream that arrives in chunks.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    buffer: ByteQueue,
    /// Index of the segment or scan data to examine next, so a picture is examined once; 0 before its start is found.
    at: usize,
    is_in_scan_data: bool,
}

impl Reader {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// Whether the buffer holds part of a picture.
    pub(crate) fn has_partial_picture(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Takes the first complete picture out of the buffer; `None` if it is incomplete. Bytes before it are dropped.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, LargePicture> {
        if self.at == 0 {
            let waiting = self.buffer.waiting();
            let Some(start) = waiting.windows(2).position(|pair| pair == [0xff, 0xd8]) else {
                let keep = usize::from(waiting.last() == Some(&0xff));
                self.buffer.skip(waiting.len() - keep);
                return Ok(None);
            };
            self.buffer.skip(start);
            (self.at, self.is_in_scan_data) = (2, false);
        }
        match self.end_of_picture() {
            Some(end) => {
                self.at = 0;
                Ok(Some(self.buffer.take(end)))
            }
            None if self.buffer.len() > LARGEST => Err(LargePicture),
            None => Ok(None),
        }
    }

    /// Index of the end of the picture that begins at 0; `None` if the picture is incomplete.
    fn end_of_picture(&mut self) -> Option<usize> {
        let bytes = self.buffer.waiting();
        loop {
            let at = self.at;
            if self.is_in_scan_data {
                // Scan data runs to the next marker that is neither a restart marker nor a stuffed byte.
                let is_end =
                    |pair: &[u8]| pair.first() == Some(&0xff) && !matches!(pair.get(1), Some(0 | 0xff | 0xd0..=0xd7));
                let rest = bytes.get(at..)?;
                let end = rest.windows(2).position(is_end);
                // The last byte may be the first of a marker.
                self.at += end.unwrap_or(rest.len().saturating_sub(1));
                self.is_in_scan_data = end.is_none();
                end?;
                continue;
            }
            let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
            self.at += match (mark, kind) {
                (0xff, 0xd9) => return Some(at + 2),
                (0xff, 0x01 | 0xd0..=0xd8) => 2,
                // Fill bytes, or damage: look for the next marker.
                (0xff, 0xff) | (..0xff, _) => 1,
                (0xff, _) => {
                    let length = u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]);
                    self.is_in_scan_data = kind == 0xda;
                    2 + usize::from(length.max(2))
                }
            };
        }
    }
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

    #[test]
    fn pictures_are_split_and_keep_their_numbers() {
        let stream: Vec<u8> = (0..3).flat_map(|number| encode(&card(64, 48, number, 0), 75).unwrap()).collect();
        let mut reader = Reader::default();
        reader.push(b"junk");
        let mut numbers = Vec::new();
        for byte in stream {
            reader.push(&[byte]);
            if let Some(picture) = reader.next().unwrap() {
                numbers.push(frame_number(&picture_in_bytes(&picture).unwrap()));
            }
        }
        assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
        assert!(!reader.has_partial_picture());
    }

    #[test]
    fn an_embedded_preview_does_not_end_a_picture() {
        let picture = encode(&card(48, 48, 5, 1), 75).unwrap();
        let mut buffer = picture[..2].to_vec();
        // An application segment that holds a complete small picture.
        buffer.extend_from_slice(&[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]);
        buffer.extend_from_slice(&picture[2..]);
        let mut reader = Reader::default();
        reader.push(&buffer);
        assert_eq!(reader.next().unwrap().unwrap(), buffer);
    }

    #[test]
    fn a_large_picture_in_small_chunks_is_examined_once_and_small_ones_are_not_moved() {
        // If each chunk were examined together with all before it, or each picture moved the rest, this would take
        // minutes.
        let large = [&[0xff, 0xd8, 0xff, 0xda, 0, 2][..], &vec![7; 8 << 20], &[0xff, 0xd9]].concat();
        let mut reader = Reader::default();
        let mut lengths = Vec::new();
        for chunk in large.chunks(64) {
            reader.push(chunk);
            lengths.extend(reader.next().unwrap().map(|picture| picture.len()));
        }
        assert_eq!(lengths, [large.len()]);
        reader.push(&[0xff, 0xd8, 0xff, 0xd9].repeat(1 << 20));
        let mut count = 0;
        while reader.next().unwrap().is_some() {
            count += 1;
        }
        assert_eq!((count, reader.has_partial_picture()), (1 << 20, false));
    }
}
