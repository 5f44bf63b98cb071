//! FramePicker: passes on every nth frame.

use compose_runtime::dev::*;

/// Description of FramePicker.
pub static FRAME_PICKER: ComponentSpec = ComponentSpec {
    type_name: "FramePicker",
    category: Category::SoundAndPictures,
    summary: "Passes on every nth frame",
    docs: "Passes on every nth frame, where n is `every`, starting with the first. With a `most` above 0, it finishes \
           after passing on that many frames. It works for messages of any kind.\n\n\
           Example: VideoFileSource, FramePicker with `every` = 25, JpegEncoder: one picture a second as a \
           preview.\n\n\
           New: replaces grab_image_from_video, but writes no files.",
    inboxes: &[BoxSpec::new("inbox", "All frames")],
    outboxes: &[BoxSpec::new("outbox", "The picked frames")],
    params: &[
        ParamSpec::int("every", 1, 1_000_000, 25, "Distance between picked frames").unit("frames"),
        ParamSpec::count("most", 0, "Finish after picking this many; 0 for no limit").unit("frames"),
    ],
    build: build::<FramePicker>,
    ..ComponentSpec::EMPTY
};

struct FramePicker {
    every: usize,
    most: usize,
}

impl Component for FramePicker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { every: params.count("every"), most: params.count("most") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut seen, mut picked) = (0, 0);
        while let Some(message) = io.recv("inbox").await {
            if seen % self.every == 0 {
                io.send("outbox", message).await;
                picked += 1;
                if picked == self.most {
                    break;
                }
            }
            seen += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn every_nth_frame_is_picked() {
        check(&FRAME_PICKER, &[("every", 3.into())], &["0", "1", "2", "3", "4", "5", "6"], &["0", "3", "6"]);
        check(&FRAME_PICKER, &[("every", 2.into()), ("most", 2.into())], &["0", "1", "2", "3", "4"], &["0", "2"]);
    }
}
