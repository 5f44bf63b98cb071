//! OneFormat: any samples as a source for the mixer, of one format for ever.
//!
//! One format for ever, so that the conversion to the card's format has no seams. Runs on the sound card's thread.

use std::num::NonZero;
use std::time::Duration;

use rodio::Source;

/// Rate and channels, neither of them zero.
pub type Format = (NonZero<u32>, NonZero<u16>);

/// Samples that have a format.
pub trait Formatted: Iterator<Item = f32> {
    /// It never changes.
    fn format(&self) -> Format;
}

/// Those samples, as a source.
pub struct OneFormat<S>(pub S);

impl<S: Formatted> Iterator for OneFormat<S> {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        self.0.next()
    }
}

impl<S: Formatted> Source for OneFormat<S> {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZero<u16> {
        self.0.format().1
    }

    fn sample_rate(&self) -> NonZero<u32> {
        self.0.format().0
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
