//! ByteRate_RequestControl: emits read sizes that add up to a steady rate.

use std::time::Duration;

use compose_runtime::dev::*;

use crate::refuse::wrong_value;
use crate::source::wait;

/// Description of ByteRate_RequestControl.
pub static BYTE_RATE_REQUEST_CONTROL: ComponentSpec = ComponentSpec {
    type_name: "ByteRate_RequestControl",
    category: Category::Flow,
    summary: "Emits read sizes that add up to a steady rate",
    docs: "Emits `chunkrate` whole numbers per second that add up to `rate` per second; rounding errors do not \
           accumulate. The reader decides whether a number counts bytes or lines. `rate` can be changed while the \
           component runs, as in the original's VariableByteRate_RequestControl. A number received on `inbox` also \
           sets a new rate.\n\n\
           Example: linked to a PromptedFileReader, it does the same as a RateControlledFileReader.\n\n\
           Differs from the original: the chunk size is derived from the two rates and cannot be set, and chunks are \
           never merged to catch up.",
    inboxes: &[BoxSpec::new("inbox", "A new rate").kinds(&[Kind::Int, Kind::Float])],
    outboxes: &[BoxSpec::new("outbox", "Read sizes").kinds(&[Kind::Int])],
    params: &[
        ParamSpec::float("rate", 0.0, 1.0e9, 100_000.0, "Amount per second").unit("bytes/s").live(),
        ParamSpec::float("chunkrate", 0.01, 10_000.0, 10.0, "Numbers per second").unit("messages/s").live(),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<ByteRateRequestControl>,
    ..ComponentSpec::EMPTY
};

struct ByteRateRequestControl;

impl Component for ByteRateRequestControl {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut due, mut owed, mut requested) = (io.now(), 0.0, None);
        let mut setting = io.params().float("rate");
        // The input only carries changes, so the end of the input does not end the component; a request to end does.
        while !io.is_shutting_down() {
            while let Some(message) = io.try_recv("inbox") {
                let rate = message.as_number().filter(|rate| rate.is_finite() && *rate >= 0.0);
                requested = Some(rate.ok_or_else(|| wrong_value("inbox", "a rate from 0", &message))?);
            }
            let params = io.params();
            // The most recent change applies.
            if setting != params.float("rate") {
                (setting, requested) = (params.float("rate"), None);
            }
            owed += requested.unwrap_or(setting) / params.float("chunkrate").max(0.01);
            let whole = owed.floor();
            owed -= whole;
            if whole >= 1.0 {
                io.send("outbox", whole as i64).await;
            }
            if io.depth("control") > 0 {
                return Ok(());
            }
            due = wait(&io, due, spacing).await;
        }
        Ok(())
    }
}

fn spacing(params: &Params) -> Duration {
    Duration::from_secs_f64(params.float("chunkrate").max(0.01).recip())
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn sum(rig: &mut Rig) -> i64 {
        rig.take("outbox").iter().filter_map(Message::as_number).sum::<f64>() as i64
    }

    #[test]
    fn read_sizes_add_up_to_the_rate_and_follow_its_changes() {
        let mut rig = Rig::new(&BYTE_RATE_REQUEST_CONTROL, &[("rate", 100.0.into()), ("chunkrate", 3.0.into())]);
        rig.run_for(Duration::from_millis(9900));
        assert_eq!(sum(&mut rig), 1000);
        rig.put("inbox", 6);
        rig.run_for(Duration::from_secs(10));
        assert!((59..=61).contains(&sum(&mut rig)));
    }

    #[test]
    fn a_negative_rate_is_an_error_that_shows_it() {
        for (given, expected) in [(Message::Int(-5), "inbox expects a rate from 0, not -5"), ("x".into(), "not \"x\"")]
        {
            let mut rig = Rig::new(&BYTE_RATE_REQUEST_CONTROL, &[]);
            rig.put("inbox", given);
            rig.run_until(|rig| rig.state().has_ended());
            assert!(format!("{:?}", rig.state()).replace('\\', "").contains(expected), "{:?}", rig.state());
        }
    }

    #[test]
    fn it_ends_on_finish_and_on_shutdown() {
        for stop in [Rig::finish, Rig::shutdown] {
            let mut rig = Rig::new(&BYTE_RATE_REQUEST_CONTROL, &[]);
            rig.run_for(Duration::from_secs(1));
            stop(&mut rig);
            rig.run_for(Duration::from_secs(1));
            assert_eq!(rig.state(), State::Finished);
        }
    }
}
