//! Substitute: replaces `"${name}"` in settings with a value of the project, or with a value that a chassis gives to an
//! instance.
//!
//! Pure. If the setting consists only of the name, the value keeps its kind; inside other text it becomes text. `code`
//! replaces names in settings that hold code, where the language has its own `${...}`.

mod code;
mod name;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::name::UnknownParameter;

use self::name::NAME;
use crate::message::Message;
use crate::params::{ParamSpec, ParamValue};

/// The setting with every `${name}` replaced, including inside lists and maps. `$${` stands for a literal `${`.
///
/// # Errors
/// A name has no value.
///
/// # Panics
/// The result is nested deeper than a message can be, as for [`Message::list`].
pub fn substitute(value: &ParamValue, values: &BTreeMap<String, ParamValue>) -> Result<ParamValue, UnknownParameter> {
    match value {
        Message::Text(text) => substitute_text(text, values),
        Message::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| substitute(item, values)).collect();
            Ok(Message::list(items?))
        }
        Message::Map(map) => {
            let map: Result<BTreeMap<_, _>, _> =
                map.iter().map(|(key, item)| Ok((key.clone(), substitute(item, values)?))).collect();
            Ok(Message::map(map?))
        }
        other => Ok(other.clone()),
    }
}

/// Like [`substitute`], for a setting that holds code: between back-ticks, a name without a value is left to the language.
///
/// # Errors
/// A name outside back-ticks has no value.
///
/// # Panics
/// As for [`substitute`].
pub fn substitute_code(
    value: &ParamValue,
    values: &BTreeMap<String, ParamValue>,
) -> Result<ParamValue, UnknownParameter> {
    match value {
        Message::Text(text) if text.contains(NAME) => match only_name(text) {
            Some(_) => substitute_text(text, values),
            None => code::replaced(text, values).map(|code| code.text.into()),
        },
        Message::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| substitute_code(item, values)).collect();
            Ok(Message::list(items?))
        }
        other => Ok(other.clone()),
    }
}

/// The first name that [`substitute_code`] leaves to the language.
pub fn left_to_language(value: &ParamValue, values: &BTreeMap<String, ParamValue>) -> Option<String> {
    match value {
        Message::Text(text) if text.contains(NAME) => code::replaced(text, values).ok()?.left,
        Message::List(items) => items.iter().find_map(|item| left_to_language(item, values)),
        _ => None,
    }
}

impl ParamSpec {
    /// The value of this setting with every `${name}` replaced, as code if the setting holds code.
    ///
    /// # Errors
    /// As for [`substitute`] or [`substitute_code`].
    ///
    /// # Panics
    /// As for [`substitute`].
    pub fn resolve(
        &self,
        value: &ParamValue,
        values: &BTreeMap<String, ParamValue>,
    ) -> Result<ParamValue, UnknownParameter> {
        if self.is_code() { substitute_code(value, values) } else { substitute(value, values) }
    }
}

/// The value of the setting `name` with every `${name}` replaced. A setting that is not in `specs` holds no code.
///
/// # Errors
/// As for [`ParamSpec::resolve`].
///
/// # Panics
/// As for [`substitute`].
pub fn resolve(
    specs: &[ParamSpec],
    name: &str,
    value: &ParamValue,
    values: &BTreeMap<String, ParamValue>,
) -> Result<ParamValue, UnknownParameter> {
    match specs.iter().find(|spec| spec.name == name) {
        Some(spec) => spec.resolve(value, values),
        None => substitute(value, values),
    }
}

/// The name, if the text consists only of `${name}`.
fn only_name(text: &str) -> Option<&str> {
    text.strip_prefix(NAME)?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

fn substitute_text(text: &Arc<str>, values: &BTreeMap<String, ParamValue>) -> Result<ParamValue, UnknownParameter> {
    if !text.contains(NAME) {
        return Ok(Message::Text(text.clone()));
    }
    let look_up = |name: &str| values.get(name).ok_or_else(|| UnknownParameter { name: name.to_owned() });
    if let Some(name) = only_name(text) {
        return look_up(name).cloned();
    }
    let mut done = String::new();
    let mut rest: &str = text;
    while let Some((before, after)) = rest.split_once(NAME) {
        if let Some(literal) = before.strip_suffix('$') {
            done.push_str(literal);
            done.push_str(NAME);
            rest = after;
            continue;
        }
        done.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            done.push_str(NAME);
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
    fn a_parameter_on_its_own_keeps_its_kind() {
        check("${port}", Message::Int(1500));
    }

    #[test]
    fn a_parameter_inside_text_becomes_text() {
        check("${host}:${port}/", "here:1500/");
    }

    #[test]
    fn two_dollar_signs_stand_for_one() {
        check("$${port} ${port}", "${port} 1500");
    }

    #[test]
    fn an_unclosed_name_is_left_unchanged() {
        check("a ${port", "a ${port");
    }

    #[test]
    fn an_unknown_parameter_is_refused() {
        let error = substitute(&Message::list(["${prot}".into()]), &BTreeMap::new()).unwrap_err();
        assert_eq!(error.to_string(), "there is no project parameter prot");
    }
}
