//! Decodes a video stream that arrives in chunks. The first bytes distinguish YUV4MPEG from motion JPEG. Pure.

use compose_runtime::dev::{Fault, ImageFrame};

use super::decode::picture_in_bytes;
use super::motion_jpeg::{MotionJpegError, Pictures};
use super::yuv;

/// First bytes of a YUV4MPEG stream.
const YUV_START: &[u8] = b"YUV4MPEG2";

/// Why a video cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VideoError {
    #[error("the data is neither YUV4MPEG nor motion JPEG")]
    UnknownFormat,
    #[error("{0}")]
    Picture(Fault),
    #[error(transparent)]
    Yuv(#[from] yuv::YuvError),
    #[error(transparent)]
    Jpeg(#[from] MotionJpegError),
}

/// Decoder state.
#[derive(Debug, Default)]
pub(crate) enum VideoStream {
    /// No bytes have arrived.
    #[default]
    Empty,
    /// Too few bytes have arrived to recognise the format.
    Begun(Vec<u8>),
    Yuv(yuv::Reader),
    Jpeg(Pictures),
}

impl VideoStream {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), VideoError> {
        match self {
            Self::Empty => *self = Self::Begun(bytes.to_vec()),
            Self::Begun(buffer) => buffer.extend_from_slice(bytes),
            Self::Jpeg(pictures) => pictures.push(bytes),
            Self::Yuv(reader) => reader.push(bytes),
        }
        if let Self::Begun(buffer) = self {
            if buffer.starts_with(YUV_START) {
                let mut reader = yuv::Reader::default();
                reader.push(buffer);
                *self = Self::Yuv(reader);
            } else if buffer.starts_with(&[0xff, 0xd8]) {
                let mut pictures = Pictures::default();
                pictures.push(buffer);
                *self = Self::Jpeg(pictures);
            } else if buffer.len() >= YUV_START.len() {
                return Err(VideoError::UnknownFormat);
            }
        }
        Ok(())
    }

    /// The next frame; `None` if it is incomplete. A damaged picture is an error; see [`Self::can_skip_damage`].
    pub(crate) fn next(&mut self) -> Result<Option<ImageFrame>, VideoError> {
        match self {
            Self::Empty | Self::Begun(_) => Ok(None),
            Self::Yuv(reader) => Ok(reader.next()?),
            Self::Jpeg(pictures) => match pictures.next()? {
                Some(bytes) => picture_in_bytes(&bytes).map(Some).map_err(VideoError::Picture),
                None => Ok(None),
            },
        }
    }

    /// No more bytes will arrive. Call [`Self::next`] again, because a damaged frame may hide others.
    pub(crate) fn finish(&mut self) {
        if let Self::Jpeg(pictures) = self {
            pictures.finish();
        }
    }

    /// Frames per second, if the stream declares a rate.
    pub(crate) fn fps(&self) -> Option<f64> {
        match self {
            Self::Yuv(reader) => reader.header.map(|header| header.fps),
            _ => None,
        }
    }

    /// Whether decoding can continue after a damaged frame.
    pub(crate) fn can_skip_damage(&self) -> bool {
        matches!(self, Self::Jpeg(_))
    }

    /// Whether the buffer holds part of a frame.
    pub(crate) fn has_partial_frame(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Begun(buffer) => !buffer.is_empty(),
            Self::Jpeg(pictures) => pictures.has_rest(),
            Self::Yuv(reader) => reader.has_partial_frame(),
        }
    }
}
