//! LengthDeframer: cuts a stream into the messages that a LengthFramer framed.

use compose_runtime::dev::*;

use super::frame::{BYTES, Cutter, LARGEST};
use crate::refuse::REJECTED;

/// Description of LengthDeframer.
pub static LENGTH_DEFRAMER: ComponentSpec = ComponentSpec {
    type_name: "LengthDeframer",
    category: Category::Network,
    summary: "Cuts a stream into the messages that a LengthFramer framed",
    docs: "Chunks may end anywhere. If a length is not a number or is larger than `largest`, the rest of the stream \
           cannot be cut, so the component crashes and describes the damage. A frame that is incomplete when the \
           input ends goes to `rejected`.\n\n\
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
    fn frames_are_cut_from_single_bytes_and_from_one_chunk() {
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
    fn many_frames_in_one_message_are_cut_in_linear_time() {
        // If each frame moved the rest of the message, this would take minutes.
        let stream = b"6\nabcdef".repeat(1 << 20);
        let frames = through(&LENGTH_DEFRAMER, &[], &[Message::from(stream)]).take("outbox");
        assert!(frames.len() == 1 << 20 && frames.iter().all(|frame| frame.payload_len() == 6));
    }

    #[test]
    fn a_damaged_frame_crashes_it_and_an_incomplete_frame_is_rejected() {
        for stream in ["x\nabc", "99999999999\n", "-1\n", &"1".repeat(100)] {
            let rig = through(&LENGTH_DEFRAMER, &[], &[stream.into()]);
            assert!(matches!(rig.state(), State::Crashed(_)), "{stream}");
        }
        let mut mixed = through(&LENGTH_DEFRAMER, &[], &["3\na".into(), 7.into(), "bc".into()]);
        assert_eq!((mixed.texts("outbox"), mixed.take("rejected")), (vec!["abc".to_owned()], vec![7.into()]));
        let mut cut = through(&LENGTH_DEFRAMER, &[], &["5\nab".into()]);
        assert_eq!(cut.texts("rejected"), ["5\nab"]);
    }
}
