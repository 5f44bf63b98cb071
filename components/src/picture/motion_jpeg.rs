//! Motion JPEG: one JPEG picture after the other.
//!
//! Pure. Pictures are cut apart by their segments, so that a preview inside one does not end it.

use std::io::Cursor;

use compose_runtime::dev::ImageFrame;
use image::codecs::jpeg::JpegEncoder;

/// The largest picture, packed.
const LARGEST: usize = 64 << 20;

/// Takes the first whole picture out of the buffer; `None` if it is not all there. Bytes before it are dropped.
pub(crate) fn take_picture(buffer: &mut Vec<u8>) -> Result<Option<Vec<u8>>, String> {
    let Some(start) = buffer.windows(2).position(|pair| pair == [0xff, 0xd8]) else {
        let keep = usize::from(buffer.last() == Some(&0xff));
        buffer.drain(..buffer.len() - keep);
        return Ok(None);
    };
    buffer.drain(..start);
    match end_of_picture(buffer) {
        Some(end) => Ok(Some(buffer.drain(..end).collect())),
        None if buffer.len() > LARGEST => Err(format!("a picture has more than {} MB", LARGEST >> 20)),
        None => Ok(None),
    }
}

/// Where the picture that begins at 0 ends.
fn end_of_picture(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    let mut is_packed = false;
    loop {
        if is_packed {
            // Packed pixels run to the next marker that is no restart and no stuffed byte.
            at += bytes
                .get(at..)?
                .windows(2)
                .position(|pair| pair.first() == Some(&0xff) && !matches!(pair.get(1), Some(0 | 0xff | 0xd0..=0xd7)))?;
        }
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xff {
            // Damage: look for the next marker.
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
                is_packed = kind == 0xda;
                continue;
            }
        }
        is_packed = false;
    }
}

/// A picture as JPEG. Transparency is left out.
pub(crate) fn encode(image: &ImageFrame, quality: u8) -> Result<Vec<u8>, String> {
    let rgb: Vec<u8> = image.rgba.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(&rgb, image.width, image.height, image::ExtendedColorType::Rgb8)
        .map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::picture::card::{card, frame_number};
    use crate::picture::decode::picture_in_bytes;

    #[test]
    fn pictures_are_cut_apart_and_keep_their_numbers() {
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
    fn a_preview_inside_does_not_end_a_picture() {
        let picture = encode(&card(48, 48, 5, 1), 75).unwrap();
        let mut buffer = picture[..2].to_vec();
        // An application segment that holds a whole small picture.
        buffer.extend_from_slice(&[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]);
        buffer.extend_from_slice(&picture[2..]);
        let whole = buffer.clone();
        assert_eq!(take_picture(&mut buffer).unwrap().unwrap(), whole);
    }
}
