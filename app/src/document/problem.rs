//! Problem: a problem of a project, its location and its remedy.

use std::fmt;

use super::{Document, NodeId, Wire};

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Part of the project cannot run or could not be read.
    Error,
    /// The project runs, but probably not as intended.
    Warning,
    /// Worth knowing, but not a mistake.
    Hint,
}

impl Severity {
    /// The text shown to the user.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// A part of a project: where a problem is, or what to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The project as a whole.
    Project,
    /// A line of the project file.
    File {
        /// Line, from 1.
        line: usize,
        /// The path of keys, for example `components.sender.params`; may be empty.
        keys: String,
    },
    /// A component.
    Node(NodeId),
    /// A link.
    Wire(Wire),
}

impl Place {
    /// Whether the canvas shows it.
    pub const fn is_on_canvas(&self) -> bool {
        match self {
            Self::Project | Self::File { .. } => false,
            Self::Node(_) | Self::Wire(_) => true,
        }
    }
}

/// One problem of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its severity.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do: lower case, no full stop.
    pub remedy: String,
}

impl Problem {
    /// Creates a problem.
    pub fn new(severity: Severity, place: Place, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { severity, place, message: message.into(), remedy: remedy.into() }
    }

    /// Whether part of the project cannot run or could not be read.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Its location as text: `line 12, components.sender`, `server/echo` or `a.outbox -> b.inbox`.
    pub fn place_text(&self, document: &Document) -> String {
        match &self.place {
            Place::Project => "project".to_owned(),
            Place::File { line, keys } if keys.is_empty() => format!("line {line}"),
            Place::File { line, keys } => format!("line {line}, {keys}"),
            Place::Node(id) => document.path_name(*id),
            Place::Wire(wire) => document.wire_name(wire),
        }
    }

    /// The whole problem on one line, as `check` prints it.
    pub fn line(&self, document: &Document) -> String {
        format!("{}: {}: {} ({})", self.severity.name(), self.place_text(document), self.message, self.remedy)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.severity.name(), self.message, self.remedy)
    }
}
