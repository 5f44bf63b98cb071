//! TestPatternVideo: generates moving test cards with a frame counter.

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::card::card;

/// Description of TestPatternVideo.
pub static TEST_PATTERN_VIDEO: ComponentSpec = ComponentSpec {
    type_name: "TestPatternVideo",
    category: Category::SoundAndPictures,
    summary: "Generates video of test cards that show their frame number",
    docs: "A bar moves over a plain background. Black and white blocks at the bottom encode the frame number, so tests \
           can read it back. At each frame number in `cuts` the background changes, as at a cut in a film. With \
           `frames` = 0, it runs indefinitely. With `paced` off, frames come as fast as the receivers accept them.\n\n\
           Example: TestPatternVideo into VideoOverlay, in place of a camera.\n\n\
           New: the original has no such component.",
    outboxes: &[BoxSpec::new("outbox", "The frames").kinds(&[Kind::Image])],
    params: &[
        ParamSpec::int("width", 40, 4096, 352, "Width").unit("pixels"),
        ParamSpec::int("height", 40, 4096, 288, "Height").unit("pixels"),
        ParamSpec::float("fps", 0.1, 1000.0, 25.0, "Frames per second").unit("frames/s"),
        ParamSpec::int("frames", 0, 65_536, 0, "Number of frames; 0 for no limit").unit("frames"),
        ParamSpec::list("cuts", "Frame numbers where the background changes"),
        ParamSpec::switch("paced", true, "Send frames at the frame rate; off sends them as fast as possible"),
    ],
    build: build::<TestPatternVideo>,
    ..ComponentSpec::EMPTY
};

struct TestPatternVideo {
    size: [u32; 2],
    interval: Duration,
    frames: u32,
    cuts: Vec<u32>,
    paced: bool,
}

impl Component for TestPatternVideo {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let cut = |message: &Message| match message {
            Message::Int(number) => u32::try_from(*number).ok(),
            _ => None,
        };
        let cuts = params.list("cuts");
        let cuts = cuts.iter().map(|item| {
            cut(item).ok_or_else(|| ParamError::Other(format!("cuts: {} is not a frame number", item.label(40))))
        });
        Ok(Self {
            size: ["width", "height"].map(|name| u32::try_from(params.int(name)).unwrap_or(40)),
            interval: Duration::from_secs_f64(params.float("fps").recip()),
            frames: u32::try_from(params.int("frames")).unwrap_or(0),
            cuts: cuts.collect::<Result<_, _>>()?,
            paced: params.switch("paced"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (began, [width, height]) = (io.now(), self.size);
        let mut number = 0;
        while (self.frames == 0 || number < self.frames) && !io.is_shutting_down() {
            if self.paced {
                io.sleep_until(began + self.interval * number).await;
            }
            let shot = self.cuts.iter().filter(|cut| **cut <= number).count();
            io.send("outbox", Message::Image(Arc::new(card(width, height, number, shot)))).await;
            number = number.wrapping_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::frame_number;

    #[test]
    fn frames_come_at_their_rate_and_are_numbered() {
        let mut rig = Rig::new(&TEST_PATTERN_VIDEO, &[("frames", 30.into()), ("fps", 10.0.into())]);
        rig.run_for(Duration::from_millis(950));
        assert_eq!(rig.waiting("outbox"), 10);
        rig.run();
        let numbers: Vec<_> = rig.take("outbox").iter().filter_map(number).collect();
        assert_eq!((numbers, rig.state()), ((0..30).collect(), State::Finished));
    }

    fn number(message: &Message) -> Option<u32> {
        match message {
            Message::Image(image) => frame_number(image),
            _ => None,
        }
    }
}
