//! Captures and measures sound: the ALSA default device writes the sound to a WAV file.
//!
//! Only one child process uses the device: its home folder contains the ALSA configuration.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A WAV file and the ALSA configuration that writes it.
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

    /// Path of the WAV file.
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

/// The first channel of a recording.
#[derive(Debug, Clone)]
pub struct Sound {
    /// Frames per second.
    pub rate: f64,
    /// Samples from -1 to 1.
    pub samples: Vec<f64>,
}

impl Sound {
    /// Reads a 16-bit WAV file. It ignores the lengths in the header, which are missing if the writer was killed.
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("no captured sound: {error}"));
        let data = find(&bytes, b"data").expect("a WAV file has data") + 8;
        let format = find(&bytes, b"fmt ").expect("a WAV file has a format") + 8;
        let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let channels = usize::from(u16_at(format + 2)).max(1);
        let rate = u32::from_le_bytes([bytes[format + 4], bytes[format + 5], bytes[format + 6], bytes[format + 7]]);
        assert_eq!(u16_at(format + 14), 16, "only 16-bit samples are supported");
        let frames = bytes[data..].chunks_exact(2 * channels);
        let samples = frames.map(|frame| f64::from(i16::from_le_bytes([frame[0], frame[1]])) / 32768.0).collect();
        Self { rate: f64::from(rate), samples }
    }

    /// The audible part: the 10 ms pieces that are not silent.
    #[must_use]
    pub fn audible(&self) -> Self {
        let pieces = self.pieces().filter(|piece| is_audible(piece));
        Self { rate: self.rate, samples: pieces.flatten().copied().collect() }
    }

    /// Number of silent gaps between the first and the last sound. On a busy machine a live stream may have one; choppy
    /// sound has dozens per second.
    pub fn gaps(&self) -> usize {
        let audible: Vec<bool> = self.pieces().map(is_audible).collect();
        let (Some(first), Some(last)) = (audible.iter().position(|is| *is), audible.iter().rposition(|is| *is)) else {
            return usize::MAX;
        };
        audible[first..=last].windows(2).filter(|pair| pair[0] && !pair[1]).count()
    }

    /// Share of the waves whose length is within 1 % of the main one, 0 to 1. Each seam between two pieces that do not
    /// belong together adds a wave of another length.
    pub fn steadiness(&self) -> f64 {
        let waves = self.waves();
        let Some(main) = waves.get(waves.len() / 2) else { return 0.0 };
        let similar = waves.iter().filter(|wave| (*wave / main - 1.0).abs() < 0.01).count();
        similar as f64 / waves.len() as f64
    }

    fn pieces(&self) -> impl Iterator<Item = &[f64]> {
        self.samples.chunks((self.rate / 100.0) as usize)
    }

    /// The part that starts at `from` and lasts `length`, both in seconds.
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

    /// Main pitch in hertz, from the median length of all waves. A wave goes from one upward zero crossing to the next.
    /// This is exact for a pure tone, which is what the tests play.
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

fn is_audible(piece: &[f64]) -> bool {
    piece.iter().any(|sample| sample.abs() > 0.01)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitch_and_level_of_a_pure_tone_are_exact() {
        let wave = |frame: i32| (f64::from(frame) * 440.0 * std::f64::consts::TAU / 44100.0).sin() * 0.5;
        let sound = Sound { rate: 44100.0, samples: (0..44100).map(wave).collect() };
        assert!((sound.pitch() - 440.0).abs() < 0.1, "{}", sound.pitch());
        assert!((sound.level() - 0.3536).abs() < 0.001, "{}", sound.level());
        assert_eq!((sound.gaps(), sound.steadiness()), (0, 1.0));
    }

    #[test]
    fn gaps_and_seams_are_detected() {
        let wave = |frame: i32| (f64::from(frame) * 440.0 * std::f64::consts::TAU / 44100.0).sin() * 0.5;
        let choppy = (0..44100).map(|frame| if frame / 882 % 2 == 0 { wave(frame) } else { 0.0 });
        let choppy = Sound { rate: 44100.0, samples: choppy.collect() };
        assert_eq!(choppy.gaps(), 24);
        assert!(choppy.steadiness() < 0.95, "{}", choppy.steadiness());
        // Every 10 ms, 30 frames are left out.
        let cut = (0..44100).map(|frame| wave(frame + frame / 441 * 30)).collect();
        let cut = Sound { rate: 44100.0, samples: cut };
        assert_eq!(cut.gaps(), 0);
        assert!(cut.steadiness() < 0.9, "{}", cut.steadiness());
    }
}
