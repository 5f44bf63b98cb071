//! VideoFileSource: plays a video file at its own frame rate.
//!
//! Runs on its own thread, because reading and decoding are slow.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::frames::note;
use super::stream::VideoStream;
use crate::file::faults;
use crate::file::open::{ANY_KIND, file_name, to_read};

/// Number of bytes per read.
const BLOCK: usize = 64 << 10;
/// Frame rate of files that do not declare one.
const DEFAULT_FPS: f64 = 25.0;

/// Description of VideoFileSource.
pub static VIDEO_FILE_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "VideoFileSource",
    category: Category::SoundAndPictures,
    summary: "Reads a video file: motion JPEG or YUV4MPEG",
    docs: "Sends `fps` frames per second; 0 means the rate declared in the file, or 25. With `paced` off, frames come \
           as fast as the receivers accept them. A damaged JPEG picture is skipped and reported on the console, and so \
           is an incomplete last frame. If a YUV4MPEG file is damaged elsewhere, or the file is not a video, the \
           component crashes and names the path.\n\n\
           Example: VideoFileSource into VideoOverlay plays a clip.\n\n\
           New: combines a file reader, a decoder and a rate limit.",
    outboxes: &[BoxSpec::new("outbox", "Frames").kinds(&[Kind::Image])],
    params: &[
        ParamSpec::new(
            "filename",
            ParamKind::FileToRead(&["mjpeg", "mjpg", "y4m"]),
            DefaultValue::Required,
            "The video file",
        ),
        ParamSpec::switch("repeat", false, "Start again at the end of the file"),
        ParamSpec::float("fps", 0.0, 1000.0, 0.0, "Frames per second; 0 for the rate in the file").unit("frames/s"),
        ParamSpec::switch("paced", true, "Send frames at the frame rate; off sends them as fast as possible"),
        ANY_KIND,
    ],
    build: build_threaded::<VideoFileSource>,
    ..ComponentSpec::EMPTY
};

struct VideoFileSource {
    filename: String,
    repeats: bool,
    fps: f64,
    paced: bool,
    any_kind: bool,
}

impl ThreadedComponent for VideoFileSource {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let [repeats, paced, any_kind] = ["repeat", "paced", ANY_KIND.name].map(|name| params.switch(name));
        Ok(Self { filename: file_name(params)?, repeats, fps: params.float("fps"), paced, any_kind })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let path = io.path(&self.filename);
        let fault =
            |why: &dyn std::fmt::Display| Fault::new(format!("cannot play the video: {why}: {}", path.display()));
        let unreadable = |error: std::io::Error| faults::reading(&path, &error, true);
        let Some(mut due) = io.now() else { return Ok(()) };
        loop {
            let mut file = to_read(&path, self.any_kind).map_err(unreadable)?;
            let (mut stream, mut block, mut count) = (VideoStream::default(), vec![0; BLOCK], 0_u64);
            let mut is_over = false;
            loop {
                match stream.next() {
                    Ok(Some(frame)) => {
                        count += 1;
                        let fps = if self.fps > 0.0 { self.fps } else { stream.fps().unwrap_or(DEFAULT_FPS) };
                        let Some(now) = io.now() else { return Ok(()) };
                        if self.paced && !io.sleep(due.saturating_sub(now)) {
                            return Ok(());
                        }
                        // A file may declare a rate so low that the time to the next frame does not fit a `Duration`.
                        let interval = Duration::try_from_secs_f64(fps.recip()).unwrap_or(Duration::MAX);
                        due = due.max(now).saturating_add(interval);
                        if !io.send("outbox", Message::Image(Arc::new(frame))) {
                            return Ok(());
                        }
                    }
                    Ok(None) if is_over => break,
                    Ok(None) => {
                        let length = file.read(&mut block).map_err(unreadable)?;
                        if length == 0 {
                            is_over = true;
                            stream.finish();
                            continue;
                        }
                        stream.push(block.get(..length).unwrap_or_default()).map_err(|error| fault(&error))?;
                    }
                    Err(why) if stream.can_skip_damage() => note(&mut io, format!("skipped a damaged frame: {why}")),
                    Err(why) => return Err(fault(&why)),
                }
            }
            if count == 0 {
                return Err(fault(&"the file contains no frames"));
            }
            if stream.has_partial_frame() && !io.is_stopped() {
                note(&mut io, format!("the file ends in the middle of a frame: {}", path.display()));
            }
            if !self.repeats || io.is_stopped() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};
    use crate::picture::{motion_jpeg, yuv};

    fn play(contents: &[u8]) -> (Vec<Option<u32>>, State, Duration) {
        let (numbers, state, time, _) = play_with_notes(contents);
        (numbers, state, time)
    }

    fn play_with_notes(contents: &[u8]) -> (Vec<Option<u32>>, State, Duration, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("clip"), contents).unwrap();
        let mut rig = Rig::in_folder(&VIDEO_FILE_SOURCE, &[("filename", "clip".into())], folder.path().to_owned());
        rig.run_until(|rig| rig.state().has_ended());
        let number = |message: &Message| match message {
            Message::Image(image) => frame_number(image),
            _ => None,
        };
        (rig.take("outbox").iter().map(number).collect(), rig.state(), rig.now(), rig.console())
    }

    #[test]
    fn a_file_that_ends_in_the_middle_of_a_frame_is_reported() {
        let cards: Vec<_> = (0..3).map(|number| card(64, 64, number, 0)).collect();
        let jpeg: Vec<u8> = cards.iter().flat_map(|card| motion_jpeg::encode(card, 80).unwrap()).collect();
        let mut planes = yuv::header_line(&cards[0], 10.0).into_bytes();
        planes.extend(cards.iter().flat_map(yuv::frame));
        for contents in [jpeg, planes] {
            assert_eq!(play_with_notes(&contents).3, Vec::<String>::new());
            let (numbers, state, _, notes) = play_with_notes(&contents[..contents.len() - 9]);
            assert_eq!((numbers, state), (vec![Some(0), Some(1)], State::Finished));
            assert!(
                matches!(&notes[..], [note] if note.contains("the file ends in the middle of a frame: /")),
                "{notes:?}"
            );
        }
    }

    #[test]
    fn both_kinds_of_file_play_at_their_rate() {
        let cards: Vec<_> = (0..11).map(|number| card(64, 64, number, 0)).collect();
        let jpeg: Vec<u8> = cards.iter().flat_map(|card| motion_jpeg::encode(card, 80).unwrap()).collect();
        let mut planes = yuv::header_line(&cards[0], 10.0).into_bytes();
        planes.extend(cards.iter().flat_map(yuv::frame));
        for (contents, span) in [(jpeg, 0.4), (planes, 1.0)] {
            let (numbers, state, time) = play(&contents);
            assert_eq!((numbers, state), ((0..11).map(Some).collect(), State::Finished));
            assert!((time.as_secs_f64() - span).abs() < 0.05, "{time:?}");
        }
    }

    #[test]
    fn a_rate_that_no_duration_can_hold_shows_the_first_frame() {
        let card = card(64, 64, 0, 0);
        let header = yuv::header_line(&card, 10.0).replace("F10:1 ", "F1:1e300 ");
        assert!(header.contains("F1:1e300"), "{header}");
        let mut contents = header.into_bytes();
        contents.extend(yuv::frame(&card));
        let (numbers, state, _) = play(&contents);
        assert_eq!((numbers, state), (vec![Some(0)], State::Finished));
    }

    #[test]
    fn a_file_that_is_not_a_video_is_named_in_the_error() {
        for contents in [&b"once upon a time"[..], b""] {
            assert!(matches!(play(contents).1, State::Crashed(error) if error.contains("/clip")));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused() {
        let mut rig = Rig::new(&VIDEO_FILE_SOURCE, &[("filename", "/dev/zero".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(
            matches!(rig.state(), State::Crashed(error) if error.contains("not a regular file; choose another file, or turn on any_kind: /dev/zero"))
        );
    }
}
