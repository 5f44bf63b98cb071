//! TwoWaySplitter: copies messages and the end of the stream to two destinations.

use compose_runtime::dev::*;

use super::send_all;

/// Description of TwoWaySplitter.
pub static TWO_WAY_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "TwoWaySplitter",
    category: Category::Flow,
    summary: "Copies its input to two outboxes",
    docs: "Every message goes to `outbox` and `outbox2`; the component receives the next message after both have sent \
           the current one. After all messages have been passed on, the end of the stream is announced on `signal` and \
           `signal2`.\n\n\
           Any outbox can be linked to several inboxes, so the splitter is only needed to make the split visible in \
           the graph.\n\n\
           Differs from the original: the two outboxes are independent: a blocked one does not delay the other.\n\n\
           Example: link a TwoWaySplitter to a SimpleFileWriter and a ConsoleEchoer, to save the lines of a file and \
           print them.",
    inboxes: &[BoxSpec::new("inbox", "Messages to copy")],
    outboxes: &[
        BoxSpec::new("outbox", "One copy").needed(),
        BoxSpec::new("outbox2", "The other copy").needed(),
        BoxSpec::new("signal2", "Announces the end, as signal does").kinds(&[Kind::Control]),
    ],
    build: build::<TwoWaySplitter>,
    ..ComponentSpec::EMPTY
};

struct TwoWaySplitter;

impl Component for TwoWaySplitter {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            send_all(&io, ["outbox", "outbox2"], &message).await;
        }
        io.send("signal2", Message::ProducerFinished).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn both_outboxes_receive_the_messages_and_the_end() {
        let mut rig = Rig::new(&TWO_WAY_SPLITTER, &[]);
        rig.put("inbox", "a");
        rig.put("inbox", "b");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["a", "b"]);
        assert_eq!(rig.texts("outbox2"), ["a", "b"]);
        assert_eq!(rig.take("signal"), [Message::ProducerFinished]);
        assert_eq!(rig.take("signal2"), [Message::ProducerFinished]);
    }
}
