//! YUV4MPEG: converts frames to planes of brightness and colour, and back.
//!
//! Pure. Colours follow BT.601: limited range by default, full range if the header declares it.

use compose_runtime::dev::ImageFrame;

use crate::byte_queue::ByteQueue;

/// Length limit of a header line, in bytes.
const LONGEST_LINE: usize = 4096;
/// Longest side of a picture, in pixels.
const LONGEST_SIDE: u32 = 8192;

/// Why a stream cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum YuvError {
    #[error("the header does not begin with YUV4MPEG2")]
    Header,
    #[error("the colour format {0} is not supported; use 420, 422, 444, 411 or mono")]
    ColourFormat(String),
    #[error("the frame size {width} x {height} is not supported; each side must be from 1 to {LONGEST_SIDE}")]
    FrameSize { width: u32, height: u32 },
    #[error("a frame does not begin with FRAME")]
    Frame,
    #[error("the header line is longer than {LONGEST_LINE} bytes")]
    LongLine,
}

/// The header of a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Header {
    pub width: u32,
    pub height: u32,
    pub fps: f64,
    /// Number of pixels, across and down, that share one colour sample; `None` for greyscale.
    chroma: Option<[u32; 2]>,
    full_range: bool,
}

impl Header {
    fn read(line: &str) -> Result<Self, YuvError> {
        let mut header = Self { width: 0, height: 0, fps: 25.0, chroma: Some([2, 2]), full_range: false };
        let mut fields = line.split(' ');
        if fields.next() != Some("YUV4MPEG2") {
            return Err(YuvError::Header);
        }
        for field in fields {
            let mut letters = field.chars();
            let (Some(key), value) = (letters.next(), letters.as_str()) else { continue };
            match key {
                'W' => header.width = value.parse().unwrap_or(0),
                'H' => header.height = value.parse().unwrap_or(0),
                'F' => {
                    let (above, below) = value.split_once(':').unwrap_or((value, "1"));
                    let rate = above.parse::<f64>().unwrap_or(0.0) / below.parse::<f64>().unwrap_or(1.0);
                    if rate.is_finite() && rate > 0.0 {
                        header.fps = rate;
                    }
                }
                'C' => {
                    header.chroma = match value {
                        "420" | "420jpeg" | "420mpeg2" | "420paldv" => Some([2, 2]),
                        "422" => Some([2, 1]),
                        "444" => Some([1, 1]),
                        "411" => Some([4, 1]),
                        "mono" => None,
                        other => {
                            return Err(YuvError::ColourFormat(other.to_owned()));
                        }
                    }
                }
                'X' if value == "COLORRANGE=FULL" => header.full_range = true,
                _ => {}
            }
        }
        if !(1..=LONGEST_SIDE).contains(&header.width) || !(1..=LONGEST_SIDE).contains(&header.height) {
            return Err(YuvError::FrameSize { width: header.width, height: header.height });
        }
        Ok(header)
    }

    fn plane(&self, [across, down]: [u32; 2]) -> [usize; 2] {
        [self.width.div_ceil(across) as usize, self.height.div_ceil(down) as usize]
    }

    fn frame_len(&self) -> usize {
        let light = self.width as usize * self.height as usize;
        let colour = self.chroma.map_or(0, |chroma| self.plane(chroma).iter().product::<usize>() * 2);
        light + colour
    }

    fn to_rgba(self, planes: &[u8]) -> ImageFrame {
        let (width, height) = (self.width as usize, self.height as usize);
        let (light, colour) = planes.split_at(width * height);
        let (stride, [across, down]) = match self.chroma {
            Some(chroma) => (self.plane(chroma)[0], chroma.map(|share| share as usize)),
            None => (0, [1, 1]),
        };
        let (blues, reds) = colour.split_at(colour.len() / 2);
        let mut rgba = Vec::with_capacity(width * height * 4);
        for (y, row) in light.chunks_exact(width).enumerate() {
            let start = y / down * stride;
            for (x, light) in row.iter().enumerate() {
                let at = start + x / across;
                let [u, v] = [blues, reds].map(|plane| i32::from(plane.get(at).copied().unwrap_or(128)) - 128);
                rgba.extend_from_slice(&self.rgb(i32::from(*light), u, v));
            }
        }
        ImageFrame { width: self.width, height: self.height, rgba }
    }

    /// Converts one pixel, with integer arithmetic in units of 1/1024.
    fn rgb(self, light: i32, u: i32, v: i32) -> [u8; 4] {
        let (light, [rv, gu, gv, bu]) = if self.full_range {
            (light * 1024, [1436, 352, 731, 1815])
        } else {
            ((light - 16) * 1192, [1634, 401, 832, 2066])
        };
        let part = |value: i32| ((value + 512) >> 10).clamp(0, 255) as u8;
        [part(light + rv * v), part(light - gu * u - gv * v), part(light + bu * u), 255]
    }
}

/// Reads a stream that arrives in chunks.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    buffer: ByteQueue,
    pub header: Option<Header>,
}

impl Reader {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// Whether the buffer holds part of a frame.
    pub(crate) fn has_partial_frame(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// The next frame; `None` if it is incomplete.
    pub(crate) fn next(&mut self) -> Result<Option<ImageFrame>, YuvError> {
        let header = match self.header {
            Some(header) => header,
            None => match self.line(0)? {
                Some((line, end)) => {
                    let header = Header::read(&line)?;
                    self.buffer.skip(end);
                    *self.header.insert(header)
                }
                None => return Ok(None),
            },
        };
        let Some((line, start)) = self.line(0)? else { return Ok(None) };
        if !line.starts_with("FRAME") {
            return Err(YuvError::Frame);
        }
        let end = start + header.frame_len();
        let Some(planes) = self.buffer.waiting().get(start..end) else { return Ok(None) };
        let image = header.to_rgba(planes);
        self.buffer.skip(end);
        Ok(Some(image))
    }

    /// The line at `from` and the index of the next line; `None` if the line is incomplete.
    fn line(&self, from: usize) -> Result<Option<(String, usize)>, YuvError> {
        let rest = self.buffer.waiting().get(from..).unwrap_or_default();
        match rest.iter().take(LONGEST_LINE).position(|byte| *byte == b'\n') {
            Some(end) => Ok(rest.get(..end).map(|line| (String::from_utf8_lossy(line).into_owned(), from + end + 1))),
            None if rest.len() >= LONGEST_LINE => Err(YuvError::LongLine),
            None => Ok(None),
        }
    }
}

/// The header line of a stream of frames like `image`.
pub(crate) fn header_line(image: &ImageFrame, fps: f64) -> String {
    let thousandths = (fps * 1000.0).round() as u64;
    let (above, below) = if thousandths.is_multiple_of(1000) { (thousandths / 1000, 1) } else { (thousandths, 1000) };
    format!("YUV4MPEG2 W{} H{} F{above}:{below} Ip A1:1 C420jpeg\n", image.width, image.height)
}

/// Encodes one frame, including its FRAME line: 4:2:0, limited range.
pub(crate) fn frame(image: &ImageFrame) -> Vec<u8> {
    let (width, height) = (image.width as usize, image.height as usize);
    let mut bytes = b"FRAME\n".to_vec();
    let pixel = |x: usize, y: usize| {
        let at = (y.min(height.saturating_sub(1)) * width + x.min(width.saturating_sub(1))) * 4;
        [0, 1, 2].map(|part| i32::from(image.rgba.get(at + part).copied().unwrap_or(0)))
    };
    for y in 0..height {
        bytes.extend((0..width).map(|x| {
            let [red, green, blue] = pixel(x, y);
            (((263 * red + 516 * green + 100 * blue + 512) >> 10) + 16) as u8
        }));
    }
    for weights in [[-152, -298, 450], [450, -377, -73]] {
        for y in (0..height).step_by(2) {
            bytes.extend((0..width).step_by(2).map(|x| {
                let four = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| pixel(x, y));
                let sum: i32 =
                    four.iter().flatten().zip(weights.iter().cycle()).map(|(part, weight)| part * weight).sum();
                (((sum + 2048) >> 12) + 128).clamp(0, 255) as u8
            }));
        }
    }
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn plain_colours_survive_a_round_trip() {
        for colour in [[0, 0, 0], [255, 255, 255], [200, 30, 40], [20, 90, 200], [10, 200, 60]] {
            let rgba = [colour[0], colour[1], colour[2], 255].repeat(15);
            let image = ImageFrame { width: 5, height: 3, rgba };
            let mut reader = Reader::default();
            for byte in header_line(&image, 29.97).bytes().chain(frame(&image)) {
                assert_eq!(reader.next(), Ok(None));
                reader.push(&[byte]);
            }
            let back = reader.next().unwrap().unwrap();
            assert!(
                back.rgba.iter().zip(&image.rgba).all(|(a, b)| a.abs_diff(*b) <= 3),
                "{colour:?} {:?}",
                &back.rgba[..4]
            );
            assert!((reader.header.unwrap().fps - 29.97).abs() < 1e-9 && !reader.has_partial_frame());
        }
    }

    #[test]
    fn each_colour_format_has_its_own_frame_length() {
        for (field, length) in [("C420", 9 + 8), ("C422", 9 + 12), ("C444", 27), ("Cmono", 9), ("C411", 9 + 6)] {
            let mut reader = Reader::default();
            reader.push(format!("YUV4MPEG2 W3 H3 {field}\nFRAME\n").as_bytes());
            reader.push(&vec![128; length]);
            assert!(reader.next().unwrap().is_some() && !reader.has_partial_frame(), "{field}");
        }
    }

    #[test]
    fn many_small_frames_in_one_chunk_are_read_in_linear_time() {
        // If each frame moved the rest of the chunk, this would take minutes.
        let mut reader = Reader::default();
        reader.push(b"YUV4MPEG2 W1 H1 Cmono\n");
        reader.push(&b"FRAME\n\x80".repeat(1 << 20));
        let mut frames = 0;
        while reader.next().unwrap().is_some() {
            frames += 1;
        }
        assert_eq!((frames, reader.has_partial_frame()), (1 << 20, false));
    }

    #[test]
    fn damaged_streams_are_refused() {
        for stream in [
            "RIFF....\n",
            "YUV4MPEG2 W0 H5\n",
            "YUV4MPEG2 W99999 H5\n",
            "YUV4MPEG2 W2 H2 C420p10\n",
            "YUV4MPEG2 W2 H2\nNO\n",
        ] {
            let mut reader = Reader::default();
            reader.push(stream.as_bytes());
            assert!(reader.next().is_err(), "{stream}");
        }
    }
}
