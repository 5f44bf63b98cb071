//! Sound that is captured and measured: an ALSA default device that writes what is played into a WAV file.
//!
//! The device exists for one child process only, through `ALSA_CONFIG_PATH` and a home folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A WAV file and the ALSA configuration that fills it.
pub struct Capture {
    folder: tempfile::TempDir,
}

impl Capture {
    /// Writes the configuration: `plug` over `file` over `null`, 16 bits, 44 100 Hz, stereo.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let capture = Self { folder };
        let config = format!(
            "pcm.nothing {{ type null }}\n\
             pcm.to_file {{ type file slave.pcm nothing file {:?} format wav }}\n\
             pcm.!default {{ type plug slave {{ pcm to_file format S16_LE rate 44100 channels 2 }} }}\n\
             ctl.!default {{ type null }}\n",
            capture.wav().display().to_string()
        );
        std::fs::write(capture.folder.path().join(".asoundrc"), config).expect("the configuration can be written");
        capture
    }

    /// Where the sound ends up.
    pub fn wav(&self) -> PathBuf {
        self.folder.path().join("captured.wav")
    }

    /// Makes `command` play into the file.
    pub fn apply(&self, command: &mut Command) {
        command.env("HOME", self.folder.path()).env_remove("ALSA_CONFIG_PATH").env_remove("XDG_RUNTIME_DIR");
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

/// The first channel of a piece of sound.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Frames a second.
    pub rate: f64,
    /// Samples from -1 to 1.
    pub samples: Vec<f64>,
}

impl Sound {
    /// Reads a 16-bit WAV file, also one whose writer was ended before it could fill in the lengths.
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("no captured sound: {error}"));
        let data = find(&bytes, b"data").expect("a WAV file has data") + 8;
        let format = find(&bytes, b"fmt ").expect("a WAV file has a format") + 8;
        let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let channels = usize::from(u16_at(format + 2)).max(1);
        let rate = u32::from_le_bytes([bytes[format + 4], bytes[format + 5], bytes[format + 6], bytes[format + 7]]);
        assert_eq!(u16_at(format + 14), 16, "only 16 bits are understood");
        let frames = bytes[data..].chunks_exact(2 * channels);
        let samples = frames.map(|frame| f64::from(i16::from_le_bytes([frame[0], frame[1]])) / 32768.0).collect();
        Self { rate: f64::from(rate), samples }
    }

    /// What can be heard: the pieces of 10 ms that are not silent.
    #[must_use]
    pub fn audible(&self) -> Self {
        let pieces = self.pieces().filter(|piece| is_heard(piece));
        Self { rate: self.rate, samples: pieces.flatten().copied().collect() }
    }

    /// How many stretches of silence there are between the first and the last sound. A busy machine may leave one in a
    /// live stream; sound that comes in scraps has dozens a second.
    pub fn gaps(&self) -> usize {
        let heard: Vec<bool> = self.pieces().map(is_heard).collect();
        let (Some(first), Some(last)) = (heard.iter().position(|is| *is), heard.iter().rposition(|is| *is)) else {
            return usize::MAX;
        };
        heard[first..=last].windows(2).filter(|pair| pair[0] && !pair[1]).count()
    }

    /// Share of the waves that are within one in a hundred of the main pitch, 0 to 1: every seam between two pieces that
    /// do not belong together makes a wave that is not.
    pub fn steadiness(&self) -> f64 {
        let waves = self.waves();
        let Some(main) = waves.get(waves.len() / 2) else { return 0.0 };
        let alike = waves.iter().filter(|wave| (*wave / main - 1.0).abs() < 0.01).count();
        alike as f64 / waves.len() as f64
    }

    fn pieces(&self) -> impl Iterator<Item = &[f64]> {
        self.samples.chunks((self.rate / 100.0) as usize)
    }

    /// A part of it: from where, and how long, in seconds.
    #[must_use]
    pub fn part(&self, from: f64, length: f64) -> Self {
        let [start, count] = [from, length].map(|seconds| (seconds * self.rate).max(0.0) as usize);
        let samples = self.samples.iter().skip(start).take(count).copied().collect();
        Self { rate: self.rate, samples }
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / self.rate
    }

    /// Root mean square, 0 to 1.
    pub fn level(&self) -> f64 {
        (self.samples.iter().map(|sample| sample * sample).sum::<f64>() / self.samples.len().max(1) as f64).sqrt()
    }

    /// Main pitch in hertz: the middle one of all waves, from one upward crossing of zero to the next. Exact for a plain
    /// tone, which is what the tests play.
    pub fn pitch(&self) -> f64 {
        let waves = self.waves();
        waves.get(waves.len() / 2).map_or(0.0, |wave| self.rate / wave)
    }

    /// Lengths of all waves in samples, sorted.
    fn waves(&self) -> Vec<f64> {
        let crossings: Vec<f64> = (1..self.samples.len())
            .filter(|index| self.samples[index - 1] < 0.0 && self.samples[*index] >= 0.0)
            .map(|index| {
                let (before, after) = (self.samples[index - 1], self.samples[index]);
                index as f64 - after / (after - before)
            })
            .collect();
        let mut waves: Vec<f64> = crossings.windows(2).map(|pair| pair[1] - pair[0]).collect();
        waves.sort_by(f64::total_cmp);
        waves
    }
}

fn is_heard(piece: &[f64]) -> bool {
    piece.iter().any(|sample| sample.abs() > 0.01)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitch_and_level_of_a_plain_tone_are_exact() {
        let wave = |frame: i32| (f64::from(frame) * 440.0 * std::f64::consts::TAU / 44100.0).sin() * 0.5;
        let sound = Sound { rate: 44100.0, samples: (0..44100).map(wave).collect() };
        assert!((sound.pitch() - 440.0).abs() < 0.1, "{}", sound.pitch());
        assert!((sound.level() - 0.3536).abs() < 0.001, "{}", sound.level());
        assert_eq!((sound.gaps(), sound.steadiness()), (0, 1.0));
    }

    #[test]
    fn scraps_and_seams_are_noticed() {
        let wave = |frame: i32| (f64::from(frame) * 440.0 * std::f64::consts::TAU / 44100.0).sin() * 0.5;
        let scraps = (0..44100).map(|frame| if frame / 882 % 2 == 0 { wave(frame) } else { 0.0 });
        let scraps = Sound { rate: 44100.0, samples: scraps.collect() };
        assert_eq!(scraps.gaps(), 24);
        assert!(scraps.steadiness() < 0.95, "{}", scraps.steadiness());
        // Every tenth of a second some sound is left out.
        let cut = (0..44100).map(|frame| wave(frame + frame / 441 * 30)).collect();
        let cut = Sound { rate: 44100.0, samples: cut };
        assert_eq!(cut.gaps(), 0);
        assert!(cut.steadiness() < 0.9, "{}", cut.steadiness());
    }
}
