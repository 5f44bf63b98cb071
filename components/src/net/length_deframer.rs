//! LengthDeframer: cuts a stream into the messages that a LengthFramer made.

use compose_runtime::dev::*;

use super::frame::{BYTES, Cutter, LARGEST};
use crate::refuse::REJECTED;

/// Description of LengthDeframer.
pub static LENGTH_DEFRAMER: ComponentSpec = ComponentSpec {
    type_name: "LengthDeframer",
    category: Category::Network,
    summary: "Cuts a stream into the messages a LengthFramer made",
    docs: "Chunks may end anywhere. A length that is no number or larger than `largest` ends it with words: from there on \
           the stream cannot be cut. A frame that is not complete when the input ends goes to `rejected`.\n\n\
           Example: TCPClient into LengthDeframer into JpegDecoder into Image.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of the stream").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "The messages").kinds(&[Kind::Bytes]), REJECTED],
    params: &[LARGEST],
    build: build::<LengthDeframer>,
    ..ComponentSpec::EMPTY
};

struct LengthDeframer(Cutter);

impl Component for LengthDeframer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Cutter { largest: params.count("largest"), is_tagged: false, whole: false }))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        self.0.run(&io).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::through;

    use super::super::length_framer::LENGTH_FRAMER;
    use super::*;

    #[test]
    fn frames_survive_bytes_one_at_a_time_and_glued_together() {
        let messages = ["one".into(), Message::bytes(b""), Message::bytes(b"\n3\n\xff")];
        let framed = through(&LENGTH_FRAMER, &[], &messages).take("outbox");
        let stream: Vec<u8> = framed.iter().flat_map(|frame| frame.as_bytes().unwrap_or_default().to_vec()).collect();
        let single: Vec<Message> = stream.iter().map(|byte| Message::bytes([*byte])).collect();
        let expected = messages.map(|message| Message::bytes(message.as_bytes().unwrap_or_default()));
        for given in [single, vec![Message::from(stream)]] {
            assert_eq!(through(&LENGTH_DEFRAMER, &[], &given).take("outbox"), expected);
        }
    }

    #[test]
    fn damage_is_a_crash_in_words_and_a_frame_that_is_cut_short_is_not_lost() {
        for stream in ["x\nabc", "99999999999\n", "-1\n", &"1".repeat(100)] {
            let rig = through(&LENGTH_DEFRAMER, &[], &[stream.into()]);
            assert!(matches!(rig.state(), State::Crashed(_)), "{stream}");
        }
        let mut cut = through(&LENGTH_DEFRAMER, &[], &["5\nab".into()]);
        assert_eq!(cut.texts("rejected"), ["5\nab"]);
    }
}
