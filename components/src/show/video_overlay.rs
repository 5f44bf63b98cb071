//! VideoOverlay: shows frames as they come.

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

/// Description of VideoOverlay.
pub static VIDEO_OVERLAY: ComponentSpec = ComponentSpec {
    type_name: "VideoOverlay",
    category: Category::ShowAndAsk,
    summary: "Shows video, frame by frame",
    docs: "Shows each frame at once: whoever sends sets the pace. How many frames it has shown stands under the picture. \
           The last frame stays at the end. Each frame leaves from `outbox` when it has been shown.\n\n\
           Example: VideoFileSource into VideoOverlay; VideoDecoder into MessageRateLimit into VideoOverlay.\n\n\
           Differs from the original: one component for all kinds of picture, whose size may change.",
    inboxes: &[BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(5)],
    outboxes: &[BoxSpec::new("outbox", "The same frames, once shown").kinds(&[Kind::Image])],
    has_surface: true,
    build: build::<VideoOverlay>,
    ..ComponentSpec::EMPTY
};

/// The same under the name that the original has for pictures in RGB.
pub static VIDEO_SURFACE: ComponentSpec = ComponentSpec {
    type_name: "VideoSurface",
    summary: "Shows video, frame by frame; VideoOverlay under its other name",
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
    fn the_last_frame_is_shown_and_all_pass() {
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
