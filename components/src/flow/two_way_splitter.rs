//! TwoWaySplitter: copies data and the announcement of the end to two destinations.

use compose_runtime::dev::*;

use super::send_all;

/// Description of TwoWaySplitter.
pub static TWO_WAY_SPLITTER: ComponentSpec = ComponentSpec {
    type_name: "TwoWaySplitter",
    category: Category::Flow,
    summary: "Copies its input to two outboxes",
    docs: "Every message goes to `outbox` and `outbox2`; the next one is taken when both have had room for it. The end \
           of the stream is announced on `signal` and, once everything has been passed on, on `signal2`.\n\n\
           Here any outbox may be linked to several inboxes; the splitter is for graphs that say so with a box.\n\n\
           Differs from the original: each side is served on its own, so that a full one does not keep the message \
           from the other.\n\n\
           Example: lines of a file into a TwoWaySplitter, one side into SimpleFileWriter, the other into ConsoleEchoer.",
    inboxes: &[BoxSpec::new("inbox", "What to copy")],
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
    fn both_sides_get_the_data_and_the_end() {
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
