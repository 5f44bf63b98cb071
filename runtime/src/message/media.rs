//! Media: pictures and sound, as plain data.

use std::time::Duration;

/// A picture: RGBA, eight bits per channel, rows from top to bottom, no padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFrame {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// A piece of sound: interleaved samples from -1 to 1, with their format.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundChunk {
    /// Frames per second, in hertz.
    pub sample_rate: u32,
    /// Samples in one frame.
    pub channels: u16,
    /// Interleaved samples.
    pub samples: Vec<f32>,
}

impl SoundChunk {
    /// Playing time.
    pub fn duration(&self) -> Duration {
        let frames = self.samples.len() as f64 / f64::from(self.channels.max(1));
        Duration::from_secs_f64(frames / f64::from(self.sample_rate.max(1)))
    }
}
