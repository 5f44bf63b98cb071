//! Substitution in code: `${name}` in a setting that holds a Rhai expression.
//!
//! Pure. The language has its own `${...}`, inside text between back-ticks. There, a name that is not a parameter stays
//! unchanged. A parameter inside quotes or back-ticks is escaped, so that its value cannot end the text and become code.

use std::collections::BTreeMap;

use super::name::{NAME, UnknownParameter};
use crate::message::Message;
use crate::params::ParamValue;
use crate::script_text::{comment_length, raw_length};

/// The context of the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Code, at the top level or in braces.
    Code,
    /// Text between back-ticks.
    Template,
    /// Text between these quotes.
    Quotes(char),
}

/// A source in which each parameter is replaced with its value.
pub(super) struct Code {
    /// The new source.
    pub(super) text: String,
    /// The first name between back-ticks that is not a parameter, so that it is left to the language.
    pub(super) left: Option<String>,
}

/// Replaces each parameter in `source`.
pub(super) fn replaced(source: &str, values: &BTreeMap<String, ParamValue>) -> Result<Code, UnknownParameter> {
    let mut code = Code { text: String::with_capacity(source.len()), left: None };
    let mut inside = vec![Inside::Code];
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let now = inside.last().copied().unwrap_or(Inside::Code);
        if let Some(after) = rest.strip_prefix("$${") {
            code.text.push_str(NAME);
            if now == Inside::Template {
                inside.push(Inside::Code);
            }
            rest = after;
            continue;
        }
        if let Some((name, after)) = rest.strip_prefix(NAME).and_then(|rest| rest.split_once('}')) {
            match (values.get(name), now) {
                (Some(value), _) => {
                    code.text.push_str(&written(value, now));
                    rest = after;
                    continue;
                }
                (None, Inside::Template) => {
                    code.left.get_or_insert_with(|| name.to_owned());
                }
                (None, Inside::Code | Inside::Quotes(_)) => return Err(UnknownParameter { name: name.to_owned() }),
            }
        }
        let length = match now {
            Inside::Code => in_code(rest, first, &mut inside),
            Inside::Template if rest.starts_with(NAME) => {
                inside.push(Inside::Code);
                NAME.len()
            }
            Inside::Template if first == '`' => {
                inside.pop();
                1
            }
            Inside::Quotes(_) if first == '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            Inside::Quotes(quote) if first == quote => {
                inside.pop();
                1
            }
            Inside::Template | Inside::Quotes(_) => first.len_utf8(),
        };
        let (done, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        code.text.push_str(done);
        rest = after;
    }
    Ok(code)
}

/// The length of the next piece of code, all of which is copied.
fn in_code(rest: &str, first: char, inside: &mut Vec<Inside>) -> usize {
    if let Some(length) = comment_length(rest) {
        return length;
    }
    match first {
        '{' => inside.push(Inside::Code),
        '}' if inside.len() > 1 => drop(inside.pop()),
        '`' => inside.push(Inside::Template),
        '"' | '\'' => inside.push(Inside::Quotes(first)),
        '#' => return raw_length(rest),
        _ => {}
    }
    first.len_utf8()
}

/// A value as it is written into the source.
fn written(value: &Message, inside: Inside) -> String {
    let text = value.to_string();
    match inside {
        Inside::Code => text,
        // Every dollar sign, because the next character may be a brace of the text around it.
        Inside::Template => text.replace('`', "``").replace('$', "${\"$\"}"),
        Inside::Quotes(quote) => {
            let mut escaped = String::with_capacity(text.len());
            for letter in text.chars() {
                match letter {
                    '\\' => escaped.push_str("\\\\"),
                    '\n' => escaped.push_str("\\n"),
                    '\r' => escaped.push_str("\\r"),
                    letter if letter == quote => escaped.extend(['\\', letter]),
                    letter => escaped.push(letter),
                }
            }
            escaped
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<String, ParamValue> {
        [
            ("n", 5.into()),
            ("word", "c\"t".into()),
            ("tick", "`${msg}".into()),
            ("lines", "a\\b\nc".into()),
            ("dollar", "$".into()),
            ("braced", "{n}".into()),
        ]
        .map(|(name, value): (&str, Message)| (name.to_owned(), value))
        .into()
    }

    fn check(source: &str, expected: &str) {
        assert_eq!(replaced(source, &values()).map(|code| code.text), Ok(expected.to_owned()), "{source}");
    }

    #[test]
    fn the_interpolation_of_the_language_is_left_unchanged() {
        for source in ["`hello ${msg}`", "`${state.n}: ${msg}`", "`${if a { `${b}` } else { \"}\" }}` + c", "`${msg"] {
            check(source, source);
        }
        check("`$${n} ${n}`", "`${n} 5`");
        // The dollar sign of one value and the brace of the next do not make an interpolation.
        check("`${dollar}${braced} ${dollar}{n}`", "`${\"$\"}{n} ${\"$\"}{n}`");
        assert_eq!(replaced("`${n} ${msg}`", &values()).unwrap().left, Some("msg".to_owned()));
        assert_eq!(replaced("`${n}`", &values()).unwrap().left, None);
    }

    #[test]
    fn a_parameter_in_code_is_written_as_it_is() {
        check("msg < ${n} && `${msg + ${n}}` != \"\"", "msg < 5 && `${msg + 5}` != \"\"");
        check("let f = \"`\"; ${n}", "let f = \"`\"; 5");
    }

    #[test]
    fn a_parameter_in_text_cannot_become_code() {
        check("msg.contains(\"${word}\")", "msg.contains(\"c\\\"t\")");
        check("'${word}'", "'c\"t'");
        check("\"${lines}\"", "\"a\\\\b\\nc\"");
        check("`${tick}`", "```${\"$\"}{msg}`");
    }

    #[test]
    fn a_name_outside_back_ticks_must_be_a_parameter() {
        for source in ["\"${nothing}\"", "1 + ${nothing}", "`a` + '${nothing}'"] {
            assert_eq!(replaced(source, &values()).err(), Some(UnknownParameter { name: "nothing".to_owned() }));
        }
        check("1 // ${nothing}\n/* ${nothing} */", "1 // ${nothing}\n/* ${nothing} */");
        check("\"$${nothing}\"", "\"${nothing}\"");
    }
}
