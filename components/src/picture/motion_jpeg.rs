//! Motion JPEG: a sequence of JPEG pictures.
//!
//! Pure. Parses JPEG segments to find where a picture ends, so a preview embedded in a picture does not end it.

use std::io::Cursor;

use compose_runtime::dev::ImageFrame;
use image::ImageError;
use image::codecs::jpeg::JpegEncoder;

/// Size limit of an encoded picture, in bytes.
const LARGEST: usize = 64 << 20;

/// A picture in the stream exceeds the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a picture is larger than {} MB", LARGEST >> 20)]
pub(crate) struct LargePicture;

/// Takes the first complete picture out of the buffer; `None` if it is incomplete. Bytes before it are dropped.
pub(crate) fn take_picture(buffer: &mut Vec<u8>) -> Result<Option<Vec<u8>>, LargePicture> {
    let Some(start) = buffer.windows(2).position(|pair| pair == [0xff, 0xd8]) else {
        let keep = usize::from(buffer.last() == Some(&0xff));
        buffer.drain(..buffer.len() - keep);
        return Ok(None);
    };
    buffer.drain(..start);
    match end_of_picture(buffer) {
        Some(end) => Ok(Some(buffer.drain(..end).collect())),
        None if buffer.len() > LARGEST => Err(LargePicture),
        None => Ok(None),
    }
}

/// Index of the end of the picture that begins at 0; `None` if the picture is incomplete.
fn end_of_picture(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    let mut in_scan_data = false;
    loop {
        if in_scan_data {
            // Scan data runs to the next marker that is neither a restart marker nor a stuffed byte.
            at += bytes
                .get(at..)?
                .windows(2)
                .position(|pair| pair.first() == Some(&0xff) && !matches!(pair.get(1), Some(0 | 0xff | 0xd0..=0xd7)))?;
        }
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xff {
            // Damaged: look for the next marker.
            at += 1;
            continue;
        }
        match kind {
            0xff => at += 1,
            0xd9 => return Some(at + 2),
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let length = u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]);
                at += 2 + usize::from(length.max(2));
                in_scan_data = kind == 0xda;
                continue;
            }
        }
        in_scan_data = false;
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
        let mut buffer = b"junk".to_vec();
        let mut numbers = Vec::new();
        for byte in stream {
            buffer.push(byte);
            if let Some(picture) = take_picture(&mut buffer).unwrap() {
                numbers.push(frame_number(&picture_in_bytes(&picture).unwrap()));
            }
        }
        assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
        assert!(buffer.is_empty());
    }

    #[test]
    fn an_embedded_preview_does_not_end_a_picture() {
        let picture = encode(&card(48, 48, 5, 1), 75).unwrap();
        let mut buffer = picture[..2].to_vec();
        // An application segment that holds a complete small picture.
        buffer.extend_from_slice(&[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]);
        buffer.extend_from_slice(&picture[2..]);
        let whole = buffer.clone();
        assert_eq!(take_picture(&mut buffer).unwrap().unwrap(), whole);
    }
}
