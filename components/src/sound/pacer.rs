//! Pacer: silence that holds a sound card to real time.
//!
//! A real card takes sound as fast as it is heard. Some drivers (a file, the null device of ALSA) take it as fast as it is
//! given: played that way, a live source would be heard in scraps with silence between, and a recording would fill the
//! disk. This source is always mixed in, adds nothing, and waits when more than `ALLOWANCE` was taken ahead of the clock.
//! Runs on the sound card's thread. With a real card it never waits.

use std::thread;
use std::time::{Duration, Instant};

use super::one_format::{Format, Formatted};

/// What a card may take ahead of the clock: more than the buffers of real cards.
const ALLOWANCE: Duration = Duration::from_millis(500);
/// A card that kept time this long is measured afresh, so that a slightly fast clock on it does not add up.
const MEASURED_FOR: Duration = Duration::from_secs(10);
/// How many checks a second of sound.
const CHECKS_PER_S: u32 = 100;

/// Endless silence, at no more than the speed of the clock.
pub struct Pacer {
    format: Format,
    began: Instant,
    /// Frames taken since it began.
    frames: u64,
    /// Samples until the next check.
    until_check: u32,
}

impl Pacer {
    /// Silence of this format.
    pub fn new(format: Format) -> Self {
        Self { format, began: Instant::now(), frames: 0, until_check: 0 }
    }

    fn check(&mut self) {
        let (rate, channels) = (self.format.0.get(), u32::from(self.format.1.get()));
        let frames = (rate / CHECKS_PER_S).max(1);
        self.until_check = frames.saturating_mul(channels);
        let taken = Duration::from_secs_f64(self.frames as f64 / f64::from(rate));
        let wait = excess(taken, self.began.elapsed());
        if !wait.is_zero() {
            thread::sleep(wait);
        } else if taken > MEASURED_FOR && taken < self.began.elapsed() + ALLOWANCE / 2 {
            (self.began, self.frames) = (Instant::now(), 0);
        }
        self.frames += u64::from(frames);
    }
}

/// How much too early the card is that has taken so much sound in this time.
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
    fn a_card_that_keeps_time_is_never_held_up() {
        for second in 0..100 {
            let elapsed = Duration::from_secs(second);
            assert_eq!(excess(elapsed + Duration::from_millis(200), elapsed), Duration::ZERO);
        }
    }

    #[test]
    fn a_card_that_takes_everything_is_held_to_the_clock() {
        let began = Instant::now();
        let pacer = Pacer::new((NonZero::new(1_000).unwrap(), NonZero::new(2).unwrap()));
        // 0.7 s of sound.
        assert!(pacer.take(1_400).all(|sample| sample == 0.0));
        assert!(began.elapsed() > Duration::from_millis(150), "{:?}", began.elapsed());
    }
}
