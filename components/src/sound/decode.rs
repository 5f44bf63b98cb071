//! Decodes sound files to chunks of sound: WAV, MP3, OGG Vorbis and FLAC.
//!
//! Blocks; called off the scheduler thread. A file may be damaged or hostile: every failure of the decoder, including a
//! panic, becomes an error.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;
use std::time::Duration;

use compose_runtime::contain::contain;
use compose_runtime::dev::{Fault, SoundChunk};
use rodio::{Decoder, Source as _};

use super::stream::{SoundStream, StreamError, next_chunk};
use crate::file::faults;
use crate::file::open::to_read;

/// Number of bytes read from the file at a time.
const BLOCK: usize = 64 << 10;

/// A sound file being read.
pub struct SoundFile {
    source: Source,
    declared: Option<Duration>,
    decoded: Duration,
}

/// What decodes the file.
enum Source {
    /// For MP3 and FLAC. It may read anywhere in the file. Boxed, because it moves between threads.
    Whole(Box<Decoder<BufReader<File>>>),
    /// For WAV and Ogg, whose beginnings may be wrong about what follows.
    Stream(SoundStream),
}

impl SoundFile {
    /// Opens a file. The error text names the file.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = to_read(path, false).map_err(|error| faults::reading(path, &error, false))?;
        let damaged = |why: &str| Fault::new(format!("{why}: {}", path.display()));
        let unknown = || damaged("the file is damaged or is not a WAV, MP3, OGG Vorbis or FLAC file");
        let (source, declared) = match begins_as_stream(&file) {
            Err(error) => return Err(faults::reading(path, &error, false)),
            Ok(true) => match open_stream(file) {
                Ok(stream) => {
                    let declared = stream.declared();
                    (Source::Stream(stream), declared)
                }
                Err(StreamError::Empty | StreamError::Unknown) => return Err(unknown()),
                Err(StreamError::Wav(error)) => return Err(damaged(&error.to_string())),
            },
            Ok(false) => match contain(|| Decoder::try_from(file)) {
                Ok(Ok(decoder)) => {
                    let declared = decoder.total_duration();
                    (Source::Whole(Box::new(decoder)), declared)
                }
                Ok(Err(_)) | Err(_) => return Err(unknown()),
            },
        };
        Ok(Self { source, declared, decoded: Duration::ZERO })
    }

    /// The next chunk, about 20 ms long; `None` at the end or if the file cannot be read any further.
    pub fn next_chunk(&mut self) -> Option<SoundChunk> {
        let chunk = match &mut self.source {
            Source::Whole(decoder) => next_chunk(decoder),
            Source::Stream(stream) => stream.next_chunk(),
        }?;
        self.decoded += chunk.duration();
        Some(chunk)
    }

    /// At the end: what is missing, for the user.
    pub fn notes(&mut self) -> Vec<String> {
        let mut notes = match &mut self.source {
            Source::Whole(_) => Vec::new(),
            Source::Stream(stream) => stream.take_notes(),
        };
        if let Some([decoded, declared]) = self.missing() {
            let [decoded, declared] = [decoded, declared].map(|span| span.as_secs_f64());
            notes.push(format!("only {decoded:.1} of {declared:.1} s could be read, because the file is truncated"));
        }
        notes
    }

    /// The decoded and the declared duration, if a significant part is missing.
    fn missing(&self) -> Option<[Duration; 2]> {
        let declared = self.declared?;
        // Encoders pad, so up to half a second may be missing from an intact file.
        (self.decoded + Duration::from_millis(500) < declared).then_some([self.decoded, declared])
    }
}

/// Whether the first bytes are those of WAV or Ogg. Leaves the file at its start.
fn begins_as_stream(mut file: &File) -> std::io::Result<bool> {
    let mut first = Vec::new();
    file.take(4).read_to_end(&mut first)?;
    file.rewind()?;
    Ok(first == b"RIFF" || first == b"OggS")
}

fn open_stream(mut file: File) -> Result<SoundStream, StreamError> {
    let total = file.metadata().ok().map(|metadata| metadata.len());
    let more = move || {
        let mut block = vec![0; BLOCK];
        // An error in the middle of the file ends the sound, as its end does.
        let length = file.read(&mut block).ok().filter(|length| *length > 0)?;
        block.truncate(length);
        Some(block)
    };
    SoundStream::open(Box::new(more), total, true)
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
        assert_eq!(file.notes(), Vec::<String>::new());
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
        assert!(fault.text().starts_with("this file does not exist; choose another file: "), "{fault}");
        assert!(SoundFile::open(folder.path()).err().unwrap().text().contains("folder"));
    }

    #[test]
    fn a_wav_file_with_wrong_lengths_is_played_as_far_as_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("killed.wav");
        let good = std::fs::read(sample("tone.wav")).unwrap();
        for (whole, data) in [(0, 0), (0, 8_000), (36, 0), (36, u32::MAX), (u32::MAX, u32::MAX), (8_036, 0x7fff_ffff)] {
            let mut bytes = good.clone();
            bytes[4..8].copy_from_slice(&u32::to_le_bytes(whole));
            bytes[40..44].copy_from_slice(&u32::to_le_bytes(data));
            std::fs::write(&path, bytes).unwrap();
            let mut file = SoundFile::open(&path).unwrap();
            let sound: Duration = std::iter::from_fn(|| file.next_chunk()).map(|chunk| chunk.duration()).sum();
            assert!((sound.as_secs_f64() - 0.5).abs() < 0.01, "{whole} {data}: {sound:?}");
            assert_eq!(file.notes(), Vec::<String>::new());
        }
    }

    #[test]
    fn a_chained_ogg_file_is_played_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chain.ogg");
        let one = std::fs::read(sample("tone.ogg")).unwrap();
        let mut unknown = one.clone();
        unknown[28..36].fill(b'?');
        std::fs::write(&path, [&one[..], &unknown, &one].concat()).unwrap();
        let mut file = SoundFile::open(&path).unwrap();
        let sound: Duration = std::iter::from_fn(|| file.next_chunk()).map(|chunk| chunk.duration()).sum();
        assert!((sound.as_secs_f64() - 1.0).abs() < 0.1, "{sound:?}");
        assert_eq!(file.notes(), ["part 2 of the Ogg stream cannot be decoded and is left out"]);
    }

    #[test]
    fn a_rate_of_0_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rate.wav");
        let mut bytes = std::fs::read(sample("tone.wav")).unwrap();
        bytes[24..28].fill(0);
        std::fs::write(&path, bytes).unwrap();
        let text = SoundFile::open(&path).err().unwrap().to_string();
        assert!(text.starts_with("the WAV header is damaged: the sample rate is 0: "), "{text}");
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
