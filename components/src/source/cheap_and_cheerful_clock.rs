//! CheapAndCheerfulClock: emits true immediately and then at every interval.

use compose_runtime::dev::*;

use super::wait;

/// Description of CheapAndCheerfulClock.
pub static CHEAP_AND_CHEERFUL_CLOCK: ComponentSpec = ComponentSpec {
    type_name: "CheapAndCheerfulClock",
    category: Category::Sources,
    summary: "Emits true immediately and then at every interval",
    docs: "Ticks follow the clock of the run: pausing the run pauses the ticks, and in virtual time an hour passes \
           instantly. Ticks do not drift. A tick that cannot be delivered in time is skipped, not delivered late.\n\n\
           Example: link a clock with an `interval` of 2 s to a PureTransformer with `\"NEXT\"`, and that to a \
           Chooser, to show the next picture every two seconds.\n\n\
           Differs from the original: it responds to shutdown, needs no separate thread, and accepts a new `interval` \
           while it runs.",
    outboxes: &[BoxSpec::new("outbox", "true, once per tick").kinds(&[Kind::Bool])],
    params: &[ParamSpec::float("interval", 0.001, 1.0e9, 1.0, "Time between two ticks").unit("s").live()],
    build: build::<CheapAndCheerfulClock>,
    ..ComponentSpec::EMPTY
};

struct CheapAndCheerfulClock;

impl Component for CheapAndCheerfulClock {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut tick = io.now();
        loop {
            io.send("outbox", true).await;
            // More than one interval late: continue from now.
            let interval = io.params().seconds("interval");
            if io.now() > tick + interval {
                tick = io.now().saturating_sub(interval);
            }
            tick = wait(&io, tick, |params| params.seconds("interval")).await;
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
    fn the_first_tick_is_immediate_and_the_others_are_on_time() {
        let mut rig = Rig::new(&CHEAP_AND_CHEERFUL_CLOCK, &[("interval", 0.5.into())]);
        rig.run_for(Duration::from_millis(1));
        assert_eq!(rig.take("outbox"), [Message::Bool(true)]);
        rig.run_for(Duration::from_secs(10));
        assert_eq!(rig.take("outbox").len(), 20);
    }

    #[test]
    fn a_new_interval_takes_effect_during_the_old_one() {
        let mut rig = Rig::new(&CHEAP_AND_CHEERFUL_CLOCK, &[("interval", 3600.0.into())]);
        rig.run_for(Duration::from_secs(1));
        rig.configure(&[("interval", 2.0.into())]);
        rig.run_for(Duration::from_millis(5100));
        assert_eq!(rig.take("outbox").len(), 4, "at 0, 2, 4 and 6 s");
    }

    #[test]
    fn it_ends_on_finish_and_on_shutdown() {
        for stop in [Rig::finish, Rig::shutdown] {
            let mut rig = Rig::new(&CHEAP_AND_CHEERFUL_CLOCK, &[]);
            rig.run_for(Duration::from_secs(1));
            stop(&mut rig);
            rig.run_for(Duration::from_secs(1));
            assert_eq!(rig.state(), State::Finished);
        }
    }
}
