//! PeriodicTick, SingleTick and timedShutdown: messages at set times.

use compose_runtime::dev::*;

use super::rest;

/// Description of PeriodicTick.
pub static PERIODIC_TICK: ComponentSpec = ComponentSpec {
    type_name: "PeriodicTick",
    category: Category::Sources,
    summary: "Emits a message again and again, first after one delay",
    docs: "Unlike CheapAndCheerfulClock it waits before the first message, and the message is yours. Ticks do not \
           drift; one that could not be delivered in time is left out.\n\n\
           Example: `delay` = 5 with `tick_mesg` = `\"SAVE\"` asks for a save every five seconds.\n\n\
           Differs from the original: there is no `check_interval`; shutdown is obeyed at once.",
    outboxes: &[BoxSpec::new("outbox", "The message, once per delay")],
    params: &[
        ParamSpec::float("delay", 0.001, 1.0e9, 1.0, "Time between two messages").unit("s").live(),
        ParamSpec::new("tick_mesg", ParamKind::Any, DefaultValue::Bool(true), "What to emit").live(),
    ],
    build: build::<PeriodicTick>,
    ..ComponentSpec::EMPTY
};

/// Description of SingleTick.
pub static SINGLE_TICK: ComponentSpec = ComponentSpec {
    type_name: "SingleTick",
    category: Category::Sources,
    summary: "Emits one message after a delay, then finishes",
    docs: "If it is told to end before that, it emits nothing.\n\nExample: a SingleTick whose `outbox` goes to a Ticker \
           says good bye after ten seconds.",
    outboxes: &[BoxSpec::new("outbox", "The message, once")],
    params: &[
        ParamSpec::seconds("delay", 1.0, "When to emit").live(),
        ParamSpec::new("tick_mesg", ParamKind::Any, DefaultValue::Bool(true), "What to emit").live(),
    ],
    build: build::<SingleTick>,
    ..ComponentSpec::EMPTY
};

/// Description of timedShutdown.
pub static TIMED_SHUTDOWN: ComponentSpec = ComponentSpec {
    type_name: "timedShutdown",
    category: Category::Sources,
    summary: "Sends one shutdown message after a while",
    docs: "After `TTL` seconds it emits a control message on `outbox`: link that to the `control` of whatever should end \
           then. `how` says whether it should finish what is waiting (*finish*) or stop at once (*stop*).\n\n\
           Example: timedShutdown with `TTL` = 10 and `outbox` to the `control` of a Chargen bounds an endless run.\n\n\
           Differs from the original: the message comes from `outbox`, since `signal` announces its own end; the first \
           choice is *stop* as there.",
    outboxes: &[BoxSpec::new("outbox", "The shutdown message, for a control").kinds(&[Kind::Control])],
    params: &[
        ParamSpec::seconds("TTL", 1.0, "When to send it").live(),
        ParamSpec::choice("how", &["stop", "finish"], "End at once, or finish what is waiting"),
    ],
    build: build::<TimedShutdown>,
    ..ComponentSpec::EMPTY
};

struct PeriodicTick;
struct SingleTick;
struct TimedShutdown {
    message: Message,
}

impl Component for PeriodicTick {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut tick = io.now();
        loop {
            tick = rest(&io, tick, |params| params.seconds("delay")).await;
            io.send("outbox", io.params().get("tick_mesg")).await;
            let delay = io.params().seconds("delay");
            if io.now() > tick + delay {
                tick = io.now().saturating_sub(delay);
            }
        }
    }
}

impl Component for SingleTick {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        rest(&io, io.now(), |params| params.seconds("delay")).await;
        io.send("outbox", io.params().get("tick_mesg")).await;
        Ok(())
    }
}

impl Component for TimedShutdown {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let is_finish = params.text("how") == "finish";
        Ok(Self { message: if is_finish { Message::ProducerFinished } else { Message::Shutdown } })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        rest(&io, io.now(), |params| params.seconds("TTL")).await;
        io.send("outbox", self.message).await;
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
    fn ticks_come_after_each_delay() {
        let mut rig = Rig::new(&PERIODIC_TICK, &[("delay", 2.0.into()), ("tick_mesg", "t".into())]);
        rig.run_for(Duration::from_millis(6100));
        assert_eq!(rig.texts("outbox"), ["t"; 3]);
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn a_single_tick_comes_once_or_not_at_all() {
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

    #[test]
    fn the_shutdown_message_is_of_the_chosen_kind() {
        for (how, message) in [("stop", Message::Shutdown), ("finish", Message::ProducerFinished)] {
            let mut rig = Rig::new(&TIMED_SHUTDOWN, &[("how", how.into())]);
            rig.run();
            assert_eq!(rig.take("outbox"), [message]);
        }
    }
}
