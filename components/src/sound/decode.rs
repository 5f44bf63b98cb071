//! Decodes sound files to chunks of sound: WAV, MP3, OGG Vorbis and FLAC.
//!
//! Blocks; called off the scheduler thread. A file may be damaged or hostile: every failure of the decoder, including a
//! panic, becomes an error or a note.

use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use compose_runtime::dev::{Fault, SoundChunk};

use super::stream::{SoundStream, StreamError};
use crate::file::faults;
use crate::file::open::to_read;

/// Number of bytes read from the file at a time.
const BLOCK: usize = 64 << 10;

/// A sound file being read.
pub struct SoundFile {
    stream: SoundStream,
    /// Why reading stopped before the end of the file.
    error: Arc<Mutex<Option<std::io::Error>>>,
}

impl SoundFile {
    /// Opens a file. The error text names the file.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let mut file = to_read(path, false).map_err(|error| faults::reading(path, &error, false))?;
        let total = file.metadata().ok().map(|metadata| metadata.len());
        let error = Arc::<Mutex<Option<std::io::Error>>>::default();
        let failed = error.clone();
        let more = move || {
            let mut block = vec![0; BLOCK];
            let length = loop {
                match file.read(&mut block) {
                    Ok(length) => break length,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        break 0;
                    }
                }
            };
            block.truncate(length);
            (length > 0).then_some(block)
        };
        let opened = SoundStream::open(Box::new(more), total, true);
        if let Some(error) = error.lock().unwrap_or_else(PoisonError::into_inner).take_if(|_| opened.is_err()) {
            return Err(faults::reading(path, &error, false));
        }
        let damaged = |why: &str| Fault::new(format!("{why}: {}", path.display()));
        let stream = opened.map_err(|error| match error {
            StreamError::Empty | StreamError::Unknown => {
                damaged("the file is damaged or is not a WAV, MP3, OGG Vorbis or FLAC file")
            }
            StreamError::Wav(error) => damaged(&error.to_string()),
        })?;
        Ok(Self { stream, error })
    }

    /// The next chunk, about 20 ms long; `None` at the end or if the file cannot be read any further.
    pub fn next_chunk(&mut self) -> Option<SoundChunk> {
        self.stream.next_chunk()
    }

    /// At the end: a note for the user about what is missing.
    pub fn notes(&mut self) -> Vec<String> {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner).take();
        let error = error.map(|error| format!("the file could not be read to its end: {error}"));
        error.into_iter().chain(self.stream.take_notes()).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

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

    /// The number of frames of sound in these bytes, and the notes.
    fn frames_and_notes(bytes: &[u8]) -> (usize, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sound");
        std::fs::write(&path, bytes).unwrap();
        let mut file = SoundFile::open(&path).unwrap();
        let count = |chunk: SoundChunk| chunk.samples.len() / usize::from(chunk.channels);
        (std::iter::from_fn(|| file.next_chunk()).map(count).sum(), file.notes())
    }

    fn bytes_of(name: &str) -> Vec<u8> {
        std::fs::read(sample(name)).unwrap()
    }

    #[test]
    fn the_missing_part_of_a_truncated_file_is_reported() {
        let mut wav = bytes_of("tone.wav");
        // Both lengths in the header declare a tenth of a second too much.
        for at in [4, 40] {
            let length = u32::from_le_bytes(wav[at..at + 4].try_into().unwrap()) + 800 * 2;
            wav[at..at + 4].copy_from_slice(&length.to_le_bytes());
        }
        let text = "only 0.500 of 0.600 s could be decoded, because the data is damaged or truncated";
        assert_eq!(frames_and_notes(&wav), (4_000, vec![text.to_owned()]));
        for (name, text) in [
            ("tone.flac", "could be decoded, because the data is damaged or truncated"),
            ("tone.mp3", "the sound breaks off in the middle of a frame, because the data is truncated"),
            ("long.ogg", "because the data is truncated"),
        ] {
            let whole = bytes_of(name);
            let (all, none) = frames_and_notes(&whole);
            assert_eq!(none, Vec::<String>::new(), "{name}");
            let (frames, notes) = frames_and_notes(&whole[..whole.len() - whole.len() / 4 - 10]);
            assert!(frames < all, "{name}: {frames} of {all}");
            assert!(notes.len() == 1 && notes[0].contains(text), "{name}: {notes:?}");
        }
    }

    #[test]
    fn damage_in_the_middle_is_reported() {
        for (name, text) in [
            ("tone.flac", "could be decoded, because the data is damaged or truncated"),
            ("tone.mp3", "because the data is damaged in 1 place"),
            ("long.ogg", "could not be decoded, because the data is damaged in 1 place"),
        ] {
            let whole = bytes_of(name);
            let middle = whole.len() / 2;
            let mut flipped = whole.clone();
            flipped[middle..middle + 200].iter_mut().for_each(|byte| *byte ^= 0x5a);
            let holed = [&whole[..middle], &whole[middle + 200..]].concat();
            for damaged in [flipped, holed] {
                let (frames, notes) = frames_and_notes(&damaged);
                let (all, _) = frames_and_notes(&whole);
                assert!(frames < all && notes.len() == 1, "{name}: {frames} of {all}, {notes:?}");
                let found = notes[0].contains(text) || name == "tone.mp3" && notes[0].contains("not MP3 frames");
                assert!(found, "{name}: {notes:?}");
            }
        }
    }

    #[test]
    fn an_ogg_file_has_exactly_the_length_that_it_states() {
        assert_eq!(frames_and_notes(&bytes_of("tone.ogg")), (8_000, Vec::new()));
        assert_eq!(frames_and_notes(&bytes_of("long.ogg")), (64_000, Vec::new()));
        // Even in a single-page stream, the surplus is at the end: the tone begins immediately.
        let mut file = SoundFile::open(&sample("tone.ogg")).unwrap();
        let wav = SoundFile::open(&sample("tone.wav")).unwrap().next_chunk().unwrap();
        let ogg = file.next_chunk().unwrap();
        // Beginning with the first, every second sample at 16 000 Hz matches one sample at 8000 Hz.
        for (index, expected) in wav.samples.iter().enumerate().take(20) {
            assert!((ogg.samples[2 * index] - expected).abs() < 0.1, "{index}: {} {expected}", ogg.samples[2 * index]);
        }
    }

    #[test]
    fn a_tag_at_the_end_or_the_beginning_costs_no_sound() {
        let tag = [b"TAG".to_vec(), vec![b'x'; 125]].concat();
        for name in ["tone.flac", "tone.mp3"] {
            let whole = bytes_of(name);
            assert_eq!(frames_and_notes(&[&whole[..], &tag].concat()), frames_and_notes(&whole), "{name}");
            let head = [&b"ID3\x04\0\0\0\0\0\x14"[..], &[0; 20]].concat();
            assert_eq!(frames_and_notes(&[head, whole.clone()].concat()), frames_and_notes(&whole), "{name}");
        }
    }
}
