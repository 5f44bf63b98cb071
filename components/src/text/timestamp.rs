//! Timestamp and DeTimestamp: prefix each message with its time, and replay such lines at their times.

use std::time::Duration;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of Timestamp.
pub static TIMESTAMP: ComponentSpec = ComponentSpec {
    type_name: "Timestamp",
    category: Category::Text,
    summary: "Prefixes each message with the seconds since the start",
    docs: "Each message becomes text: the seconds since the start with three decimals, a space, and the message.\n\n\
           Example: between a Textbox and a SimpleFileWriter, it records what was typed and when. DeTimestamp replays \
           the recording.",
    inboxes: &[BoxSpec::new("inbox", "Messages to record")],
    outboxes: &[BoxSpec::new("outbox", "The messages as text, each with its time").kinds(&[Kind::Text])],
    build: build::<Timestamp>,
    ..ComponentSpec::EMPTY
};

/// Description of DeTimestamp.
pub static DE_TIMESTAMP: ComponentSpec = ComponentSpec {
    type_name: "DeTimestamp",
    category: Category::Text,
    summary: "Replays each line at the time given at its start",
    docs: "Each line begins with the number of seconds since the start and a space. The rest of the line is sent at \
           that time, scaled by `speed`. Times may be out of order: if the time has passed, the line is sent at once. \
           A line without a time is reported on the console and goes to `rejected`. To control a PromptedFileReader, \
           `next` requests 10 lines at the start and one more for each line received.\n\n\
           Example: SimpleReader on a file of timed subtitles into DeTimestamp into a Ticker.",
    inboxes: &[BoxSpec::new("inbox", "Lines with a time in front").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[
        BoxSpec::new("outbox", "The rest of each line, at its time").kinds(&[Kind::Text]),
        BoxSpec::new("next", "Number of further lines requested").kinds(&[Kind::Int]),
        REJECTED,
    ],
    params: &[ParamSpec::float("speed", 0.001, 1000.0, 1.0, "Playback speed; 2 is twice as fast as recorded")],
    sends_first: SendsFirst::Yes,
    build: build::<DeTimestamp>,
    ..ComponentSpec::EMPTY
};

struct Timestamp;
struct DeTimestamp {
    speed: f64,
}

impl Component for Timestamp {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let started = io.now();
        while let Some(message) = io.recv("inbox").await {
            let seconds = io.now().saturating_sub(started).as_secs_f64();
            io.send("outbox", format!("{seconds:.3} {message}")).await;
        }
        Ok(())
    }
}

impl Component for DeTimestamp {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { speed: params.float("speed") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let started = io.now();
        io.send("next", 10).await;
        while let Some(line) = io.recv("inbox").await {
            io.send("next", 1).await;
            let text = line.to_string();
            let (time, rest) = text.split_once(' ').unwrap_or((text.trim_end(), ""));
            let Some(due) = due(started, time, self.speed) else {
                reject(&io, "inbox", line, "the line must begin with its time in seconds").await;
                continue;
            };
            io.sleep_until(due).await;
            io.send("outbox", rest).await;
        }
        Ok(())
    }
}

/// When a line with this time in seconds is due; `None` if the text is not a valid time.
fn due(started: Duration, time: &str, speed: f64) -> Option<Duration> {
    let time = Duration::try_from_secs_f64(time.parse::<f64>().ok()? / speed).ok()?;
    Some(started.saturating_add(time))
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn messages_are_prefixed_with_their_times() {
        let mut rig = Rig::new(&TIMESTAMP, &[]);
        rig.put("inbox", "a");
        rig.run_for(Duration::from_millis(1500));
        rig.put("inbox", "b");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox")[0], "0.000 a");
    }

    #[test]
    fn lines_are_replayed_at_their_times() {
        let mut rig = Rig::new(&DE_TIMESTAMP, &[("speed", 2.0.into())]);
        for line in ["1.0 one\n", "nonsense\n", "8 four", "2 late"] {
            rig.put("inbox", line);
        }
        rig.finish();
        rig.run_for(Duration::from_millis(400));
        assert_eq!(rig.texts("outbox"), Vec::<String>::new());
        rig.run_for(Duration::from_secs(1));
        assert_eq!(rig.texts("outbox"), ["one\n"]);
        rig.run();
        assert_eq!(rig.texts("outbox"), ["four", "late"]);
        assert_eq!(rig.texts("rejected"), ["nonsense\n"]);
        assert_eq!(rig.take("next").len(), 5);
    }

    #[test]
    fn a_time_beyond_the_end_of_the_clock_is_due_at_its_end() {
        let started = Duration::from_hours(1);
        assert_eq!(due(started, "3", 2.0), Some(started + Duration::from_millis(1500)));
        // The largest number that fits into a duration.
        assert_eq!(due(started, "18446744073709549568", 1.0), Some(Duration::MAX));
        for time in ["1e300", "-1", "nan", "inf", "soon"] {
            assert_eq!(due(started, time, 1.0), None, "{time}");
        }
    }
}
