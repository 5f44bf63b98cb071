//! Decodes sound files to chunks of sound: WAV, MP3, OGG Vorbis and FLAC.
//!
//! Blocks; called off the scheduler thread. A file may be damaged or hostile: every failure of the decoder, including a
//! panic, becomes an error.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use compose_runtime::dev::{Fault, SoundChunk};
use rodio::{Decoder, Source as _};

/// Number of chunks per second of sound.
const CHUNKS_PER_S: u32 = 50;
/// Limit on the samples in one chunk, whatever format the file declares.
const LARGEST_CHUNK: usize = 1 << 16;

/// A sound file being read.
pub struct SoundFile {
    /// Boxed, because it moves between threads.
    decoder: Box<Decoder<std::io::BufReader<File>>>,
    declared: Option<Duration>,
    decoded: Duration,
}

impl SoundFile {
    /// Opens a file. The error text names the file.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                _ => error.to_string(),
            };
            Fault::new(format!("cannot open the sound file: {why}: {}", path.display()))
        })?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Fault::new(format!("the path is a folder; choose a sound file in it: {}", path.display())));
        }
        let decoder = catch_unwind(AssertUnwindSafe(|| Decoder::try_from(file)));
        match decoder {
            Ok(Ok(decoder)) => {
                let declared = decoder.total_duration();
                Ok(Self { decoder: Box::new(decoder), declared, decoded: Duration::ZERO })
            }
            Ok(Err(_)) | Err(_) => Err(Fault::new(format!(
                "the file is damaged or is not a WAV, MP3, OGG Vorbis or FLAC file: {}",
                path.display()
            ))),
        }
    }

    /// The next chunk, about 20 ms long; `None` at the end or if the file cannot be read any further.
    pub fn next_chunk(&mut self) -> Option<SoundChunk> {
        let chunk = catch_unwind(AssertUnwindSafe(|| self.decode_chunk())).ok()??;
        self.decoded += chunk.duration();
        Some(chunk)
    }

    /// At the end: the decoded and the declared duration, if a significant part is missing.
    pub fn missing(&self) -> Option<[Duration; 2]> {
        let declared = self.declared?;
        // Encoders pad, so up to half a second may be missing from an intact file.
        (self.decoded + Duration::from_millis(500) < declared).then_some([self.decoded, declared])
    }

    fn decode_chunk(&mut self) -> Option<SoundChunk> {
        let channels = self.decoder.channels().get();
        let sample_rate = self.decoder.sample_rate().get();
        let frame = usize::from(channels);
        let frames = (sample_rate / CHUNKS_PER_S).max(1) as usize;
        let count = frames.saturating_mul(frame).min(LARGEST_CHUNK / frame * frame).max(frame);
        let mut samples: Vec<f32> = self.decoder.by_ref().take(count).collect();
        samples.truncate(samples.len() / frame * frame);
        (!samples.is_empty()).then_some(SoundChunk { sample_rate, channels, samples })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::sound::level;

    /// Path of a file in the test data.
    pub(crate) fn sample(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests-data").join(name)
    }

    fn whole(name: &str) -> SoundChunk {
        let mut file = SoundFile::open(&sample(name)).unwrap();
        let mut whole = file.next_chunk().unwrap();
        while let Some(chunk) = file.next_chunk() {
            assert!(chunk.duration() <= Duration::from_millis(21));
            whole.samples.extend(chunk.samples);
        }
        assert_eq!(file.missing(), None);
        whole
    }

    #[test]
    fn every_format_gives_half_a_second_of_the_same_tone() {
        for name in ["tone.wav", "tone.mp3", "tone.ogg", "tone.flac"] {
            let sound = whole(name);
            let seconds = sound.duration().as_secs_f64();
            // An MP3 encoder adds some silence at both ends.
            assert!((seconds - 0.5).abs() < 0.1, "{name} lasts {seconds} s");
            let pitch = level::pitch(&sound).unwrap();
            assert!((pitch - 440.0).abs() < 2.0, "{name} sounds at {pitch} Hz");
        }
    }

    #[test]
    fn the_error_for_a_file_that_is_not_a_sound_file_contains_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let good = std::fs::read(sample("tone.wav")).unwrap();
        let mut rate_zero = good.clone();
        rate_zero[24..28].fill(0);
        let mut no_channels = good.clone();
        no_channels[22..24].fill(0);
        for (name, bytes) in [
            ("text.wav", b"once upon a time".to_vec()),
            ("empty.mp3", Vec::new()),
            ("header.wav", good[..40].to_vec()),
            ("rate.wav", rate_zero),
            ("channels.wav", no_channels),
            ("garbage.flac", (0..4_000u32).map(|index| (index * 7 % 253) as u8).collect()),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            // Some damage is found only when the first chunk is read: then there is no chunk.
            match SoundFile::open(&path) {
                Err(fault) => assert!(fault.text().ends_with(name), "{fault}"),
                Ok(mut file) => assert!(file.next_chunk().is_none(), "{name}"),
            }
        }
        let fault = SoundFile::open(&folder.path().join("none.wav")).err().unwrap();
        assert!(fault.text().starts_with("cannot open the sound file: there is no such file"), "{fault}");
        assert!(SoundFile::open(folder.path()).err().unwrap().text().contains("folder"));
    }

    #[test]
    fn the_missing_duration_of_a_truncated_file_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.wav");
        let mut bytes = std::fs::read(sample("tone.wav")).unwrap();
        // Both lengths in the header declare ten seconds too much.
        for at in [4, 40] {
            let length = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) + 10 * 8_000 * 2;
            bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
        }
        std::fs::write(&path, bytes).unwrap();
        let mut file = SoundFile::open(&path).unwrap();
        while file.next_chunk().is_some() {}
        let [decoded, declared] = file.missing().unwrap();
        assert!(decoded < Duration::from_secs(1) && declared > Duration::from_secs(10));
    }
}
