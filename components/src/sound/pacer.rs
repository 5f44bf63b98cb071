//! Pacer: a silent source that limits a sound card to real time.
//!
//! A real card takes sound at playback speed. Some drivers (a file, the null device of ALSA) take it as fast as
//! possible: a live source would then be heard in fragments with gaps between them, and a recording would fill the
//! disk. This source is always mixed in, adds only silence, and waits when the card is more than `ALLOWANCE` ahead of
//! the clock. Runs on the sound card's thread. With a real card it never waits.

use std::thread;
use std::time::{Duration, Instant};

use super::one_format::{Format, Formatted};

/// How far ahead of the clock a card may take sound: more than the buffers of real cards.
const ALLOWANCE: Duration = Duration::from_millis(500);
/// After a card has kept time for this long, measurement restarts, so that the drift of a slightly fast card does not
/// add up.
const MEASURED_FOR: Duration = Duration::from_secs(10);
/// Number of checks per second of sound.
const CHECKS_PER_S: u32 = 100;

/// Endless silence, at real-time speed at most.
pub struct Pacer {
    format: Format,
    started: Instant,
    /// Frames taken since `started`.
    frames: u64,
    /// Samples until the next check.
    until_check: u32,
}

impl Pacer {
    /// Silence in this format.
    pub fn new(format: Format) -> Self {
        Self { format, started: Instant::now(), frames: 0, until_check: 0 }
    }

    fn check(&mut self) {
        let (rate, channels) = (self.format.0.get(), u32::from(self.format.1.get()));
        let frames = (rate / CHECKS_PER_S).max(1);
        self.until_check = frames.saturating_mul(channels);
        let taken = Duration::from_secs_f64(self.frames as f64 / f64::from(rate));
        let wait = excess(taken, self.started.elapsed());
        if !wait.is_zero() {
            thread::sleep(wait);
        } else if taken > MEASURED_FOR && taken < self.started.elapsed() + ALLOWANCE / 2 {
            (self.started, self.frames) = (Instant::now(), 0);
        }
        self.frames += u64::from(frames);
    }
}

/// How far the card exceeds its allowance after taking this duration of sound in this time.
fn excess(taken: Duration, elapsed: Duration) -> Duration {
    taken.saturating_sub(elapsed + ALLOWANCE)
}

impl Iterator for Pacer {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.until_check == 0 {
            self.check();
        }
        self.until_check -= 1;
        Some(0.0)
    }
}

impl Formatted for Pacer {
    fn format(&self) -> Format {
        self.format
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::num::NonZero;

    use super::*;

    #[test]
    fn a_card_that_keeps_time_is_never_delayed() {
        for second in 0..100 {
            let elapsed = Duration::from_secs(second);
            assert_eq!(excess(elapsed + Duration::from_millis(200), elapsed), Duration::ZERO);
        }
    }

    #[test]
    fn a_card_that_takes_sound_too_fast_is_limited_to_real_time() {
        let started = Instant::now();
        let pacer = Pacer::new((NonZero::new(1_000).unwrap(), NonZero::new(2).unwrap()));
        // 0.7 s of sound.
        assert!(pacer.take(1_400).all(|sample| sample == 0.0));
        assert!(started.elapsed() > Duration::from_millis(150), "{:?}", started.elapsed());
    }
}
