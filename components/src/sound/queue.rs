//! SoundQueue: a queue of up to `LEAD` of sound for the sound card.
//!
//! The feeder (reactor thread) waits while the queue is full. The drain is a rodio source on the sound card's thread
//! and never waits: if sound is missing, it plays silence. Each queue has one format; sound in another format needs a
//! new queue.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_channel::{Receiver, Sender};
use compose_runtime::dev::SoundChunk;

use super::one_format::{Format, Formatted};

/// Maximum duration of queued sound: long enough for a busy machine, short enough for live speech.
pub const LEAD: Duration = Duration::from_millis(300);
/// Duration of sound that must be queued before the drain starts, or restarts after a gap. A newly opened sound card
/// takes more at once than a live source has ready; without this, the sound would be fragmented.
const HEAD_START: Duration = Duration::from_millis(150);
/// Number of frames that the drain takes at once, so that it rarely needs the lock.
const BATCH_FRAMES: usize = 128;
/// Number of frames of silence to play before the drain checks the queue again.
const SILENT_FRAMES: usize = 16;

/// The format of a chunk of sound, if it is valid.
pub fn format_of(sound: &SoundChunk) -> Option<Format> {
    Some((NonZero::new(sound.sample_rate)?, NonZero::new(sound.channels)?))
}

#[derive(Default)]
struct Waiting {
    samples: VecDeque<f32>,
    /// No more sound will be fed: the drain ends when the queue is empty.
    fed: bool,
    /// The drain has ended.
    drained: bool,
}

/// The sending end. When it is dropped, the drain plays the queued sound, then ends.
pub struct Feeder {
    waiting: Arc<Mutex<Waiting>>,
    capacity: usize,
    /// Notified when the drain has taken samples.
    taken: Receiver<()>,
}

/// The playing end.
pub struct Drain {
    waiting: Arc<Mutex<Waiting>>,
    format: Format,
    batch: VecDeque<f32>,
    taken: Sender<()>,
    /// Number of samples that must be queued before playback starts.
    head_start: usize,
    /// Whether playback has started and no sound has been missing since.
    is_flowing: bool,
}

/// An empty queue for this format.
pub fn sound_queue(format: Format) -> (Feeder, Drain) {
    let (rate, channels) = format;
    let samples_of = |span: Duration| {
        let frames = (f64::from(rate.get()) * span.as_secs_f64()).ceil() as usize;
        frames.max(BATCH_FRAMES).saturating_mul(usize::from(channels.get())).min(1 << 22)
    };
    let (capacity, head_start) = (samples_of(LEAD), samples_of(HEAD_START));
    let waiting = Arc::new(Mutex::new(Waiting::default()));
    // One slot is enough: the feeder rechecks the queue, however many notifications were sent.
    let (sender, receiver) = async_channel::bounded(1);
    let feeder = Feeder { waiting: Arc::clone(&waiting), capacity, taken: receiver };
    (feeder, Drain { waiting, format, batch: VecDeque::new(), taken: sender, head_start, is_flowing: false })
}

/// No code can panic while holding the lock, so the data of a poisoned lock is still valid.
fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Feeder {
    /// Feeds all samples, waiting while the queue is full; `false` if the drain is gone.
    pub async fn feed(&self, mut samples: &[f32]) -> bool {
        loop {
            {
                let mut waiting = lock(&self.waiting);
                let free = self.capacity.saturating_sub(waiting.samples.len()).min(samples.len());
                let (now, later) = samples.split_at(free);
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

    /// Waits until the sound card has taken all samples.
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
    /// Refills the batch: with silence if no sound is queued, with nothing at the end.
    fn refill(&mut self) {
        let channels = usize::from(self.format.1.get());
        let count = BATCH_FRAMES * channels;
        {
            let mut waiting = lock(&self.waiting);
            self.is_flowing = waiting.fed || waiting.samples.len() >= if self.is_flowing { 1 } else { self.head_start };
            let take = if self.is_flowing { count.min(waiting.samples.len()) } else { 0 };
            self.batch.extend(waiting.samples.drain(..take));
            if take == 0 && waiting.fed {
                waiting.drained = true;
            }
        }
        let _ = self.taken.try_send(());
        if self.batch.is_empty() && !lock(&self.waiting).fed {
            self.batch.extend(std::iter::repeat_n(0.0, SILENT_FRAMES * channels));
        }
    }
}

impl Iterator for Drain {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.batch.is_empty() {
            self.refill();
        }
        self.batch.pop_front()
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
    fn all_samples_are_played_in_order_and_then_it_ends() {
        let (feeder, drain) = stereo();
        let sound: Vec<f32> = (0..5_000).map(|index| index as f32).collect();
        let expected = sound.clone();
        let playing = std::thread::spawn(move || drain.filter(|sample| *sample >= 0.0).collect::<Vec<f32>>());
        future::block_on(async {
            // Shifted by one, so that silence while waiting cannot be mistaken for the first sample.
            let shifted: Vec<f32> = sound.iter().map(|sample| sample + 1.0).collect();
            assert!(feeder.feed(&shifted).await);
            feeder.finish().await;
        });
        let heard: Vec<f32> = playing.join().unwrap().into_iter().filter(|sample| *sample > 0.0).collect();
        assert_eq!(heard, expected.iter().map(|sample| sample + 1.0).collect::<Vec<f32>>());
    }

    #[test]
    fn no_more_than_the_lead_is_queued() {
        let (feeder, drain) = stereo();
        let feeding = future::block_on(async {
            let feeding = async { Some(feeder.feed(&[0.5; 10_000]).await) };
            future::or(feeding, async { None }).await
        });
        assert_eq!(feeding, None);
        assert_eq!(lock(&drain.waiting).samples.len(), 600);
    }

    #[test]
    fn missing_sound_is_replaced_by_whole_frames_of_silence() {
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
