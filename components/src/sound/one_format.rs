//! OneFormat: adapts samples to a source for the mixer whose format never changes.
//!
//! A fixed format makes the conversion to the card's format continuous. Runs on the sound card's thread.

use std::num::NonZero;
use std::time::Duration;

use rodio::Source;

/// Rate and channels, neither of them zero.
pub type Format = (NonZero<u32>, NonZero<u16>);

/// Samples with a format.
pub trait Formatted: Iterator<Item = f32> {
    /// The format; it never changes.
    fn format(&self) -> Format;
}

/// Adapts the samples to a source.
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
