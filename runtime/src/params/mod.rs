//! Params: the checked settings of a component, with errors that a user can act on.
//!
//! Plain data. A `ParamSpec` describes one setting. `Params::check` turns raw values into a complete, valid set or
//! returns every error. An invalid value never reaches a running component.

mod adjust;
mod limits;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::message::Message;

pub use self::limits::grouped;

/// A raw value of a setting. It has the form of a message, and so of JSON.
pub type ParamValue = Message;

/// The values that a setting accepts; this also determines its editor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParamKind {
    /// One line of text.
    Text,
    /// Text of several lines.
    LongText,
    /// On or off.
    Bool,
    /// A whole number between two inclusive bounds.
    Int {
        /// Smallest accepted value.
        min: i64,
        /// Largest accepted value.
        max: i64,
    },
    /// A real number between two inclusive bounds.
    Float {
        /// Smallest accepted value.
        min: f64,
        /// Largest accepted value.
        max: f64,
    },
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// Path of a file to read, relative to the project file. Extensions without dots; empty means any.
    FileToRead(&'static [&'static str]),
    /// Path of a file to write, relative to the project file.
    FileToWrite,
    /// A Rhai expression over `msg`.
    Expression,
    /// The name of a template: a composite of the project from which instances can be made.
    Template,
    /// A list of messages.
    List,
    /// Any message.
    Any,
}

/// The default of a setting, in a form that a `static` can hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DefaultValue {
    /// There is no default: the user must give a value.
    Required,
    /// [`Message::Nothing`].
    Nothing,
    /// A [`Message::Bool`].
    Bool(bool),
    /// A [`Message::Int`].
    Int(i64),
    /// A [`Message::Float`].
    Float(f64),
    /// A [`Message::Text`].
    Text(&'static str),
    /// An empty list.
    EmptyList,
}

impl DefaultValue {
    /// The default as a value; `None` if a value is required.
    pub fn value(self) -> Option<ParamValue> {
        Some(match self {
            Self::Required => return None,
            Self::Nothing => Message::Nothing,
            Self::Bool(value) => Message::Bool(value),
            Self::Int(value) => Message::Int(value),
            Self::Float(value) => Message::Float(value),
            Self::Text(text) => Message::text(text),
            Self::EmptyList => Message::list([]),
        })
    }
}

/// Description of one setting of a component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamSpec {
    /// Its name in the project file.
    pub name: &'static str,
    /// The values that it accepts.
    pub kind: ParamKind,
    /// Its value if none is given.
    pub default: DefaultValue,
    /// Unit shown behind the value, for example `s` or `Hz`; empty if it has none.
    pub unit: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Whether a change takes effect in the running component, without a restart.
    pub live: bool,
    /// Whether the entries of a list name templates (see [`ParamSpec::of_templates`]).
    pub names_templates: bool,
    /// Whether the entries of a list are code (see [`ParamSpec::of_code`]).
    pub has_code_entries: bool,
}

impl ParamSpec {
    /// A setting of any kind.
    pub const fn new(name: &'static str, kind: ParamKind, default: DefaultValue, help: &'static str) -> Self {
        Self { name, kind, default, unit: "", help, live: false, names_templates: false, has_code_entries: false }
    }

    /// One line of text.
    pub const fn text(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, ParamKind::Text, DefaultValue::Text(default), help)
    }

    /// On or off.
    pub const fn switch(name: &'static str, default: bool, help: &'static str) -> Self {
        Self::new(name, ParamKind::Bool, DefaultValue::Bool(default), help)
    }

    /// A whole number, 0 or more.
    pub const fn count(name: &'static str, default: i64, help: &'static str) -> Self {
        Self::new(name, ParamKind::Int { min: 0, max: i64::MAX }, DefaultValue::Int(default), help)
    }

    /// A whole number between two inclusive bounds.
    pub const fn int(name: &'static str, min: i64, max: i64, default: i64, help: &'static str) -> Self {
        Self::new(name, ParamKind::Int { min, max }, DefaultValue::Int(default), help)
    }

    /// A real number between two inclusive bounds.
    pub const fn float(name: &'static str, min: f64, max: f64, default: f64, help: &'static str) -> Self {
        Self::new(name, ParamKind::Float { min, max }, DefaultValue::Float(default), help)
    }

    /// A duration in seconds.
    pub const fn seconds(name: &'static str, default: f64, help: &'static str) -> Self {
        Self::float(name, 0.0, 1.0e9, default, help).unit("s")
    }

    /// One of several strings; the first is the default.
    pub const fn choice(name: &'static str, options: &'static [&'static str], help: &'static str) -> Self {
        Self::new(name, ParamKind::Choice(options), DefaultValue::Text(options[0]), help)
    }

    /// A Rhai expression over `msg`.
    pub const fn expression(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self::new(name, ParamKind::Expression, DefaultValue::Text(default), help)
    }

    /// A list of messages, empty by default.
    pub const fn list(name: &'static str, help: &'static str) -> Self {
        Self::new(name, ParamKind::List, DefaultValue::EmptyList, help)
    }

    /// Checks one value and converts it to the setting's kind: for a real-number setting, a whole number becomes
    /// real.
    ///
    /// # Errors
    /// The value is of the wrong kind or out of bounds.
    pub fn check(&self, value: &ParamValue) -> Result<ParamValue, ParamError> {
        let refuse =
            |expected: String| Err(ParamError::Refused { param: self.name.to_owned(), expected, got: value.label(40) });
        match self.kind {
            ParamKind::Text
            | ParamKind::LongText
            | ParamKind::Expression
            | ParamKind::Template
            | ParamKind::FileToWrite => match value {
                Message::Text(_) => Ok(value.clone()),
                Message::Nothing => Ok(Message::text("")),
                Message::Int(_) | Message::Float(_) | Message::Bool(_) => Ok(Message::text(value.to_string())),
                _ => refuse("text".to_owned()),
            },
            ParamKind::FileToRead(_) => match value {
                Message::Text(_) => Ok(value.clone()),
                Message::Nothing => Ok(Message::text("")),
                _ => refuse("the path of a file".to_owned()),
            },
            ParamKind::Bool => match value {
                Message::Bool(_) => Ok(value.clone()),
                _ => refuse("true or false".to_owned()),
            },
            ParamKind::Int { min, max } => {
                let number = match value {
                    Message::Int(number) => Some(*number),
                    Message::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => Some(*number as i64),
                    _ => None,
                };
                match number {
                    Some(number) if (min..=max).contains(&number) => Ok(Message::Int(number)),
                    _ => refuse(limits::whole(min, max)),
                }
            }
            ParamKind::Float { min, max } => match value.as_number() {
                Some(number) if number.is_finite() && number >= min && number <= max => Ok(Message::Float(number)),
                _ => refuse(limits::real(min, max)),
            },
            ParamKind::Choice(options) => match value.as_text() {
                Some(text) if options.contains(&text) => Ok(value.clone()),
                _ => refuse(format!("one of {}", options.join(", "))),
            },
            ParamKind::List => match value {
                Message::List(_) => Ok(value.clone()),
                _ => refuse("a list".to_owned()),
            },
            ParamKind::Any => Ok(value.clone()),
        }
    }
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// The value is of the wrong kind or outside the bounds.
    #[error("{param} must be {expected}, not {got}")]
    Refused {
        /// Which setting.
        param: String,
        /// The values that the setting accepts.
        expected: String,
        /// The given value, shortened.
        got: String,
    },
    /// A required value is missing.
    #[error("{param} is required: {help}")]
    Missing {
        /// Which setting.
        param: String,
        /// Its line of help.
        help: String,
    },
    /// No setting has this name.
    #[error("there is no setting {param}; the settings are: {known}")]
    Unknown {
        /// The name that was given.
        param: String,
        /// The names of all settings.
        known: String,
    },
    /// The component itself refused its settings; the text gives the reason.
    #[error("{0}")]
    Other(String),
}

/// A complete, checked set of settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    values: BTreeMap<&'static str, ParamValue>,
}

impl Params {
    /// Checks `given` against `specs` and fills in defaults.
    ///
    /// # Errors
    /// All errors, not only the first: refused values, names without a setting, and missing values.
    pub fn check<'a>(
        specs: &[ParamSpec],
        given: impl IntoIterator<Item = (&'a str, &'a ParamValue)>,
    ) -> Result<Self, Vec<ParamError>> {
        let mut values = BTreeMap::new();
        let mut errors = Vec::new();
        for (name, value) in given {
            match specs.iter().find(|spec| spec.name == name) {
                Some(spec) => match spec.check(value) {
                    Ok(value) => {
                        values.insert(spec.name, value);
                    }
                    Err(error) => errors.push(error),
                },
                None => errors.push(ParamError::Unknown {
                    param: name.to_owned(),
                    known: specs.iter().map(|spec| spec.name).collect::<Vec<_>>().join(", "),
                }),
            }
        }
        for spec in specs {
            if values.contains_key(spec.name) {
                continue;
            }
            if let Some(value) = spec.default.value() {
                values.insert(spec.name, value);
            } else if !errors
                .iter()
                .any(|error| matches!(error, ParamError::Refused { param, .. } if param == spec.name))
            {
                errors.push(ParamError::Missing { param: spec.name.to_owned(), help: spec.help.to_owned() });
            }
        }
        if errors.is_empty() { Ok(Self { values }) } else { Err(errors) }
    }

    /// The value of `name`; [`Message::Nothing`] if there is no such setting.
    pub fn get(&self, name: &str) -> ParamValue {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// A text setting; empty if there is none.
    pub fn text(&self, name: &str) -> String {
        self.values.get(name).and_then(|value| value.as_text()).unwrap_or_default().to_owned()
    }

    /// A whole-number setting; 0 if there is none.
    pub fn int(&self, name: &str) -> i64 {
        match self.values.get(name) {
            Some(Message::Int(value)) => *value,
            _ => 0,
        }
    }

    /// A whole-number setting as a size; 0 if there is none or it is negative.
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.int(name)).unwrap_or(0)
    }

    /// A real-number setting; 0 if there is none.
    pub fn float(&self, name: &str) -> f64 {
        self.values.get(name).and_then(Message::as_number).unwrap_or(0.0)
    }

    /// A setting in seconds.
    pub fn seconds(&self, name: &str) -> Duration {
        Duration::try_from_secs_f64(self.float(name)).unwrap_or_default()
    }

    /// A switch; false if there is none.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Message::Bool(true)))
    }

    /// A list setting; empty if there is none.
    pub fn list(&self, name: &str) -> Vec<Message> {
        match self.values.get(name) {
            Some(Message::List(items)) => items.to_vec(),
            _ => Vec::new(),
        }
    }

    /// All settings in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &ParamValue)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SPECS: &[ParamSpec] = &[
        ParamSpec::int("rate", 1, 10, 5, "How often"),
        ParamSpec::choice("mode", &["slow", "fast"], "Which way"),
        ParamSpec::text("name", "", "Who").required(),
    ];

    fn check(given: &[(&str, Message)]) -> Result<Params, Vec<ParamError>> {
        Params::check(SPECS, given.iter().map(|(name, value)| (*name, value)))
    }

    #[test]
    fn defaults_are_filled_in() {
        let params = check(&[("name", "x".into())]).unwrap();
        assert_eq!((params.int("rate"), params.text("mode")), (5, "slow".to_owned()));
    }

    #[test]
    fn every_error_is_reported_with_its_remedy() {
        let errors =
            check(&[("rate", Message::Int(11)), ("mode", "odd".into()), ("colour", Message::Nothing)]).unwrap_err();
        assert_eq!(
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            "rate must be a whole number from 1 to 10, not 11; mode must be one of slow, fast, not \"odd\"; \
             there is no setting colour; the settings are: rate, mode, name; name is required: Who"
        );
    }

    #[test]
    fn a_whole_number_becomes_real_in_a_real_number_setting() {
        let spec = ParamSpec::seconds("delay", 0.0, "Wait");
        assert_eq!(spec.check(&Message::Int(2)), Ok(Message::Float(2.0)));
        assert!(spec.check(&Message::Float(f64::NAN)).is_err());
    }
}
