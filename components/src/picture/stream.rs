//! A stream of video in pieces, whatever it is: YUV4MPEG or motion JPEG, told by its first bytes. Pure.

use compose_runtime::dev::ImageFrame;

use super::decode::picture_in_bytes;
use super::{motion_jpeg, yuv};

/// How a stream of planes begins.
const YUV_START: &[u8] = b"YUV4MPEG2";

/// Decodes a stream.
#[derive(Debug, Default)]
pub(crate) enum VideoStream {
    /// Nothing, or too little, has come.
    #[default]
    Empty,
    /// Too little has come to know.
    Begun(Vec<u8>),
    Yuv(yuv::Reader),
    Jpeg(Vec<u8>),
}

impl VideoStream {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), String> {
        match self {
            Self::Empty => *self = Self::Begun(bytes.to_vec()),
            Self::Begun(buffer) | Self::Jpeg(buffer) => buffer.extend_from_slice(bytes),
            Self::Yuv(reader) => reader.push(bytes),
        }
        if let Self::Begun(buffer) = self {
            if buffer.starts_with(YUV_START) {
                let mut reader = yuv::Reader::default();
                reader.push(buffer);
                *self = Self::Yuv(reader);
            } else if buffer.starts_with(&[0xff, 0xd8]) {
                *self = Self::Jpeg(std::mem::take(buffer));
            } else if buffer.len() >= YUV_START.len() {
                return Err("this is neither YUV4MPEG nor motion JPEG".to_owned());
            }
        }
        Ok(())
    }

    /// The next frame; `None` if it is not all there. A damaged picture is an error, and the one after it can be read.
    pub(crate) fn next(&mut self) -> Result<Option<ImageFrame>, String> {
        match self {
            Self::Empty | Self::Begun(_) => Ok(None),
            Self::Yuv(reader) => reader.next(),
            Self::Jpeg(buffer) => match motion_jpeg::take_picture(buffer)? {
                Some(bytes) => picture_in_bytes(&bytes).map(Some).map_err(|fault| fault.to_string()),
                None => Ok(None),
            },
        }
    }

    /// Frames a second, if the stream says so.
    pub(crate) fn fps(&self) -> Option<f64> {
        match self {
            Self::Yuv(reader) => reader.header.map(|header| header.fps),
            _ => None,
        }
    }

    /// Whether a damaged frame can be passed over.
    pub(crate) fn can_go_on(&self) -> bool {
        matches!(self, Self::Jpeg(_))
    }

    /// Whether part of a frame is left.
    pub(crate) fn has_rest(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Begun(buffer) | Self::Jpeg(buffer) => !buffer.is_empty(),
            Self::Yuv(reader) => reader.has_rest(),
        }
    }
}
