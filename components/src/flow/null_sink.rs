//! NullSink: discards everything.

use compose_runtime::dev::*;

/// Description of NullSink.
pub static NULL_SINK: ComponentSpec = ComponentSpec {
    type_name: "NullSink",
    category: Category::Flow,
    summary: "Discards everything",
    docs: "Ends a stream that is not needed. An outbox without a link also discards its messages and counts them; a \
           NullSink makes clear that this is intended.\n\n\
           Example: a Cache whose `hit` is processed further and whose `miss` goes to a NullSink.",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    build: build::<NullSink>,
    ..ComponentSpec::EMPTY
};

struct NullSink;

impl Component for NullSink {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_receives_everything_and_emits_nothing() {
        let mut rig = Rig::new(&NULL_SINK, &[]);
        for number in 0..500 {
            rig.put("inbox", number);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("signal"), [Message::ProducerFinished]);
    }
}
