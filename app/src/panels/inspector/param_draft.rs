//! Drafts: text typed into the inspector for a setting, and the check that decides whether it becomes an edit.
//!
//! Pure. An invalid value never reaches the document, and therefore never the running system.

use std::collections::BTreeMap;

use compose_runtime::component::{ComponentSpec, CreateError, Fault};
use compose_runtime::message::Message;
use compose_runtime::params::{ParamError, ParamKind, ParamSpec, ParamValue, Params};
use compose_runtime::substitute::UnknownParameter;

use crate::document::meta::left_to_language;
use crate::document::{Document, Node};
use crate::panels::value_text::{read_any, read_list, write_any, write_list};

/// Why the text typed for a setting is invalid. The message follows the name of the setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The text is not a whole number.
    #[error("must be a whole number, not {0:?}")]
    NotWholeNumber(String),
    /// The text is not a finite number.
    #[error("must be a number, not {0:?}")]
    NotNumber(String),
    /// The text is neither `true` nor `false`.
    #[error("must be true or false")]
    NotBool,
    /// The text refers to a project parameter that does not exist.
    #[error("{0}; add it to the project, or write $${{ for the characters ${{")]
    UnknownParameter(#[from] UnknownParameter),
    /// The setting or the component refuses the value.
    #[error("{}", without_prefix(.error, .setting))]
    Refused {
        /// The name of the setting.
        setting: &'static str,
        /// The reason.
        error: ParamError,
    },
    /// The component panicked.
    #[error("makes the component panic when it is created: {fault}")]
    Panicked {
        /// The panic.
        fault: Fault,
    },
}

/// The text of the error, without the name of the setting at its start.
fn without_prefix(error: &ParamError, setting: &str) -> String {
    let text = error.to_string();
    text.strip_prefix(setting).map_or(text.clone(), |rest| rest.trim_start().to_owned())
}

/// The text to type to get this value of a setting.
pub fn write(spec: &ParamSpec, value: &ParamValue) -> String {
    match (spec.kind, value) {
        (ParamKind::List, Message::List(_)) => write_list(value),
        (ParamKind::List | ParamKind::Any, Message::Text(text)) if text.contains("${") => text.to_string(),
        (ParamKind::Any | ParamKind::List, value) => write_any(value),
        (_, Message::Nothing) => String::new(),
        (_, value @ (Message::List(_) | Message::Map(_))) => write_any(value),
        (_, value) => value.to_string(),
    }
}

/// Parses the text typed for a setting. Text that refers to a project parameter stays text.
pub fn read(spec: &ParamSpec, text: &str) -> Result<ParamValue, DraftError> {
    let trimmed = text.trim();
    if trimmed.contains("${") && spec.kind != ParamKind::List {
        return Ok(Message::text(text));
    }
    match spec.kind {
        ParamKind::Int { .. } => {
            let digits: String = trimmed.chars().filter(|letter| !matches!(letter, '_' | ' ' | '\u{2009}')).collect();
            digits.parse().map(Message::Int).map_err(|_| DraftError::NotWholeNumber(trimmed.to_owned()))
        }
        ParamKind::Float { .. } => match trimmed.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Message::Float(number)),
            _ => Err(DraftError::NotNumber(trimmed.to_owned())),
        },
        ParamKind::Bool => trimmed.parse().map(Message::Bool).map_err(|_| DraftError::NotBool),
        ParamKind::List => Ok(read_list(text)),
        ParamKind::Any => Ok(read_any(text)),
        ParamKind::Text
        | ParamKind::LongText
        | ParamKind::Choice(_)
        | ParamKind::FileToRead(_)
        | ParamKind::FileToWrite
        | ParamKind::Template
        | ParamKind::Expression => Ok(Message::text(text)),
    }
}

/// Checks a new value of a setting, first against the description of the setting, then by building the component with
/// all its settings. Returns the value to store; `None` if it is the default.
pub fn check(
    document: &Document,
    node: &Node,
    component: &ComponentSpec,
    spec: &ParamSpec,
    value: ParamValue,
) -> Result<Option<ParamValue>, DraftError> {
    let defaults = document.meta().defaults();
    let is_in_template = document.template_of(node.id).is_some();
    if is_in_template && spec.is_code() && left_to_language(&value, &defaults).is_some() {
        return Ok(Some(value));
    }
    let plain = match spec.resolve(&value, &defaults) {
        Ok(plain) => plain,
        // Instances of a template get additional values.
        Err(_) if is_in_template => return Ok(Some(value)),
        Err(error) => return Err(error.into()),
    };
    let refused = |error: ParamError| DraftError::Refused { setting: spec.name, error };
    let checked = spec.check(&plain).map_err(refused)?;
    let mut given: BTreeMap<&str, ParamValue> = BTreeMap::new();
    for (name, value) in node.params() {
        // Errors in other settings are shown at those settings.
        let known = component.params.iter().find(|param| param.name == name);
        let valid = known.and_then(|param| param.check(&param.resolve(value, &defaults).ok()?).ok());
        if let Some(value) = valid {
            given.insert(name, value);
        }
    }
    given.insert(spec.name, checked.clone());
    if let Ok(params) = Params::check(component.params, given.iter().map(|(name, value)| (*name, value))) {
        match component.create(&params) {
            Ok(_) => {}
            Err(CreateError::Refused(error)) => return Err(refused(error)),
            Err(CreateError::Panicked(fault)) => return Err(DraftError::Panicked { fault }),
        }
    }
    let is_plain = plain == value;
    let is_default = spec.default.value().is_some_and(|default| default == checked);
    Ok(if is_plain { (!is_default).then_some(checked) } else { Some(value) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use compose_runtime::params::ParamSpec;

    #[test]
    fn numbers_may_contain_spaces_and_a_decimal_comma() {
        let spec = ParamSpec::int("n", 0, 10_000, 1, "");
        assert_eq!(read(&spec, " 1 000 "), Ok(Message::Int(1000)));
        assert!(read(&spec, "many").is_err());
        let spec = ParamSpec::seconds("wait", 1.0, "");
        assert_eq!(read(&spec, "0,5"), Ok(Message::Float(0.5)));
    }

    #[test]
    fn a_project_parameter_may_replace_a_number() {
        let spec = ParamSpec::int("port", 0, 65_535, 1, "");
        assert_eq!(read(&spec, "${port}"), Ok(Message::text("${port}")));
    }

    #[test]
    fn code_may_use_the_interpolation_of_its_language() {
        static SPECS: [ParamSpec; 2] = [ParamSpec::expression("function", "msg", ""), ParamSpec::text("name", "", "")];
        static CODE: ComponentSpec = ComponentSpec {
            params: &SPECS,
            build: |params| Err(ParamError::Other(format!("built with {}", params.text("function")))),
            ..ComponentSpec::EMPTY
        };
        let mut document = Document::new();
        let node = Node::leaf(document.fresh_id(), "a", "Code");
        let draft =
            |spec, text: &str| check(&document, &node, &CODE, spec, text.into()).map_err(|error| error.to_string());
        let code = "`hello ${msg}`";
        assert_eq!(draft(&SPECS[0], code), Err(format!("built with {code}")));
        let error = "there is no project parameter msg; add it to the project, or write $${ for the characters ${";
        assert_eq!(draft(&SPECS[1], code), Err(error.to_owned()));
    }

    #[test]
    fn the_text_of_a_value_reads_back_as_the_same_value() {
        let cases = [
            (ParamSpec::text("a", "", ""), Message::text("7")),
            (ParamSpec::list("a", ""), Message::list([Message::text("7"), Message::Int(7)])),
            (ParamSpec::seconds("a", 0.0, ""), Message::Float(0.25)),
        ];
        for (spec, value) in cases {
            assert_eq!(read(&spec, &write(&spec, &value)), Ok(value));
        }
    }

    #[test]
    fn a_component_that_panics_with_a_value_refuses_it() {
        static SPECS: [ParamSpec; 1] = [ParamSpec::int("n", 0, 9, 1, "")];
        static BOMB: ComponentSpec = ComponentSpec {
            type_name: "Bomb",
            params: &SPECS,
            build: |params| panic!("no {}", params.int("n")),
            ..ComponentSpec::EMPTY
        };
        let mut document = Document::new();
        let id = document.fresh_id();
        document.apply(crate::document::EditCommand::AddNode { node: Node::leaf(id, "a", "Bomb") }).unwrap();
        let node = document.node(id).unwrap();
        let error = check(&document, node, &BOMB, &SPECS[0], Message::Int(7)).unwrap_err();
        assert_eq!(error.to_string(), "makes the component panic when it is created: no 7");
    }
}
