//! Substitute: replaces `"${name}"` in settings with a value of the project, or with a value that a chassis gives to an
//! instance.
//!
//! Pure. If the setting consists only of the name, the value keeps its kind; inside other text it becomes text.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::message::Message;
use crate::params::ParamValue;

/// A setting names a parameter that the project does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no project parameter {name}")]
pub struct UnknownParameter {
    /// The name in the setting.
    pub name: String,
}

/// The setting with every `${name}` replaced, also inside lists and maps. `$${` stands for a literal `${`.
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

fn substitute_text(text: &Arc<str>, values: &BTreeMap<String, ParamValue>) -> Result<ParamValue, UnknownParameter> {
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
