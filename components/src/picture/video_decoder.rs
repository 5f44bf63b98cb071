//! VideoDecoder: decodes a motion JPEG or YUV4MPEG stream.

use std::sync::Arc;

use compose_runtime::dev::*;

use super::frames::{BYTES, FRAMES_OUT, note};
use super::stream::{VideoError, VideoStream};
use crate::refuse::wrong_kind;

/// Description of VideoDecoder.
pub static VIDEO_DECODER: ComponentSpec = ComponentSpec {
    type_name: "VideoDecoder",
    category: Category::SoundAndPictures,
    summary: "Decodes a video stream: motion JPEG or YUV4MPEG",
    docs: "Detects the format from the first bytes. Chunks may end anywhere. A damaged JPEG picture is skipped and \
           reported on the console, and so is a frame that is incomplete when the stream ends. JPEG has no checksums, so \
           damage inside the data of a picture may only make it look wrong. If a YUV4MPEG stream is damaged, the component crashes with an error, because it \
           cannot find the start of the next frame. Frames come as fast as the receiver accepts them; add a \
           MessageRateLimit to play at a fixed rate.\n\n\
           Example: TCPClient, VideoDecoder, MessageRateLimit, VideoOverlay.\n\n\
           Differs from the original: it replaces DiracDecoder, because no maintained Dirac decoder exists.",
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
        let damaged = |error: VideoError| Fault::new(format!("inbox: cannot decode the video: {error}"));
        loop {
            let message = io.recv("inbox");
            match &message {
                Some(message) => {
                    let bytes = message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", message))?;
                    stream.push(bytes).map_err(damaged)?;
                }
                None => stream.finish(),
            }
            loop {
                match stream.next() {
                    Ok(Some(frame)) => {
                        if !io.send("outbox", Message::Image(Arc::new(frame))) {
                            return Ok(());
                        }
                    }
                    Ok(None) => break,
                    Err(why) if stream.can_skip_damage() => {
                        note(&mut io, format!("inbox: skipped a damaged frame: {why}"));
                    }
                    Err(why) => return Err(damaged(why)),
                }
            }
            if message.is_none() {
                break;
            }
        }
        if stream.has_partial_frame() && !io.is_stopped() {
            note(&mut io, "inbox: the stream ended in the middle of a frame".to_owned());
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
    fn data_that_is_not_video_crashes_it() {
        let rig = through(&VIDEO_DECODER, &[Message::bytes(b"once upon a time")]);
        assert!(format!("{:?}", rig.state()).contains("neither YUV4MPEG nor motion JPEG"));
    }
}
