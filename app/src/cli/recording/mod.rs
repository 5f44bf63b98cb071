//! The recording of a run: a file of JSON lines, for `--record` and `--replay`.
//!
//! The first line is the header, each following line is one event that entered from outside, and the last line states
//! how the run ended. If the process was killed, the last line is missing; the recording is then replayed as far as it
//! goes.

mod base64;
mod error;
mod event;
mod fields;
mod header;
mod possible;
mod step;
pub mod value;
mod version;

use std::fs::File;
use std::io::{self, BufRead, BufReader, LineWriter};
use std::path::Path;
use std::time::Duration;

use compose_runtime::introspect::record::{RecordFn, Recorded};
use compose_runtime::scheduler::RunEnd;
use serde_json::{Value, json};

use self::error::{LineError, TapeError};
use self::fields::{Read, number, text};
pub use self::header::{Fnv, Header, fingerprint};
use super::console::StopFn;
use super::lines::Lines;

/// A recording in progress.
pub struct Recorder {
    lines: Lines<LineWriter<File>>,
}

impl Recorder {
    /// Begins a recording. Every line is written at once, so that it survives if the process is killed.
    pub fn begin(file: &Path, header: &Header, stop: StopFn) -> io::Result<Self> {
        let lines = Lines::to(LineWriter::new(File::create(file)?), stop);
        lines.write(&header.to_json().to_string());
        lines.finish()?;
        Ok(Self { lines })
    }

    /// The function that a scheduler calls for every event.
    pub fn hook(&self) -> RecordFn {
        let lines = self.lines.clone();
        Box::new(move |recorded| lines.write(&event::to_json(&recorded).to_string()))
    }

    /// Writes how the run ended. Fails if any line could not be written.
    pub fn finish(&self, end: &End) -> io::Result<()> {
        self.lines.write(&end.to_json().to_string());
        self.lines.finish()
    }
}

/// How a recorded run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Number of passes.
    pub passes: u64,
    /// Number of deliveries.
    pub deliveries: u64,
    /// Why it ended.
    pub how: RunEnd,
}

impl End {
    fn to_json(&self) -> Value {
        let (end, text) = match &self.how {
            RunEnd::Ended => ("ended", None),
            RunEnd::Stalled(text) => ("stalled", Some(text)),
            RunEnd::LimitReached => ("limit reached", None),
            RunEnd::Quit => ("quit", None),
        };
        json!({ "end": end, "words": text, "passes": self.passes, "deliveries": self.deliveries })
    }

    fn from_json(line: &Value) -> Read<Self> {
        let stall = || line.get("words").and_then(Value::as_str).unwrap_or_default().to_owned();
        let how = match text(line, "end")? {
            "ended" => RunEnd::Ended,
            "stalled" => RunEnd::Stalled(stall()),
            "limit reached" => RunEnd::LimitReached,
            "quit" => RunEnd::Quit,
            other => return Err(LineError::UnknownValue { key: "end", found: other.to_owned() }),
        };
        Ok(Self { passes: number(line, "passes")?, deliveries: number(line, "deliveries")?, how })
    }
}

/// A recording read from a file.
#[derive(Debug)]
pub struct Recording {
    /// What was run.
    pub header: Header,
    /// The events, in order.
    pub events: Vec<Recorded>,
    /// How it ended; `None` if the recording was cut off.
    pub end: Option<End>,
    /// The clock of the last event that moved it.
    clock: Duration,
}

impl Recording {
    /// Reads a recording.
    pub fn open(file: &Path) -> Result<Self, TapeError> {
        Self::read(BufReader::new(File::open(file)?))
    }

    /// Reads a recording from its text.
    pub fn read(mut from: impl BufRead) -> Result<Self, TapeError> {
        let mut bytes = Vec::new();
        from.read_until(b'\n', &mut bytes)?;
        let first = parse(&bytes).and_then(|value| Header::from_json(&value));
        let mut recording = Self {
            header: first.map_err(TapeError::NotARecording)?,
            events: Vec::new(),
            end: None,
            clock: Duration::ZERO,
        };
        for line in 2.. {
            bytes.clear();
            from.read_until(b'\n', &mut bytes)?;
            if bytes.is_empty() {
                break;
            }
            match recording.add(&bytes) {
                Ok(()) => {}
                // The process was killed while it wrote this line.
                Err(_) if bytes.last() != Some(&b'\n') && recording.end.is_none() => break,
                Err(error) => return Err(TapeError::Damaged { line, error }),
            }
        }
        Ok(recording)
    }

    fn add(&mut self, bytes: &[u8]) -> Read<()> {
        let value = parse(bytes)?;
        if self.end.is_some() {
            return Err(LineError::AfterEnd);
        }
        if value.get("end").is_some() {
            let end = End::from_json(&value)?;
            if self.events.last().is_some_and(|last| last.pass > end.passes) {
                return Err(LineError::EarlierPass);
            }
            self.end = Some(end);
            return Ok(());
        }
        let recorded = event::from_json(&value)?;
        if self.events.last().is_some_and(|before| before.pass > recorded.pass) {
            return Err(LineError::EarlierPass);
        }
        self.clock = possible::check(&recorded.event, self.clock)?;
        self.events.push(recorded);
        Ok(())
    }

    /// The number of passes of the recorded run; up to the last event if the recording was cut off.
    pub fn passes(&self) -> u64 {
        let last = || self.events.last().map_or(0, |recorded| recorded.pass);
        self.end.as_ref().map_or_else(last, |end| end.passes)
    }
}

fn parse(bytes: &[u8]) -> Read<Value> {
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests;
