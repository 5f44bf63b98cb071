//! Meta: name, description and parameters of the project.
//!
//! Settings refer to a parameter as `"${port}"`. On its own the reference keeps the kind of its value; inside other text it
//! becomes text.

use std::collections::BTreeMap;

use compose_runtime::message::Message;
use compose_runtime::params::ParamValue;
use serde::{Deserialize, Serialize};

use super::stored::{self, Stored as _};

pub use compose_runtime::substitute::{left_to_language, resolve};

/// Name, description and parameters of the project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Name, shown in the title bar; may be empty.
    pub name: String,
    /// Description; may be empty.
    pub description: String,
    /// Parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// Unknown keys of the project file, kept for saving.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Meta {
    /// The parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Every parameter with its default value.
    pub fn defaults(&self) -> ParameterValues {
        self.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.default.clone())).collect()
    }
}

/// Values of the project parameters, by name.
pub type ParameterValues = BTreeMap<String, ParamValue>;

/// The kind of value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A real number.
    Float,
    /// Any value that JSON can express.
    Any,
}

impl ParameterKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Text, Self::Bool, Self::Int, Self::Float, Self::Any];

    /// Its name in the project file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Any => "any",
        }
    }

    /// The kind with this name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// The value converted to this kind (an integer becomes a float if needed); `None` if it does not fit.
    pub fn accept(self, value: &ParamValue) -> Option<ParamValue> {
        match (self, value) {
            (Self::Any, value) => Some(value.clone()),
            (Self::Text, Message::Text(_)) | (Self::Bool, Message::Bool(_)) => Some(value.clone()),
            (Self::Int, Message::Int(_)) | (Self::Float, Message::Float(_)) => Some(value.clone()),
            (Self::Float, Message::Int(number)) => Some(Message::Float(*number as f64)),
            _ => None,
        }
    }

    /// Reads a value of this kind from text. A value of kind any is JSON; text that is not JSON stands for itself.
    pub fn read(self, text: &str) -> Option<ParamValue> {
        match self {
            Self::Text => Some(Message::text(text)),
            Self::Bool => text.parse().ok().map(Message::Bool),
            Self::Int => text.parse().ok().map(Message::Int),
            Self::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Message::Float),
            Self::Any => match text.parse() {
                Ok(value) => Message::from_value(&value),
                Err(_) => Some(Message::text(text)),
            },
        }
    }

    /// What a value of this kind is, with its article.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Float => "a number",
            Self::Any => "plain text or valid JSON",
        }
    }
}

/// One parameter of the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name, for example `port` in `"${port}"`.
    pub name: String,
    /// The kind of its value.
    pub kind: ParameterKind,
    /// Default value.
    #[serde(with = "stored")]
    pub default: ParamValue,
    /// One line of help; may be empty.
    pub help: String,
    /// Unknown keys of the project file, kept for saving.
    pub extra: serde_json::Map<String, serde_json::Value>,
}
