//! SoundQueue: sound on its way to the sound card, at most `LEAD` of it.
//!
//! The feeder (reactor thread) waits while it is full; the drain is a rodio source on the sound card's thread and never
//! waits: where sound is missing it gives silence. One queue has one format; another format is another queue.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_channel::{Receiver, Sender};
use compose_runtime::dev::SoundChunk;

use super::one_format::{Format, Formatted};

/// How much sound waits for the sound card: enough for a busy machine, short enough for a live voice.
pub const LEAD: Duration = Duration::from_millis(300);
/// How much must wait before the drain begins, and begins again after a gap: a sound card that has just been opened takes
/// more at once than a live source has ready, and would be heard in scraps.
const HEAD_START: Duration = Duration::from_millis(150);
/// How many frames the drain takes at once, so that the lock is rare.
const GULP_FRAMES: usize = 128;
/// How many frames of silence are given before the drain looks again.
const SILENT_FRAMES: usize = 16;

/// The format of a stretch of sound, if it has one.
pub fn format_of(sound: &SoundChunk) -> Option<Format> {
    Some((NonZero::new(sound.sample_rate)?, NonZero::new(sound.channels)?))
}

#[derive(Default)]
struct Waiting {
    samples: VecDeque<f32>,
    /// No more will be fed: the drain ends when it is empty.
    fed: bool,
    /// The drain has ended.
    drained: bool,
}

/// The end that is fed. Dropping it lets the drain play what waits, then end.
pub struct Feeder {
    waiting: Arc<Mutex<Waiting>>,
    capacity: usize,
    /// Hears when the drain has taken something.
    taken: Receiver<()>,
}

/// The end that sounds.
pub struct Drain {
    waiting: Arc<Mutex<Waiting>>,
    format: Format,
    gulp: VecDeque<f32>,
    taken: Sender<()>,
    /// How many samples must wait before it begins.
    head_start: usize,
    /// It has begun, and nothing was missing since.
    flows: bool,
}

/// An empty queue of this format.
pub fn sound_queue(format: Format) -> (Feeder, Drain) {
    let (rate, channels) = format;
    let samples_of = |span: Duration| {
        let frames = (f64::from(rate.get()) * span.as_secs_f64()).ceil() as usize;
        frames.max(GULP_FRAMES).saturating_mul(usize::from(channels.get())).min(1 << 22)
    };
    let (capacity, head_start) = (samples_of(LEAD), samples_of(HEAD_START));
    let waiting = Arc::new(Mutex::new(Waiting::default()));
    // One place: whoever feeds looks again however often sound was taken.
    let (sender, receiver) = async_channel::bounded(1);
    let feeder = Feeder { waiting: Arc::clone(&waiting), capacity, taken: receiver };
    (feeder, Drain { waiting, format, gulp: VecDeque::new(), taken: sender, head_start, flows: false })
}

/// Nothing between lock and unlock can panic half-way, so a poisoned lock holds good data.
fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Feeder {
    /// Feeds all samples, waiting while the queue is full; `false` if the drain is gone.
    pub async fn feed(&self, mut samples: &[f32]) -> bool {
        loop {
            {
                let mut waiting = lock(&self.waiting);
                let room = self.capacity.saturating_sub(waiting.samples.len()).min(samples.len());
                let (now, later) = samples.split_at(room);
                waiting.samples.extend(now);
                samples = later;
            }
            if samples.is_empty() {
                return true;
            }
            if self.taken.recv().await.is_err() {
                return false;
            }
        }
    }

    /// Waits until everything has been taken by the sound card.
    pub async fn finish(self) {
        lock(&self.waiting).fed = true;
        while !lock(&self.waiting).drained {
            if self.taken.recv().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        lock(&self.waiting).fed = true;
    }
}

impl Drain {
    /// Fills the gulp; silence if nothing waits, nothing at the end.
    fn gulp(&mut self) {
        let channels = usize::from(self.format.1.get());
        let count = GULP_FRAMES * channels;
        {
            let mut waiting = lock(&self.waiting);
            self.flows = waiting.fed || waiting.samples.len() >= if self.flows { 1 } else { self.head_start };
            let take = if self.flows { count.min(waiting.samples.len()) } else { 0 };
            self.gulp.extend(waiting.samples.drain(..take));
            if take == 0 && waiting.fed {
                waiting.drained = true;
            }
        }
        let _ = self.taken.try_send(());
        if self.gulp.is_empty() && !lock(&self.waiting).fed {
            self.gulp.extend(std::iter::repeat_n(0.0, SILENT_FRAMES * channels));
        }
    }
}

impl Iterator for Drain {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.gulp.is_empty() {
            self.gulp();
        }
        self.gulp.pop_front()
    }
}

impl Formatted for Drain {
    fn format(&self) -> Format {
        self.format
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use futures_lite::future;

    use super::*;

    fn stereo() -> (Feeder, Drain) {
        sound_queue((NonZero::new(1_000).unwrap(), NonZero::new(2).unwrap()))
    }

    #[test]
    fn everything_fed_sounds_in_order_and_then_it_ends() {
        let (feeder, drain) = stereo();
        let sound: Vec<f32> = (0..5_000).map(|index| index as f32).collect();
        let expected = sound.clone();
        let playing = std::thread::spawn(move || drain.filter(|sample| *sample >= 0.0).collect::<Vec<f32>>());
        future::block_on(async {
            // Shifted by one, so that the silence of a wait cannot pass for the first sample.
            let shifted: Vec<f32> = sound.iter().map(|sample| sample + 1.0).collect();
            assert!(feeder.feed(&shifted).await);
            feeder.finish().await;
        });
        let heard: Vec<f32> = playing.join().unwrap().into_iter().filter(|sample| *sample > 0.0).collect();
        assert_eq!(heard, expected.iter().map(|sample| sample + 1.0).collect::<Vec<f32>>());
    }

    #[test]
    fn no_more_than_the_lead_waits() {
        let (feeder, drain) = stereo();
        let feeding = future::block_on(async {
            let feeding = async { Some(feeder.feed(&[0.5; 10_000]).await) };
            future::or(feeding, async { None }).await
        });
        assert_eq!(feeding, None);
        assert_eq!(lock(&drain.waiting).samples.len(), 600);
    }

    #[test]
    fn where_sound_is_missing_there_is_silence_in_whole_frames() {
        let (feeder, mut drain) = stereo();
        assert_eq!(drain.by_ref().take(4).collect::<Vec<f32>>(), [0.0; 4]);
        future::block_on(feeder.feed(&[0.1, 0.2]));
        drop(feeder);
        let rest: Vec<f32> = drain.collect();
        assert_eq!(rest.len() % 2, 0);
        assert!(rest.ends_with(&[0.0, 0.1, 0.2]));
    }

    #[test]
    fn feeding_ends_when_the_sound_card_is_gone() {
        let (feeder, drain) = stereo();
        drop(drain);
        assert!(!future::block_on(feeder.feed(&[0.5; 10_000])));
    }
}
