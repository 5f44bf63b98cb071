//! Decodes picture files into frames, within limits.
//!
//! Blocks; called off the scheduler thread. A picture may be hostile: a small file that would unpack to a huge picture
//! is rejected before it is unpacked, and if a decoder panics, the file counts as damaged.

use std::io::{Cursor, Read as _};
use std::path::Path;

use compose_runtime::contain::contain;
use compose_runtime::dev::{Fault, ImageFrame};
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};

use crate::file::faults;
use crate::file::open::to_read;

/// Size limit of a file, in bytes.
const LARGEST_FILE: u64 = 64 << 20;
/// Longest side of a picture to decode, in pixels.
const LONGEST_SIDE: u32 = 16_384;
/// Memory limit for decoding one picture, in bytes.
const MOST_MEMORY: u64 = 256 << 20;
/// Longest side of a decoded frame, in pixels. Larger pictures are scaled down, because no screen shows more.
pub const LONGEST_SIDE_OF_FRAME: u32 = 2_048;

/// Why a picture cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum PictureError {
    #[error("it is larger than {} MB", LARGEST_FILE >> 20)]
    LargeFile,
    #[error("it is larger than {LONGEST_SIDE} x {LONGEST_SIDE} pixels or needs too much memory")]
    LargePicture,
    #[error("it is not a PNG, JPEG, GIF, BMP or WebP file")]
    UnknownFormat,
    #[error("it is damaged")]
    Damaged,
}

/// Decodes the picture in a file. The error text names the file.
pub fn picture_in_file(path: &Path) -> Result<ImageFrame, Fault> {
    let fault = |error: PictureError| Fault::new(format!("cannot show the picture: {error}: {}", path.display()));
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        to_read(path, false)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| faults::reading(path, &error, false))?;
    decode(&bytes).map_err(fault)
}

/// Decodes the picture in `bytes`.
pub fn picture_in_bytes(bytes: &[u8]) -> Result<ImageFrame, Fault> {
    decode(bytes).map_err(|why| Fault::new(format!("cannot show the picture: {why}")))
}

fn decode(bytes: &[u8]) -> Result<ImageFrame, PictureError> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(PictureError::LargeFile);
    }
    let decoded = contain(|| unpack(bytes));
    let picture = decoded.map_err(|_| PictureError::Damaged)?.map_err(|error| PictureError::of(&error))?;
    let picture = if picture.width().max(picture.height()) > LONGEST_SIDE_OF_FRAME {
        picture.thumbnail(LONGEST_SIDE_OF_FRAME, LONGEST_SIDE_OF_FRAME)
    } else {
        picture
    };
    let rgba = picture.into_rgba8();
    Ok(ImageFrame { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw() })
}

/// Decodes within the limits and applies the stored orientation.
fn unpack(bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // Checked again, because not every decoder enforces the limits.
    let (width, height) = decoder.dimensions();
    limits.check_dimensions(width, height)?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

impl PictureError {
    fn of(error: &ImageError) -> Self {
        match error {
            ImageError::Unsupported(_) => Self::UnknownFormat,
            ImageError::Limits(_) => Self::LargePicture,
            _ => Self::Damaged,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;

    /// A single-colour PNG.
    pub(crate) fn png(width: u32, height: u32, colour: [u8; 4]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbaImage::from_pixel(width, height, image::Rgba(colour)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn error_text(bytes: &[u8]) -> String {
        picture_in_bytes(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_picture_is_decoded_to_rgba() {
        let frame = picture_in_bytes(&png(3, 2, [1, 2, 3, 255])).unwrap();
        assert_eq!((frame.width, frame.height), (3, 2));
        assert_eq!(frame.rgba, [1, 2, 3, 255].repeat(6));
    }

    #[test]
    fn a_large_picture_is_scaled_down() {
        let frame = picture_in_bytes(&png(4_096, 1_024, [9, 9, 9, 255])).unwrap();
        assert_eq!((frame.width, frame.height, frame.rgba.len()), (2_048, 512, 2_048 * 512 * 4));
    }

    #[test]
    fn a_small_file_that_would_unpack_to_a_huge_picture_is_rejected() {
        let mut bomb = png(1, 1, [0; 4]);
        // The first chunk holds width and height; its checksum follows 13 bytes after its name.
        bomb[16..24].copy_from_slice(&[0, 0, 0x70, 0, 0, 0, 0x70, 0]);
        let checksum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert!(error_text(&bomb).contains("larger than"), "{}", error_text(&bomb));
    }

    #[test]
    fn damage_of_every_kind_is_reported() {
        let whole = png(40, 40, [7, 7, 7, 255]);
        for length in 0..whole.len() - 12 {
            assert!(picture_in_bytes(&whole[..length]).is_err(), "{length} bytes");
        }
        let text = "cannot show the picture: it is not a PNG, JPEG, GIF, BMP or WebP file";
        assert_eq!(error_text(b"once upon a time"), text);
    }

    #[test]
    fn a_missing_file_is_named() {
        let text = picture_in_file(Path::new("/nowhere/x.png")).unwrap_err().to_string();
        assert_eq!(text, "this file does not exist; choose another file: /nowhere/x.png");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read() {
        let text = picture_in_file(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(text, "this is a device, not a regular file; choose another file: /dev/zero");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        !crc
    }
}
