//! ResponseMeter: counts responses and failures and measures response times.

use std::collections::BTreeMap;
use std::time::Duration;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Times are counted in steps of 1 %, starting at a microsecond, so the memory is bounded for any input.
const STEP: f64 = 1.01;
/// The shortest time that is distinguished, in seconds.
const LEAST: f64 = 1.0e-6;
/// Time between two updates of the display.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Description of ResponseMeter.
pub static RESPONSE_METER: ComponentSpec = ComponentSpec {
    type_name: "ResponseMeter",
    category: Category::Network,
    summary: "Counts web responses and failures and measures response times",
    docs: "Takes records as LoadGenerator and `SimpleHTTPClient.response` send them: maps with `seconds` and \
           `statuscode`. They leave unchanged from `outbox`. A `statuscode` of 400 or more, or 0, is a failure. The \
           component shows its counts. When the input ends, `summary` sends a map: `done`, `failed`, `seconds` from \
           the first record to the last, `per_second`, and the response times `least`, `median`, `p90`, `p99` and \
           `most` in seconds, accurate to 1 %. A message without `seconds` goes to `rejected`.\n\n\
           Example: LoadGenerator into ResponseMeter, and `ResponseMeter.summary` into ConsoleEchoer.\n\n\
           New: the original's tool was never published.",
    inboxes: &[BoxSpec::new("inbox", "Records of responses").kinds(&[Kind::Map])],
    outboxes: &[
        BoxSpec::new("outbox", "The same records").kinds(&[Kind::Map]),
        BoxSpec::new("summary", "The measurements, at the end").kinds(&[Kind::Map]),
        REJECTED,
    ],
    has_surface: true,
    build: build::<ResponseMeter>,
    ..ComponentSpec::EMPTY
};

struct ResponseMeter;

/// The measurements so far.
#[derive(Default)]
struct Measured {
    done: u64,
    failed: u64,
    /// Number of responses by time step.
    times: BTreeMap<i32, u64>,
    first: Option<Duration>,
    last: Duration,
}

impl Component for ResponseMeter {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut measured = Measured::default();
        let mut shown = None;
        while let Some(message) = io.recv("inbox").await {
            if !measured.add(&message, io.now()) {
                reject(&io, "inbox", message, "expected a record with seconds").await;
                continue;
            }
            if shown.is_none_or(|shown| io.now() >= shown + UPDATE_INTERVAL) {
                shown = Some(io.now());
                io.show(measured.surface());
            }
            io.send("outbox", message).await;
        }
        io.show(measured.surface());
        if !io.is_shutting_down() {
            io.send("summary", measured.summary()).await;
        }
        Ok(())
    }
}

impl Measured {
    /// Adds a record; false if the message is not one.
    fn add(&mut self, message: &Message, now: Duration) -> bool {
        let Message::Map(map) = message else { return false };
        let Some(seconds) = map.get("seconds").and_then(Message::as_number).filter(|s| s.is_finite()) else {
            return false;
        };
        let status = map.get("statuscode").and_then(Message::as_number).unwrap_or(200.0);
        self.failed += u64::from(!(100.0..400.0).contains(&status));
        self.done += 1;
        let step = (seconds.max(LEAST) / LEAST).log(STEP).round() as i32;
        *self.times.entry(step).or_default() += 1;
        // The total time includes the first response time: its request was sent before the record arrived.
        self.first.get_or_insert(now.saturating_sub(Duration::try_from_secs_f64(seconds).unwrap_or_default()));
        self.last = now;
        true
    }

    /// The response time at this percentile, given as a share from 0 to 1, in seconds; 0 if there are no responses.
    fn quantile(&self, share: f64) -> f64 {
        let rank = (self.done as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (step, count) in &self.times {
            seen += count;
            if seen >= rank {
                return LEAST * STEP.powi(*step);
            }
        }
        0.0
    }

    fn seconds(&self) -> f64 {
        self.first.map_or(0.0, |first| self.last.saturating_sub(first).as_secs_f64())
    }

    fn per_second(&self) -> f64 {
        if self.seconds() > 0.0 { self.done as f64 / self.seconds() } else { 0.0 }
    }

    fn summary(&self) -> Message {
        Message::map([
            ("done", Message::Int(self.done.cast_signed())),
            ("failed", Message::Int(self.failed.cast_signed())),
            ("seconds", self.seconds().into()),
            ("per_second", self.per_second().into()),
            ("least", self.quantile(0.0).into()),
            ("median", self.quantile(0.5).into()),
            ("p90", self.quantile(0.9).into()),
            ("p99", self.quantile(0.99).into()),
            ("most", self.quantile(1.0).into()),
        ])
    }

    fn surface(&self) -> Surface {
        let ms = |share: f64| self.quantile(share) * 1000.0;
        Surface::Text {
            lines: vec![
                format!("{} done, {} failed", self.done, self.failed),
                format!("{:.0} a second", self.per_second()),
                format!("median {:.1} ms, p99 {:.1} ms", ms(0.5), ms(0.99)),
            ],
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn record(seconds: f64, status: i64) -> Message {
        Message::map([("seconds", seconds.into()), ("statuscode", status.into())])
    }

    #[test]
    fn counts_and_quantiles_are_sent_at_the_end() {
        let mut rig = Rig::new(&RESPONSE_METER, &[]);
        for hundredth in 1..=100 {
            rig.put("inbox", record(f64::from(hundredth) / 100.0, if hundredth == 7 { 500 } else { 200 }));
        }
        rig.put("inbox", "nothing");
        rig.put("inbox", record(0.5, 0));
        rig.finish();
        rig.run();
        assert_eq!((rig.state(), rig.take("outbox").len(), rig.take("rejected").len()), (State::Finished, 101, 1));
        let summary = rig.take("summary").remove(0);
        let Message::Map(map) = summary else { panic!("{summary}") };
        let number = |name: &str| map[name].as_number().unwrap();
        assert_eq!((number("done"), number("failed")), (101.0, 2.0));
        for (name, seconds) in [("least", 0.01), ("median", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0)] {
            assert!((number(name) / seconds - 1.0).abs() < 0.02, "{name}: {}", number(name));
        }
    }

    #[test]
    fn without_responses_all_counts_are_zero() {
        let mut rig = Rig::new(&RESPONSE_METER, &[]);
        rig.finish();
        rig.run();
        assert!(rig.texts("summary")[0].contains("done: 0, failed: 0"));
    }
}
