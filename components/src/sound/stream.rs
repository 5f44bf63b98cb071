//! SoundStream: decodes a stream of bytes as far as it goes: WAV, MP3, Ogg Vorbis and FLAC.
//!
//! Blocks while it waits for bytes; runs off the scheduler thread. A stream may be damaged or hostile: every failure of the
//! decoder, including a panic, becomes an error or ends the stream. The streams of a chained Ogg stream are decoded one
//! after the other, and a WAV header with wrong lengths is repaired.

use std::io::{Read, Seek};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use compose_runtime::contain::contain;
use compose_runtime::dev::SoundChunk;
use rodio::{Decoder, Source as _};

use super::feed::{Feed, More};
use super::ogg_links::OggLinks;
use super::wav_head::{DamagedHead, Head};

/// Number of chunks per second of sound.
const CHUNKS_PER_S: u32 = 50;
/// Limit on the samples in one chunk, whatever format the stream declares.
const LARGEST_CHUNK: usize = 1 << 16;

/// Why a stream cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum StreamError {
    /// There are no bytes.
    #[error("the stream is empty")]
    Empty,
    /// No decoder accepts it.
    #[error("the stream is damaged or is not Ogg Vorbis, MP3, FLAC or WAV")]
    Unknown,
    /// It is a WAV stream that declares something impossible.
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
}

impl SoundStream {
    /// Starts to decode the bytes that `more` returns, of which `total` exist if that is known. Removes the silence that
    /// an encoder has added if `is_gapless` is set.
    pub(super) fn open(mut more: More, total: Option<u64>, is_gapless: bool) -> Result<Self, StreamError> {
        let (mut first, mut declared) = (Vec::new(), None);
        loop {
            match Head::of(&first)? {
                Head::Wav(head) => declared = head.repair(&mut first, total),
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
        if first.is_empty() {
            return Err(StreamError::Empty);
        }
        let mut first = Some(first);
        let links = OggLinks::new(Box::new(move || first.take().or_else(&mut more)));
        let links = Arc::new(Mutex::new(links));
        let decoder = Some(decoder(&links, is_gapless).ok_or(StreamError::Unknown)?);
        Ok(Self { links, decoder, is_gapless, number: 1, notes: Vec::new(), declared })
    }

    /// The next chunk, about 20 ms long; `None` at the end or if the stream cannot be read any further.
    pub(super) fn next_chunk(&mut self) -> Option<SoundChunk> {
        loop {
            if let Some(chunk) = self.decoder.as_mut().and_then(|decoder| next_chunk(decoder)) {
                return Some(chunk);
            }
            self.decoder = None;
            if !self.links.lock().unwrap_or_else(PoisonError::into_inner).next_link() {
                return None;
            }
            self.number += 1;
            self.decoder = decoder(&self.links, self.is_gapless);
            if self.decoder.is_none() {
                let number = self.number;
                self.notes.push(format!("part {number} of the Ogg stream cannot be decoded and is left out"));
            }
        }
    }

    /// What has been left out since the last call, for the user.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The duration that a WAV header declares.
    pub(super) fn declared(&self) -> Option<Duration> {
        self.declared
    }
}

/// A decoder for the current stream of a chain; `None` if it cannot be decoded.
fn decoder(links: &Arc<Mutex<OggLinks>>, is_gapless: bool) -> Option<Box<Decoder<Feed>>> {
    let links = links.clone();
    let feed = Feed::new(Box::new(move || links.lock().unwrap_or_else(PoisonError::into_inner).next_bytes()));
    let builder = Decoder::builder().with_data(feed).with_seekable(false).with_gapless(is_gapless);
    contain(|| builder.build()).ok()?.ok().map(Box::new)
}

/// The next chunk of a decoder; `None` at the end or after a failure.
pub(super) fn next_chunk<R: Read + Seek>(decoder: &mut Decoder<R>) -> Option<SoundChunk> {
    contain(|| {
        let (channels, sample_rate) = (decoder.channels().get(), decoder.sample_rate().get());
        let frame = usize::from(channels);
        let frames = (sample_rate / CHUNKS_PER_S).max(1) as usize;
        let count = frames.saturating_mul(frame).min(LARGEST_CHUNK / frame * frame).max(frame);
        let mut samples: Vec<f32> = decoder.by_ref().take(count).collect();
        samples.truncate(samples.len() / frame * frame);
        (!samples.is_empty()).then_some(SoundChunk { sample_rate, channels, samples })
    })
    .ok()?
}
