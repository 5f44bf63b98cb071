//! timedShutdown: one shutdown message after a while.

use compose_runtime::dev::*;

use super::rest;

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

struct TimedShutdown {
    message: Message,
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
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn the_shutdown_message_is_of_the_chosen_kind() {
        for (how, message) in [("stop", Message::Shutdown), ("finish", Message::ProducerFinished)] {
            let mut rig = Rig::new(&TIMED_SHUTDOWN, &[("how", how.into())]);
            rig.run();
            assert_eq!(rig.take("outbox"), [message]);
        }
    }
}
