//! Why a recording cannot be replayed, and what is wrong with one of its lines.

use std::io;

use compose_runtime::params::grouped;

use super::value::MessageError;
use super::version::FORMAT;

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The file cannot be read.
    #[error("cannot read the recording; check the file name and its permissions")]
    Io(#[from] io::Error),
    /// The first line is not the header of a recording.
    #[error("line 1: this is not a recording ({0}); make one with kamaelia-compose run PROJECT --record FILE")]
    NotARecording(LineError),
    /// A later line is damaged.
    #[error("line {line}: {error}; restore the recording from a copy, or replay the lines before it: head -n {}", line - 1)]
    Damaged {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        error: LineError,
    },
    /// The recording belongs to another project.
    #[error(
        "the recording was made with {recorded}, but this is {found}; replay it with the project as it was then, or record again"
    )]
    OtherProject {
        /// The project of the recording.
        recorded: String,
        /// The project to replay it with.
        found: String,
    },
}

/// What is wrong with one line of a recording.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The line is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// A key is missing.
    #[error("\"{0}\" is missing")]
    Missing(String),
    /// A key has a value of another type.
    #[error("\"{key}\" is not {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// The expected type, with its article.
        expected: &'static str,
    },
    /// A key has a value that is not in its list.
    #[error("\"{key}\" has the unknown value {found:?}")]
    UnknownValue {
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
    },
    /// A message cannot be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The header names another format.
    #[error("its format is {0}, not {FORMAT}")]
    OtherFormat(String),
    /// None of the keys names an event.
    #[error("it names no event")]
    NoEvent,
    /// The line follows the one that states how the run ended.
    #[error("the recording ends before this line")]
    AfterEnd,
    /// The line belongs to an earlier pass than the one before it.
    #[error("it goes back to an earlier pass, so lines are missing or out of order")]
    EarlierPass,
    /// The clock is earlier than on a previous line.
    #[error("\"clock\" goes backwards, so lines are missing or out of order")]
    EarlierClock,
    /// A number is outside its limits.
    #[error("\"{key}\" must be from {min} to {}", grouped(&max.to_string()))]
    Impossible {
        /// The key.
        key: &'static str,
        /// Its smallest value.
        min: u64,
        /// Its largest value.
        max: u64,
    },
}
