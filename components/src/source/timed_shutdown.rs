//! timedShutdown: sends one shutdown message after a delay.

use compose_runtime::dev::*;

use super::wait;

/// Description of timedShutdown.
pub static TIMED_SHUTDOWN: ComponentSpec = ComponentSpec {
    type_name: "timedShutdown",
    category: Category::Sources,
    summary: "Sends one shutdown message after a delay",
    docs: "After `TTL` seconds it emits a control message on `outbox`. Link `outbox` to the `control` of the component \
           that should end. `how` decides whether that component finishes its waiting messages first (*finish*) or \
           stops immediately (*stop*).\n\n\
           Example: a timedShutdown with `TTL` = 10, its `outbox` linked to the `control` of a Chargen, ends the \
           Chargen after ten seconds.\n\n\
           Differs from the original: the message is sent on `outbox`, because `signal` announces the component's own \
           end. The default is *stop*, as in the original.",
    outboxes: &[BoxSpec::new("outbox", "The shutdown message; link it to a control").kinds(&[Kind::Control])],
    params: &[
        ParamSpec::seconds("TTL", 1.0, "Delay before the message").live(),
        ParamSpec::choice("how", &["stop", "finish"], "Stop immediately, or finish waiting messages first"),
    ],
    build: build::<TimedShutdown>,
    ..ComponentSpec::EMPTY
};

struct TimedShutdown {
    message: Message,
}

impl Component for TimedShutdown {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let is_finish = params.text("how") == "finish";
        Ok(Self { message: if is_finish { Message::ProducerFinished } else { Message::Shutdown } })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        wait(&io, io.now(), |params| params.seconds("TTL")).await;
        io.send("outbox", self.message).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_sends_the_chosen_shutdown_message() {
        for (how, message) in [("stop", Message::Shutdown), ("finish", Message::ProducerFinished)] {
            let mut rig = Rig::new(&TIMED_SHUTDOWN, &[("how", how.into())]);
            rig.run();
            assert_eq!(rig.take("outbox"), [message]);
        }
    }

    #[test]
    fn a_wait_of_years_takes_one_turn_and_a_shorter_one_takes_effect_at_once() {
        let mut rig = Rig::new(&TIMED_SHUTDOWN, &[("TTL", 31_536_000.into())]);
        rig.run_for(Duration::from_hours(8000));
        assert_eq!((rig.turns(), rig.waiting("outbox")), (1, 0));
        rig.configure(&[("TTL", 30_000_000.into())]);
        rig.run_for(Duration::from_hours(400));
        assert_eq!((rig.turns(), rig.waiting("outbox")), (3, 1), "one for the change, one for the moment");
    }
}
