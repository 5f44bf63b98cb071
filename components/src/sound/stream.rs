//! SoundStream: decodes a byte stream as far as possible: WAV, MP3, Ogg Vorbis and FLAC.
//!
//! Blocks while it waits for bytes; runs off the scheduler thread. A stream may be damaged or hostile: every failure of
//! the decoder, including a panic, becomes an error or ends the stream. The streams of a chained Ogg stream are decoded
//! one after the other, and a WAV header with wrong lengths is repaired. The decoder silently skips damage, so its
//! output is compared with the amount of sound that the stream declares or contains.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use compose_runtime::contain::contain;
use compose_runtime::dev::SoundChunk;
use rodio::{Decoder, Source as _};

use super::feed::{Feed, More};
use super::mp3_frames::Mp3Frames;
use super::ogg_links::OggLinks;
use super::sample::usable;
use super::trailing_tag::without_tag;
use super::wav_head::{DamagedHead, Head};

/// Number of chunks per second of sound.
const CHUNKS_PER_S: u32 = 50;
/// Limit on the samples in one chunk, whatever format the stream declares.
const LARGEST_CHUNK: usize = 1 << 16;
/// Difference between the decoded and the declared duration that rounding can explain.
const ROUNDING: Duration = Duration::from_millis(1);
/// The same for MP3, whose encoders do not agree on which frames they count.
const ROUNDING_OF_MP3: Duration = Duration::from_millis(100);

/// Why a stream cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum StreamError {
    /// There are no bytes.
    #[error("the stream is empty")]
    Empty,
    /// No decoder accepts it.
    #[error("the stream is damaged or is not Ogg Vorbis, MP3, FLAC or WAV")]
    Unknown,
    /// It is a WAV stream with an impossible header.
    #[error(transparent)]
    Wav(#[from] DamagedHead),
}

/// A stream that is being decoded.
pub(super) struct SoundStream {
    links: Arc<Mutex<OggLinks>>,
    /// Boxed, because it moves between threads. `None` if the current stream of a chain cannot be decoded.
    decoder: Option<Box<Decoder<Feed>>>,
    is_gapless: bool,
    /// Number of the current stream in a chain, from 1.
    number: usize,
    notes: Vec<String>,
    declared: Option<Duration>,
    /// Number of samples decoded from the current stream of a chain.
    decoded: Arc<AtomicU64>,
    /// Duration of all sound that has been returned.
    returned: Duration,
    /// Tracks the frames, if the stream is MP3.
    frames: Option<Arc<Mutex<Mp3Frames>>>,
    is_over: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SoundStream {
    /// Starts to decode the bytes that `more` returns; `total` is their number, if known. If `is_gapless` is set,
    /// removes the silence that an encoder has added.
    pub(super) fn open(mut more: More, total: Option<u64>, is_gapless: bool) -> Result<Self, StreamError> {
        let (mut first, mut declared, mut is_wav) = (Vec::new(), None, false);
        loop {
            match Head::of(&first)? {
                Head::Wav(head) => (declared, is_wav) = (head.repair(&mut first, total), true),
                Head::Other => {}
                Head::Incomplete => {
                    if let Some(bytes) = more() {
                        first.extend(bytes);
                        continue;
                    }
                }
            }
            break;
        }
        while first.len() < 4
            && let Some(bytes) = more()
        {
            first.extend(bytes);
        }
        if first.is_empty() {
            return Err(StreamError::Empty);
        }
        let (is_flac, is_ogg) = (first.starts_with(b"fLaC"), first.starts_with(b"OggS"));
        let mut head = Some(first);
        let mut more: More = Box::new(move || head.take().or_else(&mut more));
        if !is_wav && !is_ogg {
            more = without_tag(more);
        }
        let frames = (!is_wav && !is_ogg && !is_flac).then(Arc::<Mutex<Mp3Frames>>::default);
        if let Some(frames) = frames.clone() {
            more = Box::new(move || more().inspect(|bytes| lock(&frames).push(bytes)));
        }
        let decoded = Arc::new(AtomicU64::new(0));
        let links = Arc::new(Mutex::new(OggLinks::new(more, decoded.clone())));
        let decoder = decoder(&links, is_gapless).ok_or(StreamError::Unknown)?;
        let declared = declared.or_else(|| decoder.total_duration().filter(|_| !is_wav && !is_ogg));
        Ok(Self {
            links,
            decoder: Some(decoder),
            is_gapless,
            number: 1,
            notes: Vec::new(),
            declared,
            decoded,
            returned: Duration::ZERO,
            frames,
            is_over: false,
        })
    }

    /// The next chunk, about 20 ms long; `None` at the end or if the stream cannot be read any further.
    pub(super) fn next_chunk(&mut self) -> Option<SoundChunk> {
        loop {
            if let Some(mut chunk) = self.decoder.as_mut().and_then(|decoder| next_chunk(decoder, &self.decoded)) {
                // The decoder's last block extends beyond the end of the sound.
                let surplus = usize::try_from(lock(&self.links).surplus()).unwrap_or(usize::MAX);
                let surplus = surplus.saturating_mul(usize::from(chunk.channels));
                chunk.samples.truncate(chunk.samples.len().saturating_sub(surplus));
                if chunk.samples.is_empty() {
                    continue;
                }
                self.returned += chunk.duration();
                return Some(chunk);
            }
            let missing = lock(&self.links).finish_link();
            let missing = missing.filter(|_| self.decoder.is_some());
            let part =
                if self.number == 1 { String::new() } else { format!("part {} of the Ogg stream: ", self.number) };
            self.notes.extend(missing.map(|missing| format!("{part}{missing}")));
            let rate = self.decoder.take().map(|decoder| decoder.sample_rate().get());
            if !lock(&self.links).next_link() {
                if !std::mem::replace(&mut self.is_over, true) {
                    let note = self.missing(rate);
                    self.notes.extend(note);
                }
                return None;
            }
            self.number += 1;
            self.decoded.store(0, Ordering::Relaxed);
            self.decoder = decoder(&self.links, self.is_gapless);
            if self.decoder.is_none() {
                let number = self.number;
                self.notes.push(format!("part {number} of the Ogg stream cannot be decoded and is left out"));
            }
        }
    }

    /// At the end of a stream that is not Ogg: a note for the user about what is missing.
    fn missing(&self, rate: Option<u32>) -> Option<String> {
        let (mut expected, mut rounding) = (self.declared, ROUNDING);
        if let Some(frames) = &self.frames {
            let mut frames = lock(frames);
            if let Some(missing) = frames.missing() {
                return Some(missing);
            }
            if let Some(sound) = frames.sound() {
                rounding = ROUNDING_OF_MP3;
                // A stream that declares its duration has a first frame without sound.
                let rate = f64::from(rate.filter(|rate| *rate > 0)?);
                expected = expected.or_else(|| Duration::try_from_secs_f64(sound as f64 / rate).ok());
            }
        }
        let (decoded, expected) = (self.returned, expected?);
        let [there, whole] = [decoded, expected].map(|span| span.as_secs_f64());
        (decoded + rounding < expected).then(|| {
            format!("only {there:.3} of {whole:.3} s could be decoded, because the data is damaged or truncated")
        })
    }

    /// Notes for the user about the sound that has been left out since the last call.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }
}

/// A decoder for the current stream of a chain; `None` if it cannot be decoded.
fn decoder(links: &Arc<Mutex<OggLinks>>, is_gapless: bool) -> Option<Box<Decoder<Feed>>> {
    let is_gapless = {
        let mut links = lock(links);
        // In Ogg, only the beginning, which is not sound, is removed here. In a single-page stream, the decoder cannot
        // tell the beginning from the end; the end is removed later.
        if links.is_ogg() { !links.has_one_page_of_sound() } else { is_gapless }
    };
    let links = links.clone();
    let feed = Feed::new(Box::new(move || lock(&links).next_bytes()));
    let builder = Decoder::builder().with_data(feed).with_seekable(false).with_gapless(is_gapless);
    contain(|| builder.build()).ok()?.ok().map(Box::new)
}

/// The next chunk of a decoder; `None` at the end or after a failure. Counts its samples one by one, because the
/// decoder may read a page at any sample.
fn next_chunk(decoder: &mut Decoder<Feed>, decoded: &AtomicU64) -> Option<SoundChunk> {
    contain(|| {
        let (channels, sample_rate) = (decoder.channels().get(), decoder.sample_rate().get());
        let frame = usize::from(channels);
        let frames = (sample_rate / CHUNKS_PER_S).max(1) as usize;
        let count = frames.saturating_mul(frame).min(LARGEST_CHUNK / frame * frame).max(frame);
        let counted = decoder.by_ref().take(count).inspect(|_| {
            // Only this thread writes it.
            decoded.store(decoded.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        });
        let mut samples: Vec<f32> = counted.map(usable).collect();
        samples.truncate(samples.len() / frame * frame);
        (!samples.is_empty()).then_some(SoundChunk { sample_rate, channels, samples })
    })
    .ok()?
}
