//! Resample: converts sound to another sample rate and number of channels.
//!
//! Averages the old samples that one new sample covers, then interpolates linearly. This needs no crate and works chunk
//! by chunk without delay. The loss at high frequencies is not audible in speech and previews.

use std::sync::Arc;

use compose_runtime::dev::*;

use super::sample::usable;
use crate::refuse::wrong_kind;

/// Description of Resample.
pub static RESAMPLE: ComponentSpec = ComponentSpec {
    type_name: "Resample",
    category: Category::SoundAndPictures,
    summary: "Changes the sample rate and number of channels of sound",
    docs: "Converts sound of any format to `to_sample_rate` and `to_channels`; 0 leaves the value unchanged. For one \
           channel, it averages the channels; for other smaller numbers, it keeps the first channels; for larger \
           numbers, it repeats the last channel. The duration stays the same, and there are no clicks between chunks. \
           A sample that is not a number becomes silence, and an infinite one full scale.\n\n\
           Example: AudioFileReader, Resample with 8000 and 1, a network for speech.\n\n\
           Differs from the original: new samples are interpolated instead of repeated or dropped.",
    inboxes: &[BoxSpec::new("inbox", "Sound in any format").kinds(&[Kind::Sound])],
    outboxes: &[BoxSpec::new("outbox", "Sound in the chosen format").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::int("to_sample_rate", 0, 192_000, 48_000, "New sample rate; 0 keeps the old one").unit("Hz"),
        ParamSpec::int("to_channels", 0, 8, 1, "New number of channels; 0 keeps the old one"),
    ],
    build: build::<Resample>,
    ..ComponentSpec::EMPTY
};

struct Resample {
    rate: u32,
    channels: u16,
}

impl Component for Resample {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            rate: u32::try_from(params.int("to_sample_rate")).unwrap_or(0),
            channels: u16::try_from(params.int("to_channels")).unwrap_or(0),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut converter = Converter::default();
        while let Some(message) = io.recv("inbox").await {
            let Message::Sound(sound) = &message else { return Err(wrong_kind("inbox", "sound", &message)) };
            let converted = converter.convert(sound, self.rate, self.channels);
            if !converted.samples.is_empty() {
                io.send("outbox", Message::Sound(Arc::new(converted))).await;
            }
        }
        if let Some([_, _, sample_rate, channels]) = converter.formats {
            let (samples, channels) = (converter.finish(), u16::try_from(channels).unwrap_or(1));
            if !samples.is_empty() {
                io.send("outbox", Message::Sound(Arc::new(SoundChunk { sample_rate, channels, samples }))).await;
            }
        }
        Ok(())
    }
}

/// Converts successive chunks of a stream.
#[derive(Debug, Default)]
pub(super) struct Converter {
    /// Source and target format of the last chunk.
    formats: Option<[u32; 4]>,
    /// Old frames that are still needed to compute new frames.
    kept: Vec<Vec<f32>>,
    /// Position of the next new frame in `kept`, multiplied by the new sample rate so that it is exact.
    position: u64,
}

impl Converter {
    /// Converts sound to this sample rate and number of channels; 0 keeps the old value.
    pub(super) fn convert(&mut self, sound: &SoundChunk, rate: u32, channels: u16) -> SoundChunk {
        let old_channels = sound.channels.max(1);
        let channels = if channels == 0 { old_channels } else { channels };
        let rate = if rate == 0 { sound.sample_rate } else { rate };
        let frames: Vec<Vec<f32>> =
            sound.samples.chunks_exact(usize::from(old_channels)).map(|frame| mixed(frame, channels)).collect();
        let mut samples = Vec::new();
        let formats = Some([sound.sample_rate, u32::from(old_channels), rate, u32::from(channels)]);
        if self.formats != formats {
            // First comes the rest of the sound in the old format, if its target format is the same.
            if self.formats.is_some_and(|[_, _, old @ ..]| old == [rate, u32::from(channels)]) {
                samples = self.finish();
            }
            *self = Self { formats, ..Self::default() };
        }
        if rate == sound.sample_rate || frames.is_empty() || rate == 0 || sound.sample_rate == 0 {
            samples.extend(frames.into_iter().flatten());
            return SoundChunk { sample_rate: rate, channels, samples };
        }
        self.kept.extend(frames);
        samples.extend(self.ready_samples(u64::MAX));
        SoundChunk { sample_rate: rate, channels, samples }
    }

    /// At the end of the stream: the samples that were waiting for more sound. Copies of the last frame replace the
    /// missing sound.
    pub(super) fn finish(&mut self) -> Vec<f32> {
        let count = self.kept.len();
        let Some(([old, _, new, _], last)) = self.formats.zip(self.kept.last().cloned()) else { return Vec::new() };
        let width = width(old, new);
        self.kept.extend(std::iter::repeat_n(last, width + 1));
        let samples = self.ready_samples(count as u64 * u64::from(new));
        *self = Self { formats: self.formats, ..Self::default() };
        samples
    }

    /// Takes the samples of all new frames before this position that have enough old frames after them.
    fn ready_samples(&mut self, end: u64) -> Vec<f32> {
        let Some([old, _, new, channels]) = self.formats else { return Vec::new() };
        let width = width(old, new);
        let [before, after] = [width / 2, (width - 1) / 2];
        let whole_of = |position: u64| usize::try_from(position / u64::from(new)).unwrap_or(usize::MAX);
        let mut samples = Vec::new();
        // New frames too close to the end wait for the next chunk.
        while self.position < end && whole_of(self.position) + 1 + after < self.kept.len() {
            let whole = whole_of(self.position);
            let part = (self.position % u64::from(new)) as f32 / new as f32;
            for channel in 0..channels as usize {
                let near = |index: usize| {
                    let around = self.kept.get(index.saturating_sub(before)..=index + after).unwrap_or_default();
                    let sum: f32 = around.iter().filter_map(|frame| frame.get(channel)).sum();
                    sum / around.len().max(1) as f32
                };
                samples.push(near(whole) * (1.0 - part) + near(whole + 1) * part);
            }
            self.position += u64::from(old);
        }
        let done = whole_of(self.position).saturating_sub(before).min(self.kept.len());
        self.kept.drain(..done);
        self.position -= done as u64 * u64::from(new);
        samples
    }
}

/// Number of old frames that one new frame covers.
fn width(old: u32, new: u32) -> usize {
    (f64::from(old) / f64::from(new)).max(1.0).round() as usize
}

/// Converts a frame to another number of channels.
fn mixed(frame: &[f32], channels: u16) -> Vec<f32> {
    let channels = usize::from(channels);
    let samples = frame.iter().copied().map(usable);
    if channels >= frame.len() {
        let last = samples.clone().next_back().unwrap_or(0.0);
        return samples.chain(std::iter::repeat(last)).take(channels).collect();
    }
    if channels == 1 {
        return vec![samples.sum::<f32>() / frame.len().max(1) as f32];
    }
    samples.take(channels).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sound::level;

    fn tone(rate: u32, channels: u16, seconds: f64) -> Vec<SoundChunk> {
        let frames = (f64::from(rate) * seconds) as usize;
        let value = |frame: usize| (frame as f64 / f64::from(rate) * 440.0 * std::f64::consts::TAU).sin() as f32 * 0.5;
        let samples: Vec<f32> =
            (0..frames).flat_map(|frame| std::iter::repeat_n(value(frame), usize::from(channels))).collect();
        let chunks = samples.chunks(333 * usize::from(channels));
        chunks.map(|chunk| SoundChunk { sample_rate: rate, channels, samples: chunk.to_vec() }).collect()
    }

    #[test]
    fn pitch_and_duration_stay_the_same_for_all_sample_rates() {
        for (from, to) in [(8_000, 48_000), (44_100, 48_000), (48_000, 44_100), (48_000, 8_000), (8_000, 8_000)] {
            let mut converter = Converter::default();
            let chunks = tone(from, 2, 1.0);
            let mut samples: Vec<f32> =
                chunks.iter().flat_map(|chunk| converter.convert(chunk, to, 1).samples).collect();
            samples.extend(converter.finish());
            assert_eq!(samples.len(), to as usize, "{from} to {to}");
            let sound = SoundChunk { sample_rate: to, channels: 1, samples };
            let pitch = level::pitch(&sound).unwrap();
            assert!((pitch - 440.0).abs() < 1.0, "{from} to {to}: {pitch} Hz");
            let peak = level::peak_and_rms(&sound.samples)[0];
            assert!((0.45..=0.51).contains(&peak), "{from} to {to}: {peak}");
            let step = sound.samples.windows(2).map(|pair| (pair[0] - pair[1]).abs()).fold(0.0, f32::max);
            assert!(step < 0.5 * 440.0 * 7.0 / to as f32, "a click from {from} to {to}: {step}");
        }
    }

    #[test]
    fn no_sound_is_lost_at_the_end_or_where_the_format_changes() {
        use compose_runtime::testing::Rig;

        let mut rig = Rig::new(&RESAMPLE, &[]);
        for chunk in tone(8_000, 1, 1.0).into_iter().chain(tone(44_100, 2, 1.0)).chain(tone(48_000, 1, 1.0)) {
            rig.put("inbox", Message::Sound(Arc::new(chunk)));
        }
        rig.finish();
        rig.run();
        let count = rig.take("outbox").into_iter().map(|message| match message {
            Message::Sound(sound) => sound.samples.len(),
            _ => 0,
        });
        assert_eq!(count.sum::<usize>(), 3 * 48_000);
    }

    #[test]
    fn channels_are_mixed_or_repeated() {
        assert_eq!(mixed(&[0.2, 0.4], 1), [0.3]);
        assert_eq!(mixed(&[0.2], 3), [0.2; 3]);
        assert_eq!(mixed(&[0.1, 0.2, 0.3], 2), [0.1, 0.2]);
    }
}
