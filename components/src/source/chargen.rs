//! Chargen: repeats a greeting endlessly.

use std::time::Duration;

use compose_runtime::dev::*;

use super::wait;

/// Description of Chargen.
pub static CHARGEN: ComponentSpec = ComponentSpec {
    type_name: "Chargen",
    category: Category::Sources,
    summary: "Emits an endless stream of greetings, as test traffic",
    docs: "Emits `Hello World` forever, `rate` times a second. With a `rate` of 0 it sends as fast as the receiving \
           inboxes accept messages.\n\n\
           Example: a Chargen linked to a SingleServer gives every client something to read.\n\n\
           Differs from the original: it responds to shutdown and has a rate limit.",
    outboxes: &[BoxSpec::new("outbox", "The greeting").kinds(&[Kind::Text])],
    params: &[ParamSpec::float("rate", 0.0, 1.0e6, 10.0, "Maximum messages per second; 0 for no limit")
        .unit("messages/s")
        .live()],
    build: build::<Chargen>,
    ..ComponentSpec::EMPTY
};

struct Chargen;

/// Interval between two messages.
fn spacing(params: &Params) -> Duration {
    let rate = params.float("rate");
    if rate > 0.0 { Duration::try_from_secs_f64(rate.recip()).unwrap_or(Duration::MAX) } else { Duration::ZERO }
}

impl Component for Chargen {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let greeting = Message::text("Hello World");
        let mut due = io.now();
        loop {
            io.send("outbox", greeting.clone()).await;
            due = wait(&io, due, spacing).await.max(io.now().saturating_sub(spacing(&io.params())));
        }
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn the_rate_is_observed() {
        let mut rig = Rig::new(&CHARGEN, &[("rate", 4.0.into())]);
        rig.run_for(Duration::from_millis(900));
        assert_eq!(rig.texts("outbox"), ["Hello World"; 4]);
    }

    #[test]
    fn it_ends_on_shutdown() {
        let mut rig = Rig::new(&CHARGEN, &[]);
        rig.run_for(Duration::from_millis(50));
        rig.shutdown();
        rig.run_for(Duration::from_millis(50));
        assert_eq!(rig.state(), State::Finished);
    }
}
