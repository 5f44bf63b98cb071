//! RateControlledFileReader: reads a file at a steady rate, by bytes or by lines.

use std::time::Duration;

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::open::{ANY_KIND, file_name};
use super::steadily::{Rate, steadily};

/// Description of RateControlledFileReader.
pub static RATE_CONTROLLED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "RateControlledFileReader",
    category: Category::Files,
    summary: "Reads a file at a steady rate, by bytes or by lines, then finishes",
    docs: "Emits `rate` bytes or lines per second. Bytes are emitted in messages of `chunksize` bytes, or in \
           `chunkrate` messages per second; if both are 0, each message contains a thousandth of `rate`. More than 16 MiB at a \
           time are emitted as several messages of at most 16 MiB. Each line is \
           one message, including its newline; a byte-order mark at the start is removed, and a line longer than 1 MiB \
           is sent in parts and reported on the console. Rounding errors do not accumulate. If the component is late, it catches \
           up; with `allowchunkaggregation`, it does so in one larger message. If the file cannot be read, the \
           component crashes and names the path.\n\n\
           Example: with `readmode` = `lines` and a `rate` of 2, linked to a ConsoleEchoer, it shows a poem at reading \
           speed.",
    outboxes: &[BoxSpec::new("outbox", "Bytes or lines of the file").kinds(&[Kind::Bytes, Kind::Text])],
    params: &[
        FILENAME,
        ParamSpec::choice("readmode", &["bytes", "lines"], "Unit of rate"),
        ParamSpec::float("rate", 0.01, 1.0e9, 100_000.0, "Bytes or lines per second").unit("/s"),
        ParamSpec::int("chunksize", 0, 16 << 20, 0, "Bytes or lines at a time; 0 to use chunkrate"),
        ParamSpec::float("chunkrate", 0.0, 10_000.0, 0.0, "Chunks per second; 0 to use chunksize").unit("/s"),
        ParamSpec::switch("allowchunkaggregation", false, "Catch up in one larger message when late"),
        ANY_KIND,
    ],
    build: build::<RateControlledFileReader>,
    ..ComponentSpec::EMPTY
};

struct RateControlledFileReader {
    filename: String,
    by_line: bool,
    per_tick: f64,
    tick: Duration,
    aggregate: bool,
}

impl Component for RateControlledFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let rate = params.float("rate");
        let (size, chunkrate) = (params.count("chunksize"), params.float("chunkrate"));
        let per_tick = match (size, chunkrate > 0.0) {
            (0, true) => rate / chunkrate,
            (0, false) => (rate / 1000.0).max(1.0),
            (size, false) => size as f64,
            (_, true) => return Err(ParamError::Other("set chunksize or chunkrate, not both".to_owned())),
        };
        let tick = Duration::try_from_secs_f64(per_tick / rate).unwrap_or(Duration::MAX);
        let by_line = params.text("readmode") == "lines";
        let aggregate = params.switch("allowchunkaggregation");
        Ok(Self { filename: file_name(params)?, by_line, per_tick, tick, aggregate })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        let rate =
            Rate { per_tick: |_: &Params| self.per_tick, tick: |_: &Params| self.tick, aggregates: self.aggregate };
        steadily(&io, rate, async |amount| self.emit(&io, &mut file, amount).await).await
    }
}

impl RateControlledFileReader {
    /// Emits `amount` bytes or lines; false at the end of the file.
    async fn emit(&self, io: &BoxIo, file: &mut FileStream, amount: usize) -> Result<bool, Fault> {
        if !self.by_line {
            return file.pass_on(io, amount).await;
        }
        for _ in 0..amount {
            let Some(line) = file.line(io).await? else { return Ok(false) };
            io.send("outbox", line).await;
        }
        Ok(true)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;

    use super::super::rig::reading;
    use super::*;

    #[test]
    fn bytes_are_emitted_at_the_rate_in_chunks_of_the_given_size() {
        let (_file, mut rig) =
            reading(&RATE_CONTROLLED_FILE_READER, &[1; 1000], &[("rate", 100.0.into()), ("chunksize", 20.into())]);
        rig.run_for(Duration::from_millis(990));
        let sizes: Vec<usize> = rig.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [20; 5]);
    }

    #[test]
    fn a_rate_of_more_than_the_largest_message_per_tick_is_observed() {
        let params = [("rate", f64::from(17 << 20).into()), ("chunkrate", 1.0.into())];
        let (_file, mut rig) = reading(&RATE_CONTROLLED_FILE_READER, &vec![7; 35 << 20], &params);
        rig.run_until(|rig| rig.state() == State::Finished);
        let sizes: Vec<usize> = rig.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [16 << 20, 1 << 20, 16 << 20, 1 << 20, 1 << 20]);
    }

    #[test]
    fn lines_are_emitted_at_the_rate_until_the_end_of_the_file() {
        let (_file, mut rig) =
            reading(&RATE_CONTROLLED_FILE_READER, b"a\nb\nc", &[("rate", 2.0.into()), ("readmode", "lines".into())]);
        rig.run_for(Duration::from_millis(900));
        assert_eq!(rig.texts("outbox"), ["a\n", "b\n"]);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.texts("outbox"), ["c"]);
    }

    #[test]
    fn chunksize_and_chunkrate_together_are_rejected() {
        let (name, one) = (Message::text("x"), Message::Int(1));
        let given = [("filename", &name), ("chunksize", &one), ("chunkrate", &one)];
        let params = Params::check(RATE_CONTROLLED_FILE_READER.params, given).unwrap();
        assert!((RATE_CONTROLLED_FILE_READER.build)(&params).is_err());
    }
}
