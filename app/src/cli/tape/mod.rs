//! The recording of a run: a file of JSON lines, for `--record` and `--replay`.
//!
//! The first line says what was run, each line after it is one event that entered from outside, and the last says how the
//! run ended. A run whose process was killed has no last line; it is replayed as far as it goes.

mod base64;
mod event;
mod header;
mod step;
pub mod value;

use std::fs::File;
use std::io::{self, BufRead, BufReader, LineWriter};
use std::path::Path;

use compose_runtime::introspect::record::{RecordFn, Recorded};
use compose_runtime::scheduler::RunEnd;
use serde_json::{Value, json};

pub use self::header::{Fnv, Header, fingerprint};
use super::lines::Lines;

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The file cannot be read.
    #[error("the recording cannot be read ({0}); check its name and its permissions")]
    Io(#[from] io::Error),
    /// The first line is not that of a recording.
    #[error("line 1: this is no recording ({0}); make one with kamaelia-compose run PROJECT --record FILE")]
    NoRecording(String),
    /// One of the lines after it is wrong.
    #[error("line {line}: {why}; restore the recording from a copy, or replay what is before this line: head -n {}", line - 1)]
    Damaged {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It is of another project.
    #[error(
        "the recording was made with {recorded}, but this is {found}; replay it with the project as it was then, or record again"
    )]
    OtherProject {
        /// The project of the recording.
        recorded: String,
        /// The project that is to be replayed.
        found: String,
    },
}

/// A recording that is being made.
pub struct Recorder {
    lines: Lines<LineWriter<File>>,
}

impl Recorder {
    /// Begins a recording. Every line is in the file at once, so that it outlives a killed process.
    pub fn begin(file: &Path, header: &Header) -> io::Result<Self> {
        let lines = Lines::to(LineWriter::new(File::create(file)?));
        lines.write(&header.to_json().to_string());
        Ok(Self { lines })
    }

    /// The function that a scheduler calls for every event.
    pub fn hook(&self) -> RecordFn {
        let lines = self.lines.clone();
        Box::new(move |recorded| lines.write(&event::to_json(&recorded).to_string()))
    }

    /// Writes down how the run ended; an error if anything could not be written.
    pub fn finish(&self, end: &End) -> io::Result<()> {
        self.lines.write(&end.to_json().to_string());
        self.lines.finish()
    }
}

/// How a recorded run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Passes done.
    pub passes: u64,
    /// Deliveries traced.
    pub deliveries: u64,
    /// Why it ended.
    pub how: RunEnd,
}

impl End {
    fn to_json(&self) -> Value {
        let (word, words) = match &self.how {
            RunEnd::Ended => ("ended", None),
            RunEnd::Stalled(words) => ("stalled", Some(words)),
            RunEnd::LimitReached => ("limit reached", None),
            RunEnd::Quit => ("quit", None),
        };
        json!({ "end": word, "words": words, "passes": self.passes, "deliveries": self.deliveries })
    }

    fn from_json(line: &Value) -> Result<Self, String> {
        let number =
            |name: &str| line.get(name).and_then(Value::as_u64).ok_or_else(|| format!("\"{name}\" is missing"));
        let words = || line.get("words").and_then(Value::as_str).unwrap_or_default().to_owned();
        let how = match line.get("end").and_then(Value::as_str) {
            Some("ended") => RunEnd::Ended,
            Some("stalled") => RunEnd::Stalled(words()),
            Some("limit reached") => RunEnd::LimitReached,
            Some("quit") => RunEnd::Quit,
            _ => return Err("it does not say how the run ended".to_owned()),
        };
        Ok(Self { passes: number("passes")?, deliveries: number("deliveries")?, how })
    }
}

/// A recording as it was read.
#[derive(Debug)]
pub struct Recording {
    /// What was run.
    pub header: Header,
    /// What entered, in order.
    pub events: Vec<Recorded>,
    /// How it ended; `None` if the recording was cut off.
    pub end: Option<End>,
}

impl Recording {
    /// Reads a recording.
    pub fn open(file: &Path) -> Result<Self, TapeError> {
        Self::read(BufReader::new(File::open(file)?))
    }

    fn read(mut from: impl BufRead) -> Result<Self, TapeError> {
        let mut bytes = Vec::new();
        from.read_until(b'\n', &mut bytes)?;
        let first = parse(&bytes).and_then(|value| Header::from_json(&value));
        let mut recording = Self { header: first.map_err(TapeError::NoRecording)?, events: Vec::new(), end: None };
        for line in 2.. {
            bytes.clear();
            from.read_until(b'\n', &mut bytes)?;
            if bytes.is_empty() {
                break;
            }
            match recording.add(&bytes) {
                Ok(()) => {}
                // The line that was being written when the process was killed.
                Err(_) if bytes.last() != Some(&b'\n') && recording.end.is_none() => break,
                Err(why) => return Err(TapeError::Damaged { line, why }),
            }
        }
        Ok(recording)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), String> {
        let value = parse(bytes)?;
        if self.end.is_some() {
            return Err("there is more after the end".to_owned());
        }
        if value.get("end").is_some() {
            self.end = Some(End::from_json(&value)?);
            return Ok(());
        }
        let recorded = event::from_json(&value)?;
        if self.events.last().is_some_and(|before| before.pass > recorded.pass) {
            return Err("it goes back to an earlier pass, so lines are missing or out of order".to_owned());
        }
        self.events.push(recorded);
        Ok(())
    }

    /// The passes of the recorded run, as far as they are known.
    pub fn passes(&self) -> u64 {
        let last = || self.events.last().map_or(0, |recorded| recorded.pass);
        self.end.as_ref().map_or_else(last, |end| end.passes)
    }
}

fn parse(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))
}

#[cfg(test)]
#[path = "tape_tests.rs"]
mod tests;
