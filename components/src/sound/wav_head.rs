//! The header of a WAV stream, with its lengths repaired.
//!
//! Pure. A recorder writes the lengths when it finishes, so a killed recorder leaves 0 or a length that is too large,
//! and a program that writes to a pipe can never fill them in. Decoders refuse some of these headers or stop
//! immediately. The sound is still present, so the lengths are set to its actual size.

use std::time::Duration;

/// Longest header that is searched for the sound.
const LONGEST_HEAD: usize = 1 << 20;
/// A length of at least this value means that the length was unknown when the header was written.
const UNKNOWN_LENGTH: u32 = 0x7fff_0000;

/// The kind of stream, determined from its first bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Not a WAV stream, or a WAV stream that only a decoder can judge.
    Other,
    /// More bytes are needed to decide.
    Incomplete,
    /// A WAV stream whose sound begins at this index.
    Wav(WavHead),
}

/// The important fields of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WavHead {
    /// Index of the first byte of sound.
    data_start: usize,
    /// Length of the sound in bytes, as declared.
    declared: u32,
    /// Bytes per second.
    rate: u64,
}

/// Why a WAV stream cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the WAV header is damaged: {field} is 0")]
pub(super) struct DamagedHead {
    field: &'static str,
}

impl Head {
    /// Reads the header of a stream from its first bytes.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DamagedHead> {
        let undecided = if bytes.len() < LONGEST_HEAD { Self::Incomplete } else { Self::Other };
        if !b"RIFF".starts_with(bytes.get(..4).unwrap_or(bytes)) {
            return Ok(Self::Other);
        }
        match bytes.get(8..12) {
            Some(b"WAVE") => {}
            Some(_) => return Ok(Self::Other),
            None => return Ok(undecided),
        }
        let (mut at, mut rate) = (12_usize, 0);
        while let (Some(id), Some(length)) = (bytes.get(at..at + 4), u32_at(bytes, at + 4)) {
            let start = at + 8;
            if id == b"data" {
                return Ok(Self::Wav(WavHead { data_start: start, declared: length, rate }));
            }
            let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length)).unwrap_or(usize::MAX);
            if id == b"fmt " {
                let Some(format) = bytes.get(start..end) else { return Ok(undecided) };
                rate = bytes_per_second(format)?;
            }
            if end > LONGEST_HEAD {
                return Ok(Self::Other);
            }
            // Chunks begin at even positions.
            at = end + end % 2;
        }
        Ok(undecided)
    }
}

impl WavHead {
    /// Repairs the lengths in the first bytes of a stream, whose length in bytes is `total` if known. Returns the
    /// declared duration, if the header declares one.
    pub(super) fn repair(&self, bytes: &mut [u8], total: Option<u64>) -> Option<Duration> {
        let most = u32::MAX - 8 - u32::try_from(self.data_start).unwrap_or(u32::MAX - 8);
        let there = total.map(|total| total.saturating_sub(self.data_start as u64));
        let there = there.map_or(most, |there| u32::try_from(there).map_or(most, |there| there.min(most)));
        // If the declared length is 0 and only whole chunks follow, the file really contains no sound.
        let is_empty =
            self.declared == 0 && total.is_some() && bytes.get(self.data_start..).is_some_and(has_only_chunks);
        let length = if self.declared == 0 && !is_empty { there } else { self.declared.min(there) };
        let whole = length.saturating_add(u32::try_from(self.data_start - 8).unwrap_or(u32::MAX));
        let declared_whole = u32_at(bytes, 4).unwrap_or_default();
        set_u32(bytes, self.data_start - 4, length);
        set_u32(bytes, 4, declared_whole.max(whole));
        let is_known = (1..UNKNOWN_LENGTH).contains(&self.declared) && self.rate > 0;
        is_known.then(|| Duration::from_secs_f64(f64::from(self.declared) / self.rate as f64))
    }
}

/// Bytes per second, from the fields of a format chunk.
fn bytes_per_second(format: &[u8]) -> Result<u64, DamagedHead> {
    let (Some(channels), Some(rate), Some(frame)) = (u16_at(format, 2), u32_at(format, 4), u16_at(format, 12)) else {
        return Ok(0);
    };
    for (field, is_zero) in
        [("the number of channels", channels == 0), ("the sample rate", rate == 0), ("the size of a frame", frame == 0)]
    {
        if is_zero {
            return Err(DamagedHead { field });
        }
    }
    Ok(u64::from(rate) * u64::from(frame))
}

/// Whether these bytes are one or more whole chunks with readable names, and nothing else.
fn has_only_chunks(mut bytes: &[u8]) -> bool {
    while let (Some(id), Some(length)) = (bytes.get(..4), u32_at(bytes, 4)) {
        let Some(rest) = bytes.get(8 + length as usize + length as usize % 2..) else { return false };
        if !id.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            return false;
        }
        bytes = rest;
    }
    bytes.is_empty()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn set_u32(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(slot) = bytes.get_mut(at..at + 4) {
        slot.copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A 44-byte header for 16-bit mono sound at 1000 Hz, and `sound` bytes of sound.
    fn wav(whole: u32, declared: u32, sound: usize) -> Vec<u8> {
        let mut bytes = b"RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\xe8\x03\0\0\xd0\x07\0\0\x02\0\x10\0data....".to_vec();
        set_u32(&mut bytes, 4, whole);
        set_u32(&mut bytes, 40, declared);
        bytes.resize(44 + sound, 7);
        bytes
    }

    #[test]
    fn lengths_are_set_to_what_is_there() {
        for (whole, declared, sound, expected, seconds) in [
            (36 + 4000, 4000, 4000, 4000, Some(2)),
            (0, 0, 4000, 4000, None),
            (36, 0, 4000, 4000, None),
            (36 + 4000, 20_000, 4000, 4000, Some(10)),
            (u32::MAX, u32::MAX, 4000, 4000, None),
            (36, 0, 0, 0, None),
        ] {
            let mut bytes = wav(whole, declared, sound);
            let total = bytes.len() as u64;
            let Head::Wav(head) = Head::of(&bytes).unwrap() else { panic!("{declared}") };
            let duration = head.repair(&mut bytes, Some(total));
            assert_eq!(u32_at(&bytes, 40), Some(expected), "{whole} {declared}");
            assert!(u32_at(&bytes, 4).unwrap() >= 36 + expected);
            assert_eq!(duration.map(|duration| duration.as_secs()), seconds);
        }
    }

    #[test]
    fn an_empty_stream_with_other_chunks_stays_empty() {
        let mut bytes = wav(48, 0, 0);
        bytes.extend(b"note\x03\0\0\0abc\0");
        let Head::Wav(head) = Head::of(&bytes).unwrap() else { panic!() };
        head.repair(&mut bytes, Some(56));
        assert_eq!(u32_at(&bytes, 40), Some(0));
    }

    #[test]
    fn a_header_without_a_length_does_not_end_the_stream() {
        let mut bytes = wav(0, 0, 0);
        let Head::Wav(head) = Head::of(&bytes).unwrap() else { panic!() };
        head.repair(&mut bytes, None);
        assert!(u32_at(&bytes, 40).unwrap() > UNKNOWN_LENGTH);
        assert!(u32_at(&bytes, 4).unwrap() > u32_at(&bytes, 40).unwrap());
    }

    #[test]
    fn a_head_is_read_as_soon_as_it_is_complete() {
        let bytes = wav(36, 0, 0);
        for length in 0..44 {
            assert_eq!(Head::of(&bytes[..length]), Ok(Head::Incomplete), "{length}");
        }
        for other in [&b"OggS"[..], b"RIFX", b"RIFF....AVI LIST", b"fLaC"] {
            assert_eq!(Head::of(other), Ok(Head::Other));
        }
    }

    #[test]
    fn a_field_that_is_0_is_named() {
        for (range, field) in [(22..24, "channels"), (24..28, "sample rate"), (32..34, "size of a frame")] {
            let mut bytes = wav(36, 0, 0);
            bytes[range].fill(0);
            let error = Head::of(&bytes).unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
    }
}
