//! Meta: what is said about the project as a whole, and its parameters.
//!
//! A parameter is used in settings as `"${port}"`: alone it keeps its kind, inside other text it becomes text.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::message::Message;
use compose_runtime::params::ParamValue;

/// What is said about the project as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meta {
    /// Its name, shown in the title bar; may be empty.
    pub name: String,
    /// What it does; may be empty.
    pub description: String,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// Keys of the project file that this version does not know; kept for saving.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Meta {
    /// The parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Every parameter with its default.
    pub fn defaults(&self) -> ParameterValues {
        self.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.default.clone())).collect()
    }
}

/// Values of the project's parameters, by name.
pub type ParameterValues = BTreeMap<String, ParamValue>;

/// What kind of value a parameter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A real number.
    Float,
    /// Anything that JSON can say.
    Any,
}

impl ParameterKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Text, Self::Bool, Self::Int, Self::Float, Self::Any];

    /// The word in the project file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Any => "any",
        }
    }

    /// The kind of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The value in this kind (a whole number where a real one is asked becomes real); `None` if it does not fit.
    pub fn accept(self, value: &ParamValue) -> Option<ParamValue> {
        match (self, value) {
            (Self::Any, value) => Some(value.clone()),
            (Self::Text, Message::Text(_)) | (Self::Bool, Message::Bool(_)) => Some(value.clone()),
            (Self::Int, Message::Int(_)) | (Self::Float, Message::Float(_)) => Some(value.clone()),
            (Self::Float, Message::Int(number)) => Some(Message::Float(*number as f64)),
            _ => None,
        }
    }

    /// Reads a value of this kind from a command line.
    pub fn read(self, text: &str) -> Option<ParamValue> {
        match self {
            Self::Text => Some(Message::text(text)),
            Self::Bool => text.parse().ok().map(Message::Bool),
            Self::Int => text.parse().ok().map(Message::Int),
            Self::Float => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Message::Float),
            Self::Any => Some(
                text.parse()
                    .map(Message::Bool)
                    .ok()
                    .or_else(|| text.parse().map(Message::Int).ok())
                    .or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()).map(Message::Float))
                    .unwrap_or_else(|| Message::text(text)),
            ),
        }
    }
}

/// One parameter of the project.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name, as in `"${port}"`.
    pub name: String,
    /// What kind of value it has.
    pub kind: ParameterKind,
    /// Its value when nothing else is said.
    pub default: ParamValue,
    /// One line of help; may be empty.
    pub help: String,
    /// Keys of the project file that this version does not know; kept for saving.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A setting names a parameter that the project does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no project parameter {name}")]
pub struct UnknownParameter {
    /// The name in the setting.
    pub name: String,
}

/// The setting with every `${name}` replaced, in lists and maps too. `$${` stands for `${`.
pub fn substitute(value: &ParamValue, values: &ParameterValues) -> Result<ParamValue, UnknownParameter> {
    match value {
        Message::Text(text) => substitute_text(text, values),
        Message::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| substitute(item, values)).collect();
            Ok(Message::List(Arc::new(items?)))
        }
        Message::Map(map) => {
            let map: Result<BTreeMap<_, _>, _> =
                map.iter().map(|(key, item)| Ok((key.clone(), substitute(item, values)?))).collect();
            Ok(Message::Map(Arc::new(map?)))
        }
        other => Ok(other.clone()),
    }
}

fn substitute_text(text: &Arc<str>, values: &ParameterValues) -> Result<ParamValue, UnknownParameter> {
    if !text.contains("${") {
        return Ok(Message::Text(text.clone()));
    }
    let look_up = |name: &str| values.get(name).ok_or_else(|| UnknownParameter { name: name.to_owned() });
    if let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
        && !name.contains(['{', '}'])
    {
        return look_up(name).cloned();
    }
    let mut done = String::new();
    let mut rest: &str = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(literal) = before.strip_suffix('$') {
            done.push_str(literal);
            done.push_str("${");
            rest = after;
            continue;
        }
        done.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            done.push_str("${");
            rest = after;
            continue;
        };
        done.push_str(&look_up(name)?.to_string());
        rest = after;
    }
    done.push_str(rest);
    Ok(Message::text(done))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(text: &str, expected: impl Into<Message>) {
        let values = BTreeMap::from([("port".to_owned(), Message::Int(1500)), ("host".to_owned(), "here".into())]);
        assert_eq!(substitute(&Message::text(text), &values).unwrap(), expected.into());
    }

    #[test]
    fn a_parameter_alone_keeps_its_kind() {
        check("${port}", Message::Int(1500));
    }

    #[test]
    fn a_parameter_inside_text_becomes_text() {
        check("${host}:${port}/", "here:1500/");
    }

    #[test]
    fn two_dollars_stand_for_one() {
        check("$${port} ${port}", "${port} 1500");
    }

    #[test]
    fn text_without_an_end_stays() {
        check("a ${port", "a ${port");
    }

    #[test]
    fn an_unknown_parameter_is_an_error() {
        let error = substitute(&Message::list(["${prot}".into()]), &BTreeMap::new()).unwrap_err();
        assert_eq!(error.to_string(), "there is no project parameter prot");
    }
}
