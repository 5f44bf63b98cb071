//! Tracks the MP3 frames in parallel with the decoder, because the decoder silently skips whatever it cannot read.
//!
//! Pure. Frame data has no checksum, so only a broken frame sequence or a truncated last frame can be detected.

use super::ogg_count::places;

/// Length of a frame header.
const HEADER: usize = 4;
/// Bit rates in kbit/s: layers 1, 2 and 3 of MPEG-1, then layer 1 and the other layers of MPEG-2.
const RATES: [[u32; 14]; 5] = [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// The state of the stream so far.
#[derive(Debug, Default)]
pub(super) struct Mp3Frames {
    /// Bytes that have not yet been assigned to a frame or a tag.
    ahead: Vec<u8>,
    /// Number of bytes still to skip: the rest of a frame or a tag.
    to_skip: usize,
    /// The bytes being skipped are those of a frame.
    is_in_frame: bool,
    /// The version, layer and sample rate of the first frame.
    kind: Option<u32>,
    /// Bytes since the last frame that are not part of a frame or a tag.
    stray: usize,
    /// Number of stray bytes between frames, and of the places where they occur.
    between: usize,
    places: usize,
    /// A tag that ends the stream has begun.
    is_over: bool,
    /// After a tag or other bytes, a stream of another format has begun.
    is_other: bool,
    /// Number of frames of sound (samples per channel) in the frames so far.
    sound: u64,
}

impl Mp3Frames {
    /// Tracks the frames in these bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.ahead.extend_from_slice(bytes);
        self.follow(false);
    }

    /// Number of frames of sound (samples per channel) so far; `None` if the stream is not MP3.
    pub(super) fn sound(&self) -> Option<u64> {
        (!self.is_other).then_some(self.sound)
    }

    /// At the end of the stream: a note for the user about what is missing.
    pub(super) fn missing(&mut self) -> Option<String> {
        self.follow(true);
        self.kind?;
        if self.places > 0 {
            let (between, places) = (self.between, places(self.places));
            return Some(format!(
                "{between} bytes in {places} are not MP3 frames and were left out, because the data is damaged"
            ));
        }
        if self.to_skip > 0 && self.is_in_frame {
            return Some("the sound breaks off in the middle of a frame, because the data is truncated".to_owned());
        }
        (self.stray > 0).then(|| format!("the last {} bytes are not MP3 frames and were left out", self.stray))
    }

    fn follow(&mut self, is_end: bool) {
        let mut at = 0;
        while !self.is_over {
            let skipped = self.to_skip.min(self.ahead.len() - at);
            (at, self.to_skip) = (at + skipped, self.to_skip - skipped);
            let rest = self.ahead.get(at..).unwrap_or_default();
            // The longest tag marker has 11 bytes, and the length of a tag is in its first 16 bytes.
            if rest.is_empty() || (rest.len() < 16 && !is_end) {
                break;
            }
            if self.kind.is_none() && (rest.starts_with(b"fLaC") || rest.starts_with(b"OggS")) {
                (self.is_other, self.is_over) = (true, true);
            } else if let Some(length) = tag_length(rest) {
                (self.to_skip, self.is_in_frame, self.is_over) = (length, false, length == usize::MAX);
            } else if let Some(Frame { kind, length, sound }) = self.frame_at(rest) {
                if self.kind.is_some() && self.stray > 0 {
                    self.between += self.stray;
                    self.places += 1;
                }
                (self.kind, self.stray, self.to_skip, self.is_in_frame) = (Some(kind), 0, length, true);
                self.sound += sound;
            } else {
                self.stray += 1;
                self.to_skip = 0;
                at += 1;
            }
        }
        self.ahead.drain(..if self.is_over { self.ahead.len() } else { at });
    }

    /// The frame that begins here, if it is of the same kind as the first frame.
    fn frame_at(&self, bytes: &[u8]) -> Option<Frame> {
        Frame::read(bytes).filter(|frame| self.kind.is_none_or(|own| own == frame.kind))
    }
}

/// The length of the tag that begins here; `usize::MAX` if it extends to the end of the stream.
fn tag_length(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"ID3") {
        let size = bytes.get(6..10)?.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
        let has_footer = bytes.get(5)? & 0x10 != 0;
        return Some(size + if has_footer { 20 } else { 10 });
    }
    if bytes.starts_with(b"APETAGEX") {
        let size = u32::from_le_bytes(bytes.get(12..16)?.try_into().ok()?);
        return Some(usize::try_from(size).ok()?.saturating_add(32));
    }
    let fixed: [(&[u8], usize); 3] = [(b"TAG+", 227), (b"TAG", 128), (b"LYRICSBEGIN", usize::MAX)];
    fixed.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, length)| length)
}

/// The header of a frame.
struct Frame {
    /// Its version, layer and sample rate.
    kind: u32,
    /// Length in bytes.
    length: usize,
    /// Number of frames of sound in it.
    sound: u64,
}

impl Frame {
    /// The frame that begins here.
    fn read(bytes: &[u8]) -> Option<Self> {
        let header = u32::from_be_bytes(bytes.get(..HEADER)?.try_into().ok()?);
        let field = |shift: u32, mask: u32| header >> shift & mask;
        let (version, layer, rate) = (field(19, 3), field(17, 3), field(10, 3));
        if field(21, 0x7ff) != 0x7ff || version == 1 || layer == 0 || rate == 3 {
            return None;
        }
        let table = match (version, layer) {
            (3, 3) => 0,
            (3, 2) => 1,
            (3, _) => 2,
            (_, 3) => 3,
            (_, _) => 4,
        };
        let index = usize::try_from(field(12, 15)).ok()?.checked_sub(1)?;
        let bits = RATES.get(table)?.get(index)? * 1000;
        let divisor = match version {
            3 => 1,
            2 => 2,
            _ => 4,
        };
        let samples = [44_100, 48_000, 32_000].get(usize::try_from(rate).ok()?)? / divisor;
        let padding = field(9, 1);
        let length = match layer {
            3 => (12 * bits / samples + padding) * 4,
            1 if version != 3 => 72 * bits / samples + padding,
            _ => 144 * bits / samples + padding,
        };
        let sound = match (version, layer) {
            (_, 3) => 384,
            (3, _) | (_, 2) => 1152,
            (_, _) => 576,
        };
        Some(Self { kind: header & 0xfffe_0c00, length: usize::try_from(length).ok()?, sound })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sound::decode::tests::sample;

    fn missing(bytes: &[u8]) -> Option<String> {
        let texts: Vec<_> = [1, 100, bytes.len()]
            .into_iter()
            .map(|size| {
                let mut frames = Mp3Frames::default();
                bytes.chunks(size).for_each(|chunk| frames.push(chunk));
                frames.missing()
            })
            .collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        texts[0].clone()
    }

    #[test]
    fn intact_frames_and_tags_are_complete() {
        let tone = std::fs::read(sample("tone.mp3")).unwrap();
        assert_eq!(missing(&tone), None);
        let begin = [b"ID3\x04\0\0\0\0\0\x05".to_vec(), b"\xff\xfb\x90\0x".to_vec()].concat();
        let tag = [b"TAG".to_vec(), vec![b'x'; 125]].concat();
        let ape = [b"APETAGEX".to_vec(), vec![0; 4], vec![3, 0, 0, 0], vec![0; 16], b"abc".to_vec()].concat();
        assert_eq!(missing(&[begin, tone, ape, tag].concat()), None);
    }

    #[test]
    fn another_format_behind_a_tag_is_left_alone() {
        for name in ["tone.flac", "tone.ogg"] {
            let other = std::fs::read(sample(name)).unwrap();
            let mut frames = Mp3Frames::default();
            frames.push(&[b"ID3\x04\0\0\0\0\0\x0512345junk", &other[..]].concat());
            assert_eq!((frames.missing(), frames.sound()), (None, None), "{name}");
        }
    }

    #[test]
    fn damage_is_found() {
        let tone = std::fs::read(sample("tone.mp3")).unwrap();
        let length = Frame::read(&tone).unwrap().length;
        let cut = missing(&tone[..tone.len() - 10]).unwrap();
        assert_eq!(cut, "the sound breaks off in the middle of a frame, because the data is truncated");
        // The third frame begins with zeros.
        let mut holed = tone.clone();
        holed[2 * length..2 * length + 20].fill(0);
        let text =
            format!("{length} bytes in 1 place are not MP3 frames and were left out, because the data is damaged");
        assert_eq!(missing(&holed), Some(text));
        let long = [&tone[..], &[7; 500]].concat();
        assert_eq!(missing(&long).unwrap(), "the last 500 bytes are not MP3 frames and were left out");
    }
}
