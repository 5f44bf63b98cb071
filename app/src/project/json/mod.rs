//! Json: reads the text of a project file into a tree with line numbers, as far as possible.
//!
//! Why not serde_json: it stops at the first mistake, keeps no line numbers and silently lets the last of two equal keys
//! win. A damaged project must open as far as possible, with a list of problems and their lines. A test compares both
//! parsers on valid text. Depth, number of values and number of problems are bounded; hostile text costs one pass.

use compose_runtime::message::Message;
use serde_json::Value;

use super::report::Report;

/// Deepest nesting of lists and maps, the same as in serde_json.
pub const DEEPEST: usize = 127;

/// Largest number of values in a file.
pub const MOST_VALUES: usize = 2_000_000;

/// One value and its first line.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// Line, from 1.
    pub line: usize,
    /// The value.
    pub value: JsonValue,
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// Any other number; finite.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// A map in the order of the file; keys may occur twice.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match &self.value {
            JsonValue::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if the value is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            JsonValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if the value is a number.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            JsonValue::Int(number) => Some(number as f64),
            JsonValue::Float(number) => Some(number),
            _ => None,
        }
    }

    /// The same value without line numbers. The first of equal keys counts.
    pub fn to_value(&self) -> Value {
        match &self.value {
            JsonValue::Null => Value::Null,
            JsonValue::Bool(value) => Value::Bool(*value),
            JsonValue::Int(number) => Value::from(*number),
            JsonValue::Float(number) => Value::from(*number),
            JsonValue::Text(text) => Value::from(text.as_str()),
            JsonValue::List(items) => Value::Array(items.iter().map(Json::to_value).collect()),
            JsonValue::Map(entries) => {
                Value::Object(entries.iter().rev().map(|(key, value)| (key.clone(), value.to_value())).rev().collect())
            }
        }
    }

    /// The same value as a setting. The first of equal keys counts.
    pub fn to_message(&self) -> Message {
        match &self.value {
            JsonValue::Null => Message::Nothing,
            JsonValue::Bool(value) => Message::Bool(*value),
            JsonValue::Int(number) => Message::Int(*number),
            JsonValue::Float(number) => Message::Float(*number),
            JsonValue::Text(text) => Message::text(text),
            JsonValue::List(items) => Message::list(items.iter().map(Json::to_message)),
            JsonValue::Map(entries) => {
                Message::map(entries.iter().rev().map(|(key, value)| (key.clone(), value.to_message())))
            }
        }
    }

    /// A short description on one line, for messages.
    pub fn summary(&self) -> String {
        match &self.value {
            JsonValue::List(_) => "a list".to_owned(),
            JsonValue::Map(_) => "a map".to_owned(),
            JsonValue::Null => "null".to_owned(),
            _ => self.to_message().label(40),
        }
    }
}

/// Reads a text as far as possible; `None` if there is no value at all.
pub fn read(text: &str, report: &mut Report) -> Option<Json> {
    let mut reader = Reader { text, at: 0, line: 1, depth: 0, values: 0, has_stopped: false, report };
    reader.skip_space();
    if reader.peek().is_none() {
        reader.report.file_error(1, "", "the file is empty", "open another file, or restore this one from a copy");
        return None;
    }
    let root = reader.value();
    reader.skip_space();
    if !reader.has_stopped && reader.peek().is_some() {
        reader.stop("there is more text after the end of the project", "remove the text after the last brace");
    }
    root
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    depth: usize,
    values: usize,
    has_stopped: bool,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
    }

    fn take(&mut self, expected: u8) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    fn stop(&mut self, message: &str, remedy: &str) {
        if !self.has_stopped {
            self.has_stopped = true;
            self.report.file_error(self.line, "", message, remedy);
        }
    }

    fn stop_at(&mut self, expected: &str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let message = match rest.chars().next() {
            None => format!("unexpected end of file; expected {expected}"),
            Some(found) => format!("expected {expected}, found {found:?}"),
        };
        self.stop(&message, "correct the text there; the rest of the file was not read");
    }

    /// The next value; `None` if it could not be read or was left out.
    fn value(&mut self) -> Option<Json> {
        self.values += 1;
        if self.values > MOST_VALUES {
            self.stop("the file holds too many values", "split the project, or move its data into a separate file");
            return None;
        }
        let line = self.line;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::map)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => JsonValue::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Some(Json { line, value })
    }

    fn nested(&mut self, read: fn(&mut Self) -> JsonValue) -> Option<JsonValue> {
        if self.depth == DEEPEST {
            self.stop(&format!("lists and maps are nested more than {DEEPEST} deep"), "nest them less deeply");
            return None;
        }
        self.at += 1;
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        Some(value)
    }

    fn list(&mut self) -> JsonValue {
        let mut items = Vec::new();
        self.entries(b']', "a value, or the end of the list,", |reader| {
            items.extend(reader.value());
        });
        JsonValue::List(items)
    }

    fn map(&mut self) -> JsonValue {
        let mut entries = Vec::new();
        self.entries(b'}', "a name in quotes, or the end of the map,", |reader| {
            if reader.peek() != Some(b'"') {
                reader.stop_at("a name in quotes");
                return;
            }
            let Some(key) = reader.string() else { return };
            reader.skip_space();
            if !reader.take(b':') {
                reader.stop_at("a colon");
                return;
            }
            reader.skip_space();
            entries.extend(reader.value().map(|value| (key, value)));
        });
        JsonValue::Map(entries)
    }

    /// Entries with commas between them, up to `end`.
    fn entries(&mut self, end: u8, expected: &str, mut entry: impl FnMut(&mut Self)) {
        self.skip_space();
        if self.take(end) {
            return;
        }
        loop {
            if self.peek().is_none() {
                self.stop_at(expected);
            } else {
                entry(self);
            }
            self.skip_space();
            if self.has_stopped || self.take(end) {
                return;
            }
            if !self.take(b',') {
                self.stop_at("a comma or the end of the list or map");
                return;
            }
            self.skip_space();
        }
    }

    fn word(&mut self) -> Option<JsonValue> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let known = [("null", JsonValue::Null), ("true", JsonValue::Bool(true)), ("false", JsonValue::Bool(false))];
        for (word, value) in known {
            if rest.starts_with(word) {
                self.at += word.len();
                return Some(value);
            }
        }
        self.stop_at("a value");
        None
    }

    fn number(&mut self) -> Option<JsonValue> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        // Rust accepts more than JSON allows, for example `1.` and `01`.
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = digits.find(['.', 'e', 'E']).map_or(digits, |end| digits.get(..end).unwrap_or_default());
        let fraction = digits.split_once('.').map(|(_, rest)| rest);
        let is_well_formed = !whole.is_empty()
            && whole.bytes().all(|byte| byte.is_ascii_digit())
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(|fraction| fraction.starts_with(|c: char| c.is_ascii_digit()));
        let number = text.parse::<f64>().ok().filter(|_| is_well_formed);
        let Some(number) = number else {
            self.stop(
                &format!("{:?} is not a number", text.chars().take(40).collect::<String>()),
                "correct the number",
            );
            return None;
        };
        self.at += length;
        if let Ok(number) = text.parse::<i64>() {
            return Some(JsonValue::Int(number));
        }
        if number.is_finite() {
            return Some(JsonValue::Float(number));
        }
        let message = format!("the number {} is too large", text.chars().take(40).collect::<String>());
        self.report.file_error(self.line, "", &message, "write a smaller number; it was ignored");
        None
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(end) = rest.find(|c: char| matches!(c, '"' | '\\') || c.is_ascii_control() && c < ' ') else {
                self.at = self.text.len();
                self.stop_at("a closing quote");
                return None;
            };
            text.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Some(text);
                }
                Some(b'\\') => {
                    let character = self.escape()?;
                    text.push(character);
                }
                _ => {
                    self.stop("text in quotes contains a line break", "close the quotes, or write \\n");
                    return None;
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let kind = self.text.as_bytes().get(self.at + 1).copied();
        self.at += 2;
        let character = match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                self.stop("this is not a valid escape sequence", "write two backslashes to get one");
                return None;
            }
        };
        Some(character)
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.hex();
        let code = match first {
            Some(high @ 0xD800..=0xDBFF) if self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) => {
                self.at += 2;
                let low = self.hex().filter(|low| (0xDC00..=0xDFFF).contains(low));
                low.map(|low| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            }
            other => other,
        };
        let character = code.and_then(char::from_u32);
        if character.is_none() {
            self.stop("the escape sequence \\u does not name a character", "write the character itself");
        }
        character
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}

#[cfg(test)]
mod tests;
