//! SingleTick: emits one message after a delay.

use compose_runtime::dev::*;

use super::wait;

/// Description of SingleTick.
pub static SINGLE_TICK: ComponentSpec = ComponentSpec {
    type_name: "SingleTick",
    category: Category::Sources,
    summary: "Emits one message after a delay, then finishes",
    docs: "If it is asked to end before the delay has passed, it emits nothing.\n\n\
           Example: a SingleTick with `delay` = 10, linked to a Ticker, says goodbye after ten seconds.",
    outboxes: &[BoxSpec::new("outbox", "The message, once")],
    params: &[
        ParamSpec::seconds("delay", 1.0, "Delay before the message").live(),
        ParamSpec::new("tick_mesg", ParamKind::Any, DefaultValue::Bool(true), "Message to emit").live(),
    ],
    build: build::<SingleTick>,
    ..ComponentSpec::EMPTY
};

struct SingleTick;

impl Component for SingleTick {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        wait(&io, io.now(), |params| params.seconds("delay")).await;
        io.send("outbox", io.params().get("tick_mesg")).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn the_tick_is_emitted_once_or_not_at_all() {
        let mut rig = Rig::new(&SINGLE_TICK, &[("delay", 3.0.into())]);
        rig.run_for(Duration::from_millis(2900));
        assert_eq!(rig.waiting("outbox"), 0);
        rig.run();
        assert_eq!((rig.take("outbox").len(), rig.state()), (1, State::Finished));
        let mut rig = Rig::new(&SINGLE_TICK, &[("delay", 3.0.into())]);
        rig.run_for(Duration::from_secs(1));
        rig.shutdown();
        rig.run();
        assert_eq!(rig.take("outbox"), []);
    }
}
