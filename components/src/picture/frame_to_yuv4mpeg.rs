//! FrameToYUV4MPEG: encodes frames as a YUV4MPEG stream.

use compose_runtime::dev::*;

use super::frames::{BYTES, FRAMES_IN, frame_of};
use super::yuv;

/// Description of FrameToYUV4MPEG.
pub static FRAME_TO_YUV4MPEG: ComponentSpec = ComponentSpec {
    type_name: "FrameToYUV4MPEG",
    category: Category::SoundAndPictures,
    summary: "Encodes frames as a YUV4MPEG stream",
    docs: "The first frame sets the size in the stream header. If a later frame has a different size, the component \
           crashes with an error. Colours are 4:2:0.\n\n\
           Example: TestPatternVideo, FrameToYUV4MPEG, SimpleFileWriter makes a clip.",
    inboxes: &[FRAMES_IN],
    outboxes: &[BoxSpec::new("outbox", "The stream").kinds(BYTES)],
    params: &[ParamSpec::float("fps", 0.1, 1000.0, 25.0, "Frame rate to write in the header").unit("frames/s")],
    build: build_threaded::<FrameToYuv>,
    ..ComponentSpec::EMPTY
};

struct FrameToYuv(f64);

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
                        "inbox: the size changed from {first:?} to {now:?}; put a CropAndScale before this component"
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::card::card;
    use super::super::frames::cards::{cards, through};
    use super::*;

    #[test]
    fn a_frame_of_another_size_crashes_it() {
        let mut frames = cards(1);
        frames.push(Message::Image(Arc::new(card(96, 64, 1, 0))));
        let mut rig = through(&FRAME_TO_YUV4MPEG, &frames);
        assert_eq!(rig.take("outbox").len(), 1);
        let state = format!("{:?}", rig.state());
        assert!(state.contains("the size changed from [80, 64] to [96, 64]; put a CropAndScale before"), "{state}");
    }
}
