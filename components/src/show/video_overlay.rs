//! VideoOverlay: shows each frame as it arrives.

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

/// Description of VideoOverlay.
pub static VIDEO_OVERLAY: ComponentSpec = ComponentSpec {
    type_name: "VideoOverlay",
    category: Category::DisplayAndInput,
    summary: "Shows video, frame by frame",
    docs: "Shows each frame as soon as it arrives, so the sender sets the frame rate. The caption counts the frames \
           shown. Each frame is sent to `outbox` after it is shown. When the input ends, the last frame stays.\n\n\
           Example: VideoFileSource into VideoOverlay; VideoDecoder into MessageRateLimit into VideoOverlay.\n\n\
           Differs from the original: one component handles all kinds of frame, and the frame size may change.",
    inboxes: &[BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(5)],
    outboxes: &[BoxSpec::new("outbox", "The same frames, after they are shown").kinds(&[Kind::Image])],
    has_surface: true,
    build: build::<VideoOverlay>,
    ..ComponentSpec::EMPTY
};

/// VideoOverlay under the name of the original component for RGB pictures.
pub static VIDEO_SURFACE: ComponentSpec = ComponentSpec {
    type_name: "VideoSurface",
    summary: "Shows video, frame by frame; another name for VideoOverlay",
    ..VIDEO_OVERLAY
};

struct VideoOverlay;

impl Component for VideoOverlay {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(Surface::Picture { image: None, caption: String::new(), background: [0; 3] });
        let mut count: u64 = 0;
        while let Some(message) = io.recv("inbox").await {
            let Message::Image(image) = &message else { return Err(wrong_kind("inbox", "frames", &message)) };
            count += 1;
            let caption = format!("frame {count}");
            io.show(Surface::Picture { image: Some(image.clone()), caption, background: [0; 3] });
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};

    #[test]
    fn the_last_frame_stays_and_all_frames_are_passed_on() {
        let mut rig = Rig::new(&VIDEO_OVERLAY, &[]);
        for number in 0..3 {
            rig.put("inbox", Message::Image(Arc::new(card(64, 64, number, 0))));
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox").len(), 3);
        let Some(Surface::Picture { image: Some(image), caption, .. }) = rig.surface() else { panic!("no picture") };
        assert_eq!((frame_number(&image), caption.as_str()), (Some(2), "frame 3"));
    }
}
