//! VideoDecoder: decodes a stream of motion JPEG or YUV4MPEG.

use std::sync::Arc;

use compose_runtime::dev::*;

use super::frames::{BYTES, FRAMES_OUT, note};
use super::stream::VideoStream;
use crate::refuse::wrong_kind;

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

pub(super) struct VideoDecoder;

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

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;

    use super::super::frame_to_yuv4mpeg::FRAME_TO_YUV4MPEG;
    use super::super::frames::cards::{cards, numbers, through};
    use super::super::jpeg_encoder::JPEG_ENCODER;
    use super::*;

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
    fn what_is_no_video_is_a_crash_in_words() {
        let rig = through(&VIDEO_DECODER, &[Message::bytes(b"once upon a time")]);
        assert!(format!("{:?}", rig.state()).contains("neither YUV4MPEG nor motion JPEG"));
    }
}
