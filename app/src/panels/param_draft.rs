//! Drafts: what is typed into the inspector before it is right, and the check that decides whether it may go further.
//!
//! Pure. A wrong value stays here with its reason; it never reaches the document, and so never the running system.

use std::collections::BTreeMap;

use compose_runtime::component::ComponentSpec;
use compose_runtime::message::Message;
use compose_runtime::params::{ParamKind, ParamSpec, ParamValue, Params};

use super::value_text::{read_any, read_list, write_any, write_list};
use crate::document::meta::substitute;
use crate::document::{Document, Node};

/// The text to type for a value of a setting.
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

/// The value that was typed, in words why not otherwise. Text that names a parameter of the project stays text.
pub fn read(spec: &ParamSpec, text: &str) -> Result<ParamValue, String> {
    let trimmed = text.trim();
    if trimmed.contains("${") && spec.kind != ParamKind::List {
        return Ok(Message::text(text));
    }
    match spec.kind {
        ParamKind::Int { .. } => {
            let digits: String = trimmed.chars().filter(|letter| !matches!(letter, '_' | ' ' | '\u{2009}')).collect();
            digits.parse().map(Message::Int).map_err(|_| format!("must be a whole number, not {trimmed:?}"))
        }
        ParamKind::Float { .. } => match trimmed.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Message::Float(number)),
            _ => Err(format!("must be a number, not {trimmed:?}")),
        },
        ParamKind::Bool => trimmed.parse().map(Message::Bool).map_err(|_| "must be true or false".to_owned()),
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

/// Checks one new value of a node: by the description of the setting, then by the component itself with all its other
/// settings. Gives what to store: `None` when it is the default.
pub fn check(
    document: &Document,
    node: &Node,
    component: &ComponentSpec,
    spec: &ParamSpec,
    value: ParamValue,
) -> Result<Option<ParamValue>, String> {
    let defaults = document.meta().defaults();
    let plain = match substitute(&value, &defaults) {
        Ok(plain) => plain,
        // Who makes an instance gives it more values than the project has.
        Err(_) if document.template_of(node.id).is_some() => return Ok(Some(value)),
        Err(error) => return Err(error.to_string()),
    };
    let says = |error: &dyn std::fmt::Display| {
        let words = error.to_string();
        words.strip_prefix(spec.name).map_or(words.clone(), |rest| rest.trim_start().to_owned())
    };
    let checked = spec.check(&plain).map_err(|error| says(&error))?;
    let mut given: BTreeMap<&str, ParamValue> = BTreeMap::new();
    for (name, value) in node.params() {
        // Other settings may be wrong; that is said where they stand, not here.
        let known = component.params.iter().find(|param| param.name == name);
        let right = substitute(value, &defaults).ok().zip(known).filter(|(value, param)| param.check(value).is_ok());
        if let Some((value, _)) = right {
            given.insert(name, value);
        }
    }
    given.insert(spec.name, checked.clone());
    if let Ok(params) = Params::check(component.params, given.iter().map(|(name, value)| (*name, value))) {
        (component.build)(&params).map(drop).map_err(|error| says(&error))?;
    }
    let is_plain = plain == value;
    let is_default = spec.default.value().is_some_and(|default| default == checked);
    Ok(if is_plain { (!is_default).then_some(checked) } else { Some(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use compose_runtime::params::ParamSpec;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let spec = ParamSpec::int("n", 0, 10_000, 1, "");
        assert_eq!(read(&spec, " 1 000 "), Ok(Message::Int(1000)));
        assert!(read(&spec, "many").is_err());
        let spec = ParamSpec::seconds("wait", 1.0, "");
        assert_eq!(read(&spec, "0,5"), Ok(Message::Float(0.5)));
    }

    #[test]
    fn a_parameter_of_the_project_may_stand_for_a_number() {
        let spec = ParamSpec::int("port", 0, 65_535, 1, "");
        assert_eq!(read(&spec, "${port}"), Ok(Message::text("${port}")));
    }

    #[test]
    fn every_value_can_be_typed_again() {
        let cases = [
            (ParamSpec::text("a", "", ""), Message::text("7")),
            (ParamSpec::list("a", ""), Message::list([Message::text("7"), Message::Int(7)])),
            (ParamSpec::seconds("a", 0.0, ""), Message::Float(0.25)),
        ];
        for (spec, value) in cases {
            assert_eq!(read(&spec, &write(&spec, &value)), Ok(value));
        }
    }
}
