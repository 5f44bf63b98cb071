//! MimeDict: converts a record of keys and values to mail-style text with a body, and back.
//!
//! Pure functions. The text consists of `Key: value` lines, an empty line and the body (key `__BODY__`). Lines end in
//! CR LF. A key that occurs several times has a list as its value. A line that starts with white space continues the
//! previous line. A record without keys is a body, which may have an empty line before it, as the original writes it;
//! text in neither form is also read as a body. Invariant: reading a written text gives the same record, and writing
//! that record gives the same text. As in the original, a list of one item is read back as that item.

use std::collections::BTreeMap;

use compose_runtime::dev::*;

use super::error::CodecError;

/// The key of the body.
pub(crate) const BODY: &str = "__BODY__";

/// The record as text, or the reason why it cannot be written.
pub(crate) fn write(message: &Message) -> Result<String, CodecError> {
    let Message::Map(map) = message else {
        return Err(CodecError::NotARecord(message.kind().name()));
    };
    let mut text = String::new();
    for (key, value) in map.iter().filter(|(key, _)| *key != BODY) {
        if !is_key(key) {
            return Err(CodecError::InvalidKey(key.clone()));
        }
        match value {
            Message::List(items) if items.is_empty() => return Err(CodecError::EmptyList(key.clone())),
            Message::List(items) => items.iter().try_for_each(|item| line(&mut text, key, item))?,
            other => line(&mut text, key, other)?,
        }
    }
    let body = match map.get(BODY) {
        Some(Message::Text(body)) => &**body,
        None => "",
        Some(other) => return Err(CodecError::InvalidBody(other.kind().name())),
    };
    // Without keys, the text is only the body, unless it would be read differently.
    if text.is_empty() && split(body) == (Vec::new(), body) {
        return Ok(body.to_owned());
    }
    Ok(format!("{text}\r\n{body}"))
}

/// The text as a record. Every text can be read.
pub(crate) fn read(text: &str) -> Message {
    let (fields, body) = split(text);
    let mut map: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    for (key, value) in fields {
        let value = Message::from(value);
        match map.get_mut(&key) {
            None => {
                map.insert(key, vec![value]);
            }
            Some(values) => values.push(value),
        }
    }
    let of_values = |mut values: Vec<Message>| match values.pop() {
        Some(only) if values.is_empty() => only,
        last => Message::list(values.into_iter().chain(last)),
    };
    let fields = map.into_iter().map(|(key, values)| (key, of_values(values)));
    Message::map(fields.chain([(BODY.to_owned(), body.into())]))
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') && key != BODY
}

/// One `Key: value` line; newlines in the value become continuation lines.
fn line(text: &mut String, key: &str, value: &Message) -> Result<(), CodecError> {
    let value = match value {
        Message::Text(value) => value.to_string(),
        Message::Int(_) | Message::Float(_) | Message::Bool(_) => value.to_string(),
        other => {
            return Err(CodecError::InvalidValue { key: key.to_owned(), kind: other.kind().name() });
        }
    };
    if value.contains('\r') {
        return Err(CodecError::CarriageReturn(key.to_owned()));
    }
    text.push_str(key);
    text.push_str(": ");
    text.push_str(&value.replace('\n', "\r\n "));
    text.push_str("\r\n");
    Ok(())
}

/// The keys with their values, and the body. Without keys, an empty line at the start is not part of the body.
fn split(text: &str) -> (Vec<(String, String)>, &str) {
    match head_of(text) {
        Some((fields, body)) if !fields.is_empty() => (fields, body),
        _ => (Vec::new(), text.strip_prefix("\r\n").unwrap_or(text)),
    }
}

/// The keys with their values, and the text after the empty line; `None` if the text does not start with such a head.
fn head_of(text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = text;
    loop {
        let (line, after) = match rest.find('\n') {
            Some(end) => (rest.get(..end)?, rest.get(end + 1..)?),
            None => return None,
        };
        let line = crate::text::without_line_end(line);
        rest = after;
        if line.is_empty() {
            return Some((fields, rest));
        }
        if let Some(more) = line.strip_prefix([' ', '\t']) {
            let (_, value) = fields.last_mut()?;
            value.push('\n');
            value.push_str(more);
            continue;
        }
        let (key, value) = line.split_once(':')?;
        if !is_key(key) {
            return None;
        }
        fields.push((key.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record(pairs: &[(&str, Message)]) -> Message {
        Message::map(pairs.iter().cloned())
    }

    #[test]
    fn records_survive_the_round_trip_through_text() {
        let twice = Message::list(["one".into(), "two".into()]);
        for message in [
            record(&[("Subject", "hello".into()), (BODY, "a\n\nb".into())]),
            record(&[("Empty", "".into()), ("Twice", twice), (BODY, "".into())]),
            record(&[("Folded", "first\nsecond\n third".into()), (BODY, "x: y\r\n\r\n".into())]),
            record(&[(BODY, "no keys at all".into())]),
            record(&[(BODY, "Key: looks like one\r\n\r\nbut is body".into())]),
            record(&[(BODY, "\r\nbegins with an empty line".into())]),
            record(&[("Spaces", "  kept  ".into()), (BODY, "".into())]),
        ] {
            let text = write(&message).unwrap();
            assert_eq!(read(&text), message, "{text:?}");
            assert_eq!(write(&read(&text)).unwrap(), text);
        }
    }

    #[test]
    fn any_text_survives_the_round_trip_through_a_record() {
        for text in
            ["", "\n", "plain", "a: b", "a: b\r\n", ": x\r\n\r\n", "\n\na: b\n\nc", " a: b\r\n\r\n", "a b: c\r\n\r\nd"]
        {
            assert_eq!(write(&read(text)).unwrap().replace('\r', ""), normal(text), "{text:?}");
        }
    }

    /// Removes carriage returns, because keys are always written with CR LF.
    fn normal(text: &str) -> String {
        text.replace('\r', "")
    }

    #[test]
    fn invalid_records_are_rejected_with_a_reason() {
        assert!(write(&"text".into()).unwrap_err().to_string().contains("a record must be a map"));
        assert!(write(&record(&[("a b", "x".into())])).unwrap_err().to_string().contains("is not a valid key"));
        assert!(write(&record(&[("a", "x\ry".into())])).unwrap_err().to_string().contains("carriage return"));
        assert!(write(&record(&[("a", Message::list([]))])).unwrap_err().to_string().contains("is empty"));
        let nested = Message::list([Message::list(["x".into()])]);
        assert!(write(&record(&[("a", nested)])).unwrap_err().to_string().contains("or a list of these, not list"));
    }

    #[test]
    fn records_of_the_original_are_read_and_its_texts_written() {
        // Written by the original's MimeDict: without keys, and with a list of one item.
        for (recorded, expected) in [
            ("\r\nhello", record(&[(BODY, "hello".into())])),
            ("\r\n", record(&[(BODY, "".into())])),
            ("\r\n\r\ntwo lines", record(&[(BODY, "\r\ntwo lines".into())])),
            ("\r\nA: b\r\n\r\nc", record(&[(BODY, "A: b\r\n\r\nc".into())])),
            ("To: Ada\r\n\r\n", record(&[("To", "Ada".into()), (BODY, "".into())])),
        ] {
            assert_eq!(read(recorded), expected, "{recorded:?}");
        }
        let one = record(&[("To", Message::list(["Ada".into()])), (BODY, "".into())]);
        assert_eq!(write(&one).unwrap(), "To: Ada\r\n\r\n");
    }
}
