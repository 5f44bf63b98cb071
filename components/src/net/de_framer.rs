//! DeFramer: turns the frames of a Framer back into tags and messages.

use compose_runtime::dev::*;

use super::frame::{BYTES, Cutter, LARGEST};
use crate::refuse::REJECTED;

/// Description of DeFramer.
pub static DE_FRAMER: ComponentSpec = ComponentSpec {
    type_name: "DeFramer",
    category: Category::Network,
    summary: "Turns the frames of a Framer back into tags and messages",
    docs: "A tag that is a whole number comes back as a number, any other as text. Frames may be cut anywhere, or \
           arrive one per message. If a frame is damaged, the component crashes and describes the damage; a tag that \
           is not valid UTF-8 is damage. With `whole`, each message is exactly one complete frame: a message with a \
           damaged or incomplete frame, or with bytes after it, goes to `rejected`, the reason is shown on the \
           console, and the next frame is read.\n\n\
           Example: DataDeChunker into DeFramer with `whole` into RecoverOrder.\n\n\
           Differs from the original: frames need not be whole messages.",
    inboxes: &[BoxSpec::new("inbox", "Frames, or chunks of them").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Lists of tag and bytes").kinds(&[Kind::List]), REJECTED],
    params: &[
        LARGEST,
        ParamSpec::switch("whole", false, "Each message is one whole frame; damaged frames are rejected"),
    ],
    build: build::<DeFramer>,
    ..ComponentSpec::EMPTY
};

struct DeFramer(Cutter);

impl Component for DeFramer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Cutter { largest: params.count("largest"), is_tagged: true, whole: params.switch("whole") }))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        self.0.run(&io).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::through;

    use super::super::framer::FRAMER;
    use super::*;

    #[test]
    fn tags_come_back_as_numbers_or_text() {
        let pairs = [Message::from(7), "alpha".into(), "é".repeat(100).into()]
            .map(|tag| Message::list([tag, Message::bytes(b"a\nb")]));
        let frames = through(&FRAMER, &[], &pairs).take("outbox");
        assert_eq!(through(&DE_FRAMER, &[], &frames).take("outbox"), pairs);
        // The frame that the original's Framer makes from ("alpha", "data").
        let recorded = [Message::bytes(b"alpha 4\ndata")];
        let expected = [Message::list(["alpha".into(), Message::bytes(b"data")])];
        assert_eq!(through(&DE_FRAMER, &[], &recorded).take("outbox"), expected);
    }

    #[test]
    fn with_whole_frames_a_damaged_frame_is_rejected_and_reading_continues() {
        let given = ["1 1\na".into(), "1 9\nb".into(), "oops\n".into(), 7.into(), "2 1\nc".into()];
        let mut rig = through(&DE_FRAMER, &[("whole", true.into())], &given);
        assert_eq!((rig.take("outbox").len(), rig.take("rejected").len()), (2, 3));
    }

    #[test]
    fn a_whole_frame_with_bytes_after_it_is_only_rejected() {
        let mut rig = through(&DE_FRAMER, &[("whole", true.into())], &["t 3\nabcjunk".into(), "t 3\nabcd".into()]);
        assert_eq!(
            (rig.take("outbox").len(), rig.texts("rejected")),
            (0, vec!["t 3\nabcjunk".into(), "t 3\nabcd".into()])
        );
        let console = rig.console();
        assert!(console[0].contains("the frame has 4 surplus bytes"), "{console:?}");
        assert!(console[1].contains("the frame has 1 surplus byte:"), "{console:?}");
    }

    #[test]
    fn a_tag_that_is_not_valid_utf_8_is_not_changed_but_refused() {
        let frame = Message::bytes(b"t\xff 1\na");
        let mut whole = through(&DE_FRAMER, &[("whole", true.into())], std::slice::from_ref(&frame));
        assert_eq!((whole.take("outbox"), whole.take("rejected")), (vec![], vec![frame.clone()]));
        let state = format!("{:?}", through(&DE_FRAMER, &[], &[frame]).state());
        assert!(state.contains("is not valid UTF-8"), "{state}");
    }
}
