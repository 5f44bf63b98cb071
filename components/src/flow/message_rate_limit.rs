//! MessageRateLimit: fills a buffer, then emits messages at a limited rate.

use std::collections::VecDeque;
use std::time::Duration;

use compose_runtime::dev::*;

use crate::source::wait;

/// Description of MessageRateLimit.
pub static MESSAGE_RATE_LIMIT: ComponentSpec = ComponentSpec {
    type_name: "MessageRateLimit",
    category: Category::Flow,
    summary: "Fills a buffer, then emits messages at a limited rate",
    docs: "First collects `buffer` messages without emitting any, then emits messages, evenly spaced, at no more than \
           `messages_per_second`. When its input ends, it emits the buffered messages at the same rate. It holds at \
           most `hardlimit` messages, or `buffer` messages if `hardlimit` is 0; when it is full, senders wait.\n\n\
           Example: after a ReadFileAdaptor, a `buffer` of 0 and a rate of 2 messages per second show a file at \
           reading speed.\n\n\
           Differs from the original: the rate is exact (the original was 10 % too fast), messages are not lost if the \
           input ends before the buffer is full, and the rate can be changed while the component runs.",
    inboxes: &[BoxSpec::new("inbox", "Messages at any rate")],
    outboxes: &[BoxSpec::new("outbox", "The same messages, evenly spaced")],
    params: &[
        ParamSpec::float("messages_per_second", 0.001, 1.0e6, 10.0, "Maximum messages per second")
            .unit("messages/s")
            .live(),
        ParamSpec::int("buffer", 0, 100_000, 60, "Messages to collect before emitting the first").unit("messages"),
        ParamSpec::int("hardlimit", 0, 100_000, 0, "Maximum number of messages held; 0 for the value of buffer")
            .unit("messages"),
    ],
    build: build::<MessageRateLimit>,
    ..ComponentSpec::EMPTY
};

struct MessageRateLimit {
    fill: usize,
    max: usize,
}

/// A message that is late by no more than this does not delay the messages after it.
const JITTER: Duration = Duration::from_millis(10);

/// Interval between two messages.
fn spacing(params: &Params) -> Duration {
    Duration::try_from_secs_f64(params.float("messages_per_second").recip()).unwrap_or(Duration::MAX)
}

impl Component for MessageRateLimit {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let buffer = params.count("buffer").max(1);
        let max = match params.count("hardlimit") {
            0 => buffer,
            limit => limit,
        };
        Ok(Self { fill: buffer.min(max), max })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut held = VecDeque::new();
        while held.len() < self.fill {
            let Some(message) = io.recv("inbox").await else { break };
            held.push_back(message);
        }
        let mut due = io.now();
        loop {
            let Some(message) = held.pop_front() else {
                match io.recv("inbox").await {
                    Some(message) => held.push_back(message),
                    None => return Ok(()),
                }
                continue;
            };
            // After a gap in the input, restart the spacing from now.
            due = due.max(io.now().saturating_sub(JITTER));
            io.send("outbox", message).await;
            while held.len() < self.max {
                let Some(message) = io.try_recv("inbox") else { break };
                held.push_back(message);
            }
            due = wait(&io, due, spacing).await;
            if io.is_shutting_down() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn limiter(rate: f64, buffer: i64) -> Rig {
        Rig::new(&MESSAGE_RATE_LIMIT, &[("messages_per_second", rate.into()), ("buffer", buffer.into())])
    }

    fn put(rig: &mut Rig, count: i64) {
        for number in 0..count {
            rig.put("inbox", number);
        }
    }

    #[test]
    fn the_rate_is_not_exceeded() {
        let mut rig = limiter(10.0, 0);
        put(&mut rig, 50);
        rig.run_for(Duration::from_millis(950));
        assert_eq!(rig.take("outbox").len(), 10);
        rig.run_for(Duration::from_secs(1));
        assert_eq!(rig.take("outbox").len(), 10);
    }

    #[test]
    fn nothing_is_emitted_before_the_buffer_is_full() {
        let mut rig = limiter(10.0, 5);
        put(&mut rig, 4);
        rig.run_for(Duration::from_secs(5));
        assert_eq!(rig.take("outbox").len(), 0);
        put(&mut rig, 1);
        rig.run_for(Duration::from_secs(5));
        assert_eq!(rig.take("outbox").len(), 5);
    }

    #[test]
    fn a_short_input_is_emitted_when_it_ends() {
        let mut rig = limiter(10.0, 60);
        put(&mut rig, 3);
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["0", "1", "2"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn a_gap_in_the_input_is_not_followed_by_a_burst() {
        let mut rig = limiter(10.0, 0);
        put(&mut rig, 1);
        rig.run_for(Duration::from_secs(10));
        put(&mut rig, 20);
        rig.run_for(Duration::from_millis(450));
        assert_eq!(rig.take("outbox").len(), 1 + 5);
    }

    #[test]
    fn a_new_rate_takes_effect_immediately() {
        let mut rig = limiter(0.001, 0);
        put(&mut rig, 20);
        rig.run_for(Duration::from_secs(1));
        rig.configure(&[("messages_per_second", 10.0.into()), ("buffer", 0.into())]);
        rig.run_for(Duration::from_millis(1100));
        let count = rig.take("outbox").len();
        assert!((10..=13).contains(&count), "{count}");
    }

    #[test]
    fn shutdown_ends_it_immediately() {
        let mut rig = limiter(1.0, 0);
        put(&mut rig, 20);
        rig.run_for(Duration::from_millis(1500));
        rig.shutdown();
        rig.run_for(Duration::from_millis(10));
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("outbox").len(), 2);
    }
}
