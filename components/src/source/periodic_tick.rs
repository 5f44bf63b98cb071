//! PeriodicTick: emits a message repeatedly, first after one delay.

use compose_runtime::dev::*;

use super::wait;

/// Description of PeriodicTick.
pub static PERIODIC_TICK: ComponentSpec = ComponentSpec {
    type_name: "PeriodicTick",
    category: Category::Sources,
    summary: "Emits a message repeatedly, first after one delay",
    docs: "Unlike CheapAndCheerfulClock, it waits before the first message, and you choose the message. Ticks do not \
           drift. A tick that cannot be delivered in time is skipped.\n\n\
           Example: a PeriodicTick with `delay` = 5 and `tick_mesg` = `\"SAVE\"` requests a save every five \
           seconds.\n\n\
           Differs from the original: there is no `check_interval`, and shutdown takes effect immediately.",
    outboxes: &[BoxSpec::new("outbox", "The message, once per delay")],
    params: &[
        ParamSpec::float("delay", 0.001, 1.0e9, 1.0, "Time between two messages").unit("s").live(),
        ParamSpec::new("tick_mesg", ParamKind::Any, DefaultValue::Bool(true), "Message to emit").live(),
    ],
    build: build::<PeriodicTick>,
    ..ComponentSpec::EMPTY
};

struct PeriodicTick;

impl Component for PeriodicTick {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut tick = io.now();
        loop {
            tick = wait(&io, tick, |params| params.seconds("delay")).await;
            io.send("outbox", io.params().get("tick_mesg")).await;
            let delay = io.params().seconds("delay");
            if io.now() > tick + delay {
                tick = io.now().saturating_sub(delay);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn a_tick_is_emitted_after_each_delay() {
        let mut rig = Rig::new(&PERIODIC_TICK, &[("delay", 2.0.into()), ("tick_mesg", "t".into())]);
        rig.run_for(Duration::from_millis(6100));
        assert_eq!(rig.texts("outbox"), ["t"; 3]);
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
