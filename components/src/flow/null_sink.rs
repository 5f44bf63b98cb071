//! NullSink: swallows everything.

use compose_runtime::dev::*;

/// Description of NullSink.
pub static NULL_SINK: ComponentSpec = ComponentSpec {
    type_name: "NullSink",
    category: Category::Flow,
    summary: "Swallows everything",
    docs: "An end for a stream that nobody needs. An outbox without a link throws its messages away too, and counts \
           them; a NullSink says that this is meant.\n\n\
           Example: Cache, whose `hit` goes on and whose `miss` ends in a NullSink.",
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
    fn everything_goes_in_and_nothing_comes_out() {
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
