//! RateMeter: passes messages on and measures their rate.

use std::time::Duration;

use compose_runtime::dev::*;

/// Description of RateMeter.
pub static RATE_METER: ComponentSpec = ComponentSpec {
    type_name: "RateMeter",
    category: Category::Flow,
    summary: "Passes messages on and measures their rate",
    docs: "After each `period` it emits a number on `rate`: the bits, bytes or messages per second during that period. \
           The component also shows this number. Periods follow the clock of the run and continue while no messages \
           arrive. At the end of the input, the last, shorter period is also measured unless its length is zero.\n\n\
           Example: between a ReadFileAdaptor and a SingleServer, it shows the speed of the stream.\n\n\
           New: the original has such a component only as an experiment.",
    inboxes: &[BoxSpec::new("inbox", "Messages to measure")],
    outboxes: &[
        BoxSpec::new("outbox", "The same messages"),
        BoxSpec::new("rate", "One number per period").kinds(&[Kind::Float]),
    ],
    params: &[
        ParamSpec::float("period", 0.01, 86_400.0, 1.0, "Length of one measurement").unit("s"),
        ParamSpec::choice("unit", &["bit/s", "bytes/s", "messages/s"], "Unit of the rate"),
    ],
    has_surface: true,
    build: build::<RateMeter>,
    ..ComponentSpec::EMPTY
};

struct RateMeter {
    period: Duration,
    unit: String,
}

impl Component for RateMeter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { period: params.seconds("period"), unit: params.text("unit") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut began, mut count) = (io.now(), 0.0);
        loop {
            let left = (began + self.period).saturating_sub(io.now());
            let next = if left.is_zero() { Timed::TimedOut } else { io.recv_timeout("inbox", left).await };
            let is_last = matches!(next, Timed::Ended);
            match next {
                Timed::Message(message) => {
                    count += self.weight(&message);
                    io.send("outbox", message).await;
                }
                Timed::Ended | Timed::TimedOut => {
                    let span = io.now().saturating_sub(began);
                    if !span.is_zero() && !io.is_shutting_down() {
                        let rate = count / span.as_secs_f64();
                        io.show(Surface::Text { lines: vec![format!("{rate:.1} {}", self.unit)] });
                        io.send("rate", rate).await;
                    }
                    (began, count) = (io.now(), 0.0);
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

impl RateMeter {
    fn weight(&self, message: &Message) -> f64 {
        match self.unit.as_str() {
            "bit/s" => message.payload_len() as f64 * 8.0,
            "bytes/s" => message.payload_len() as f64,
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn every_period_emits_a_rate_even_without_messages() {
        let mut rig = Rig::new(&RATE_METER, &[("period", 2.0.into())]);
        rig.put("inbox", Message::bytes([0; 100]));
        rig.put("inbox", Message::bytes([0; 100]));
        rig.run_for(Duration::from_millis(4100));
        assert_eq!(rig.take("rate"), [Message::Float(800.0), Message::Float(0.0)]);
        assert_eq!(rig.take("outbox").len(), 2);
        rig.finish();
        rig.run_for(Duration::from_secs(10));
        assert_eq!(rig.state(), State::Finished);
    }
}
