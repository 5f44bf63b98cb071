//! VideoDecoder, YUV4MPEGToFrame, FrameToYUV4MPEG, JpegEncoder and JpegDecoder.
//!
//! Each runs on a thread of its own: packing and unpacking pictures takes long.

use std::sync::Arc;

use compose_runtime::dev::*;

use super::decode::picture_in_bytes;
use super::stream::VideoStream;
use super::{motion_jpeg, yuv};
use crate::refuse::{REJECTED, wrong_kind};

const BYTES: &[Kind] = &[Kind::Bytes];
const FRAMES_OUT: BoxSpec = BoxSpec::new("outbox", "Frames").kinds(&[Kind::Image]);
const FRAMES_IN: BoxSpec = BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(10);

/// Description of VideoDecoder.
pub static VIDEO_DECODER: ComponentSpec = ComponentSpec {
    type_name: "VideoDecoder",
    category: Category::SoundAndPictures,
    summary: "Decodes a stream of video: motion JPEG or YUV4MPEG",
    docs: "Which of the two it is shows in the first bytes. Chunks may end anywhere. A damaged JPEG is said on the console \
           and passed over; a damaged YUV4MPEG stream ends it with words, since nobody knows where the next frame begins. \
           Frames come as fast as they are taken: put a MessageRateLimit behind it.\n\n\
           Example: TCPClient, VideoDecoder, MessageRateLimit, VideoOverlay.\n\n\
           Differs from the original: it stands where DiracDecoder did, for which no kept decoder exists.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES)],
    outboxes: &[FRAMES_OUT],
    build: build_threaded::<VideoDecoder>,
    ..ComponentSpec::EMPTY
};

/// Description of YUV4MPEGToFrame.
pub static YUV4MPEG_TO_FRAME: ComponentSpec = ComponentSpec {
    type_name: "YUV4MPEGToFrame",
    summary: "Decodes a stream of YUV4MPEG to frames",
    docs: "The colours 420, 422, 444, 411 and mono can be read, in eight bits. Otherwise as VideoDecoder, which it is.\n\n\
           Example: UnixProcess with a program that writes YUV4MPEG, YUV4MPEGToFrame, DetectShotChanges.",
    ..VIDEO_DECODER
};

/// Description of FrameToYUV4MPEG.
pub static FRAME_TO_YUV4MPEG: ComponentSpec = ComponentSpec {
    type_name: "FrameToYUV4MPEG",
    category: Category::SoundAndPictures,
    summary: "Turns frames into a stream of YUV4MPEG",
    docs: "The header comes with the first frame and says its size; a frame of another size ends it with words. Colours are \
           4:2:0.\n\nExample: TestPatternVideo, FrameToYUV4MPEG, SimpleFileWriter makes a clip.",
    inboxes: &[FRAMES_IN],
    outboxes: &[BoxSpec::new("outbox", "The stream").kinds(BYTES)],
    params: &[ParamSpec::float("fps", 0.1, 1000.0, 25.0, "What the header says").unit("frames/s")],
    build: build_threaded::<FrameToYuv>,
    ..ComponentSpec::EMPTY
};

/// Description of JpegEncoder.
pub static JPEG_ENCODER: ComponentSpec = ComponentSpec {
    type_name: "JpegEncoder",
    category: Category::SoundAndPictures,
    summary: "Packs each frame as a JPEG picture",
    docs: "One message for each frame. Written into one file they are motion JPEG. Transparency is left out.\n\n\
           Example: TestPatternVideo, JpegEncoder, LengthFramer, SimpleServer.",
    inboxes: &[FRAMES_IN],
    outboxes: &[BoxSpec::new("outbox", "JPEG pictures").kinds(BYTES)],
    params: &[ParamSpec::int("quality", 1, 100, 75, "From 1, small, to 100, exact")],
    build: build_threaded::<JpegEncode>,
    ..ComponentSpec::EMPTY
};

/// Description of JpegDecoder.
pub static JPEG_DECODER: ComponentSpec = ComponentSpec {
    type_name: "JpegDecoder",
    category: Category::SoundAndPictures,
    summary: "Unpacks each JPEG picture to a frame",
    docs: "Each message is one whole picture (PNG, GIF, BMP and WebP are known, too). What is none goes to `rejected` with \
           a line on the console. A picture larger than 2 048 pixels is made smaller.\n\n\
           Example: TCPClient, LengthDeframer, JpegDecoder, Image.",
    inboxes: &[BoxSpec::new("inbox", "Pictures, one whole one a message").kinds(BYTES)],
    outboxes: &[FRAMES_OUT, REJECTED],
    build: build_threaded::<JpegDecode>,
    ..ComponentSpec::EMPTY
};

struct VideoDecoder;
struct FrameToYuv(f64);
struct JpegEncode(u8);
struct JpegDecode;

/// Says something on the console, from a thread.
fn note(io: &mut ThreadIo, words: String) {
    io.on_scheduler(move |io| async move { io.note(&words) });
}

impl ThreadedComponent for VideoDecoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let mut stream = VideoStream::default();
        while let Some(message) = io.recv("inbox") {
            let bytes = message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", &message))?;
            let damaged = |why: String| Fault::new(format!("inbox: the video cannot be read: {why}"));
            stream.push(bytes).map_err(damaged)?;
            loop {
                match stream.next() {
                    Ok(Some(frame)) => {
                        if !io.send("outbox", Message::Image(Arc::new(frame))) {
                            return Ok(());
                        }
                    }
                    Ok(None) => break,
                    Err(why) if stream.can_go_on() => note(&mut io, format!("inbox: one frame is left out: {why}")),
                    Err(why) => return Err(damaged(why)),
                }
            }
        }
        if stream.has_rest() && !io.is_stopped() {
            note(&mut io, "inbox: the stream ended inside a frame".to_owned());
        }
        Ok(())
    }
}

fn frame_of(message: &Message) -> Result<&Arc<ImageFrame>, Fault> {
    match message {
        Message::Image(image) => Ok(image),
        other => Err(wrong_kind("inbox", "frames", other)),
    }
}

impl ThreadedComponent for FrameToYuv {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(params.float("fps")))
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let mut size = None;
        while let Some(message) = io.recv("inbox") {
            let image = frame_of(&message)?;
            let now = [image.width, image.height];
            let mut bytes = Vec::new();
            match size {
                None => bytes.extend(yuv::header_line(image, self.0).into_bytes()),
                Some(first) if first != now => {
                    return Err(Fault::new(format!(
                        "inbox: the size changed from {first:?} to {now:?}; put a CropAndScale before it"
                    )));
                }
                Some(_) => {}
            }
            size = Some(now);
            bytes.extend(yuv::frame(image));
            io.send("outbox", bytes);
        }
        Ok(())
    }
}

impl ThreadedComponent for JpegEncode {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(u8::try_from(params.int("quality")).unwrap_or(75)))
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            let image = frame_of(&message)?;
            let bytes = motion_jpeg::encode(image, self.0)
                .map_err(|why| Fault::new(format!("inbox: {} cannot be packed: {why}", message.label(40))))?;
            io.send("outbox", bytes);
        }
        Ok(())
    }
}

impl ThreadedComponent for JpegDecode {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            match picture_in_bytes(message.as_bytes().unwrap_or_default()) {
                Ok(frame) => {
                    io.send("outbox", Message::Image(Arc::new(frame)));
                }
                Err(fault) => {
                    note(&mut io, format!("inbox: {fault}: {}", message.label(40)));
                    io.send("rejected", message);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};

    fn cards(count: u32) -> Vec<Message> {
        (0..count).map(|number| Message::Image(Arc::new(card(80, 64, number, 0)))).collect()
    }

    fn through(spec: &'static ComponentSpec, given: &[Message]) -> Rig {
        let mut rig = Rig::new(spec, &[]);
        for message in given {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        rig
    }

    fn numbers(frames: &[Message]) -> Vec<Option<u32>> {
        let number = |message: &Message| match message {
            Message::Image(image) => frame_number(image),
            _ => None,
        };
        frames.iter().map(number).collect()
    }

    #[test]
    fn frames_survive_both_codecs_in_chunks_of_any_size() {
        let expected: Vec<_> = (0..12).map(Some).collect();
        for spec in [&JPEG_ENCODER, &FRAME_TO_YUV4MPEG] {
            let packed = through(spec, &cards(12)).take("outbox");
            assert_eq!(packed.len(), 12);
            let stream: Vec<u8> = packed.iter().flat_map(|part| part.as_bytes().unwrap_or_default().to_vec()).collect();
            let chunks: Vec<Message> = stream.chunks(777).map(Message::bytes).collect();
            let mut rig = through(&VIDEO_DECODER, &chunks);
            assert_eq!((numbers(&rig.take("outbox")), rig.state()), (expected.clone(), State::Finished));
        }
    }

    #[test]
    fn single_pictures_are_unpacked_and_nonsense_is_rejected() {
        let mut packed = through(&JPEG_ENCODER, &cards(2)).take("outbox");
        packed.insert(1, Message::bytes(b"no picture"));
        let mut rig = through(&JPEG_DECODER, &packed);
        assert_eq!(numbers(&rig.take("outbox")), [Some(0), Some(1)]);
        assert_eq!(rig.take("rejected"), [Message::bytes(b"no picture")]);
        assert_eq!(rig.console().len(), 1);
    }

    #[test]
    fn what_is_no_video_is_a_crash_in_words() {
        let rig = through(&VIDEO_DECODER, &[Message::bytes(b"once upon a time")]);
        assert!(format!("{:?}", rig.state()).contains("neither YUV4MPEG nor motion JPEG"));
    }
}
