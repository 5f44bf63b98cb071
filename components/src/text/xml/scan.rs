//! Scanner: reads the parts of XML markup from left to right, and checks which characters XML allows.
//!
//! Pure. Follows XML 1.0, fifth edition.

/// The unread rest of a text. Each function consumes what it returns, and nothing if it fails.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Skips white space; false if there is none.
    pub(super) fn space(&mut self) -> bool {
        let after = self.rest.trim_start_matches(is_space);
        let has_space = after.len() < self.rest.len();
        self.rest = after;
        has_space
    }

    /// Skips this text; false if it is not next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    /// A name.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|letter| !is_name_char(letter)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at_checked(end)?;
        if !name.starts_with(is_name_start) {
            return None;
        }
        self.rest = after;
        Some(name)
    }

    /// Text in single or double quotes, without the quotes.
    pub(super) fn quoted(&mut self) -> Option<&'a str> {
        let quote = self.rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (text, after) = self.rest.get(1..)?.split_once(quote)?;
        self.rest = after;
        Some(text)
    }

    /// The text before `end`, which is also skipped.
    pub(super) fn until(&mut self, end: &str) -> Option<&'a str> {
        let (text, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(text)
    }

    /// The value in `= "value"`, which may have white space around the equals sign.
    pub(super) fn equals(&mut self) -> Option<&'a str> {
        let before = *self;
        self.space();
        let is_equal = self.take("=");
        self.space();
        let value = if is_equal { self.quoted() } else { None };
        if value.is_none() {
            *self = before;
        }
        value
    }
}

/// An XML declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Declaration<'a> {
    /// The encoding that it names.
    pub encoding: Option<&'a str>,
}

/// Reads the XML declaration, without `<?xml` and `?>`; `None` if it is damaged.
pub(super) fn declaration(text: &str) -> Option<Declaration<'_>> {
    let mut scanner = Scanner::new(text);
    if !scanner.space() || !scanner.take("version") {
        return None;
    }
    let minor = scanner.equals()?.strip_prefix("1.")?;
    if minor.is_empty() || !minor.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut encoding = None;
    let mut spaced = scanner.space();
    if spaced && scanner.take("encoding") {
        let name = scanner.equals()?;
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !name.bytes().all(is_valid) {
            return None;
        }
        encoding = Some(name);
        spaced = scanner.space();
    }
    if spaced && scanner.take("standalone") {
        if !matches!(scanner.equals()?, "yes" | "no") {
            return None;
        }
        scanner.space();
    }
    scanner.is_done().then_some(Declaration { encoding })
}

/// Whether the whole text is a name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_char)
}

/// Whether XML treats this character as white space.
pub(super) fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r')
}

/// Whether a document may contain this character.
pub(super) fn is_allowed(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    }
}

fn is_name_start(letter: char) -> bool {
    matches!(letter,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_char(letter: char) -> bool {
    is_name_start(letter)
        || matches!(letter, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_xml() {
        for name in ["a", "_", "x:y", "é-1.2", "日本"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["", "1a", "-a", ".a", "a b", "a\"", "\u{b7}", "a<"] {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn a_declaration_names_its_encoding() {
        for (text, expected) in [
            (" version='1.0'", Some(None)),
            (" version = \"1.1\" encoding='UTF-8' standalone='no' ", Some(Some("UTF-8"))),
            (" version='1.0' standalone='yes'", Some(None)),
            ("version='1.0'", None),
            (" encoding='UTF-8' version='1.0'", None),
            (" encoding='UTF-8'", None),
            (" version='2.0'", None),
            (" version='1.0'encoding='UTF-8'", None),
            (" version='1.0' encoding='8'", None),
            (" version='1.0' standalone='maybe'", None),
            (" version=1.0", None),
        ] {
            assert_eq!(declaration(text).map(|found| found.encoding), expected, "{text}");
        }
    }
}
