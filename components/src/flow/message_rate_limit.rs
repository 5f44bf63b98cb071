//! MessageRateLimit: buffers some messages, then lets them out at a ceiling rate.

use std::collections::VecDeque;
use std::time::Duration;

use compose_runtime::dev::*;

use crate::source::rest;

/// Description of MessageRateLimit.
pub static MESSAGE_RATE_LIMIT: ComponentSpec = ComponentSpec {
    type_name: "MessageRateLimit",
    category: Category::Flow,
    summary: "Lets messages out at no more than a given rate, after filling a buffer",
    docs: "First takes in `buffer` messages without emitting any, then lets them out, evenly spaced, never faster than \
           `messages_per_second`. When its input ends, what it holds still comes out at the same rate. It holds no more \
           than `hardlimit` messages (as many as `buffer` if that is 0); then whoever sends to it waits.\n\n\
           Example: a `buffer` of 0 and 2 messages a second after a ReadFileAdaptor shows a file at reading speed.\n\n\
           Differs from the original: the rate is kept exactly (it was a tenth too fast), a short input that ends \
           before the buffer is full is not lost, and the rate can be changed while it runs.",
    inboxes: &[BoxSpec::new("inbox", "Messages at any rate")],
    outboxes: &[BoxSpec::new("outbox", "The same messages, evenly spaced")],
    params: &[
        ParamSpec::float("messages_per_second", 0.001, 1.0e6, 10.0, "Most messages a second").unit("messages/s").live(),
        ParamSpec::int("buffer", 0, 100_000, 60, "How many messages to collect before the first leaves")
            .unit("messages"),
        ParamSpec::int("hardlimit", 0, 100_000, 0, "Most messages held at a time; 0 for as many as buffer")
            .unit("messages"),
    ],
    build: build::<MessageRateLimit>,
    ..ComponentSpec::EMPTY
};

struct MessageRateLimit {
    fill: usize,
    most: usize,
}

/// A message that leaves this much too late does not delay those behind it.
const JITTER: Duration = Duration::from_millis(10);

/// Time between two messages.
fn spacing(params: &Params) -> Duration {
    Duration::try_from_secs_f64(params.float("messages_per_second").recip()).unwrap_or(Duration::MAX)
}

impl Component for MessageRateLimit {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let buffer = params.count("buffer").max(1);
        let most = match params.count("hardlimit") {
            0 => buffer,
            limit => limit,
        };
        Ok(Self { fill: buffer.min(most), most })
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
            // After a drought the spacing starts afresh.
            due = due.max(io.now().saturating_sub(JITTER));
            io.send("outbox", message).await;
            while held.len() < self.most {
                let Some(message) = io.try_recv("inbox") else { break };
                held.push_back(message);
            }
            due = rest(&io, due, spacing).await;
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
    fn nothing_leaves_before_the_buffer_is_full() {
        let mut rig = limiter(10.0, 5);
        put(&mut rig, 4);
        rig.run_for(Duration::from_secs(5));
        assert_eq!(rig.take("outbox").len(), 0);
        put(&mut rig, 1);
        rig.run_for(Duration::from_secs(5));
        assert_eq!(rig.take("outbox").len(), 5);
    }

    #[test]
    fn a_short_input_is_flushed_at_its_end() {
        let mut rig = limiter(10.0, 60);
        put(&mut rig, 3);
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["0", "1", "2"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn a_pause_in_the_input_earns_no_burst() {
        let mut rig = limiter(10.0, 0);
        put(&mut rig, 1);
        rig.run_for(Duration::from_secs(10));
        put(&mut rig, 20);
        rig.run_for(Duration::from_millis(450));
        assert_eq!(rig.take("outbox").len(), 1 + 5);
    }

    #[test]
    fn a_new_rate_takes_effect_at_once() {
        let mut rig = limiter(0.001, 0);
        put(&mut rig, 20);
        rig.run_for(Duration::from_secs(1));
        rig.configure(&[("messages_per_second", 10.0.into()), ("buffer", 0.into())]);
        rig.run_for(Duration::from_millis(1100));
        let count = rig.take("outbox").len();
        assert!((10..=13).contains(&count), "{count}");
    }

    #[test]
    fn shutdown_ends_it_at_once() {
        let mut rig = limiter(1.0, 0);
        put(&mut rig, 20);
        rig.run_for(Duration::from_millis(1500));
        rig.shutdown();
        rig.run_for(Duration::from_millis(10));
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("outbox").len(), 2);
    }
}
