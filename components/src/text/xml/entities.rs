//! Entities: the declarations in a document type, and the replacements for references.
//!
//! Pure. Only the internal subset is read. External entities are never read, and the expansion is bounded, so that a small
//! document cannot fill the memory.

use std::collections::BTreeMap;

use super::error::{LARGEST_EXPANSION, XmlError};
use super::scan::{Scanner, is_allowed, is_name, is_space};

/// How deeply entities may be nested.
const DEEPEST: usize = 32;

/// A declared entity.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entity {
    /// Its replacement text.
    Internal(String),
    External,
}

/// The entities of a document.
#[derive(Debug, Default)]
pub(super) struct Entities {
    declared: BTreeMap<String, Entity>,
    /// The document type refers to declarations outside the document.
    has_external_subset: bool,
    /// The entities that are being expanded, outermost first.
    open: Vec<String>,
    expanded: usize,
}

impl Entities {
    /// Reads a document type, without `<!DOCTYPE` and `>`.
    pub(super) fn read(&mut self, doctype: &str) -> Result<(), XmlError> {
        let mut scanner = Scanner::new(doctype);
        if !scanner.space() || scanner.name().is_none() {
            return Err(XmlError::DocType("it has no name"));
        }
        let spaced = scanner.space();
        if external_id(&mut scanner)? {
            if !spaced {
                return Err(XmlError::DocType("white space is missing before the external identifier"));
            }
            self.has_external_subset = true;
            scanner.space();
        }
        if scanner.take("[") {
            self.subset(&mut scanner)?;
            scanner.space();
        }
        if scanner.is_done() { Ok(()) } else { Err(XmlError::DocType("it does not end after its declarations")) }
    }

    /// Reads the declarations up to the closing bracket.
    fn subset(&mut self, scanner: &mut Scanner<'_>) -> Result<(), XmlError> {
        loop {
            scanner.space();
            if scanner.take("]") {
                return Ok(());
            } else if scanner.take("<!--") {
                let comment = scanner.until("--").ok_or(XmlError::DocType("a comment is not closed"))?;
                if !scanner.take(">") {
                    return Err(XmlError::DocType(if comment.is_empty() {
                        "a comment is damaged"
                    } else {
                        "a comment contains --"
                    }));
                }
            } else if scanner.take("<?") {
                instruction(scanner.until("?>").unwrap_or_default())?;
            } else if scanner.take("<!ENTITY") {
                self.entity(scanner)?;
            } else if scanner.take("<!ELEMENT") || scanner.take("<!ATTLIST") || scanner.take("<!NOTATION") {
                skip_declaration(scanner)?;
            } else if scanner.take("%") {
                return Err(XmlError::ParameterEntity);
            } else {
                return Err(XmlError::DocType("it contains something that is not a declaration"));
            }
        }
    }

    fn entity(&mut self, scanner: &mut Scanner<'_>) -> Result<(), XmlError> {
        const DAMAGED: XmlError = XmlError::DocType("the declaration of an entity is damaged");
        let mut spaced = scanner.space();
        let is_parameter = spaced && scanner.take("%");
        spaced = if is_parameter { scanner.space() } else { spaced };
        let name = scanner.name().filter(|_| spaced).ok_or(DAMAGED)?;
        if !scanner.space() {
            return Err(DAMAGED);
        }
        let entity = match scanner.quoted() {
            Some(literal) => Entity::Internal(replacement(literal)?),
            None if external_id(scanner)? => {
                if scanner.space() && !is_parameter && scanner.take("NDATA") {
                    let is_notation = scanner.space() && scanner.name().is_some();
                    if !is_notation {
                        return Err(DAMAGED);
                    }
                }
                Entity::External
            }
            None => return Err(DAMAGED),
        };
        scanner.space();
        if !scanner.take(">") {
            return Err(DAMAGED);
        }
        if !is_parameter {
            // The first declaration counts.
            self.declared.entry(name.to_owned()).or_insert(entity);
        }
        Ok(())
    }

    /// Begins to expand an entity and returns its replacement text. The caller then calls [`Entities::close`].
    pub(super) fn open(&mut self, name: &str) -> Result<String, XmlError> {
        let text = match self.declared.get(name) {
            Some(Entity::Internal(text)) => text.clone(),
            Some(Entity::External) => return Err(XmlError::External(name.to_owned())),
            None if self.has_external_subset => return Err(XmlError::External(name.to_owned())),
            None => return Err(XmlError::Undeclared(name.to_owned())),
        };
        if self.open.iter().any(|open| open == name) {
            return Err(XmlError::Recursive(name.to_owned()));
        }
        // Even an empty entity counts, so that the number of entities is also bounded.
        self.expanded += text.len() + 1;
        if self.expanded > LARGEST_EXPANSION || self.open.len() >= DEEPEST {
            return Err(XmlError::LargeExpansion);
        }
        self.open.push(name.to_owned());
        Ok(text)
    }

    /// Ends the expansion of the last opened entity.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    /// The value of an attribute: references are expanded, and white space becomes spaces.
    pub(super) fn attribute_value(&mut self, raw: &str) -> Result<String, XmlError> {
        let mut value = String::with_capacity(raw.len());
        self.expand_value(raw, &mut value)?;
        Ok(value)
    }

    fn expand_value(&mut self, raw: &str, value: &mut String) -> Result<(), XmlError> {
        let mut rest = raw;
        while let Some(at) = rest.find(['&', '<']) {
            let (text, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            value.extend(text.chars().map(as_space));
            let Some(after) = after.strip_prefix('&') else { return Err(XmlError::LessThan) };
            let (name, after) = reference(after)?;
            rest = after;
            match character(name)? {
                Some(letter) => value.push(letter),
                None => {
                    let text = self.open(name)?;
                    self.expand_value(&text, value)?;
                    self.close();
                }
            }
        }
        value.extend(rest.chars().map(as_space));
        Ok(())
    }
}

/// The character that a reference stands for, if the reference is numeric or one of the five predefined names.
pub(super) fn character(reference: &str) -> Result<Option<char>, XmlError> {
    let Some(number) = reference.strip_prefix('#') else {
        return Ok(match reference {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            name if is_name(name) => None,
            other => return Err(XmlError::Name(other.to_owned())),
        });
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // Reject signs, which `from_str_radix` accepts.
    let number =
        if digits.chars().all(|digit| digit.is_digit(radix)) { u32::from_str_radix(digits, radix).ok() } else { None };
    let letter = number.and_then(char::from_u32).filter(|letter| is_allowed(*letter));
    letter.map(Some).ok_or_else(|| XmlError::CharacterReference(reference.to_owned()))
}

/// Checks a processing instruction, without `<?` and `?>`.
pub(super) fn instruction(text: &str) -> Result<(), XmlError> {
    let mut scanner = Scanner::new(text);
    match scanner.name() {
        Some(target) if !target.eq_ignore_ascii_case("xml") && (scanner.is_done() || scanner.space()) => Ok(()),
        _ => Err(XmlError::Target(text.split(is_space).next().unwrap_or_default().to_owned())),
    }
}

/// The name of a reference and the text after it, from the text after `&`.
fn reference(text: &str) -> Result<(&str, &str), XmlError> {
    text.split_once(';').ok_or_else(|| XmlError::Name(text.chars().take(20).collect()))
}

/// The replacement text of an entity: numeric references are replaced, other references stay.
fn replacement(literal: &str) -> Result<String, XmlError> {
    if literal.contains('%') {
        return Err(XmlError::ParameterEntity);
    }
    let (mut text, mut rest) = (String::with_capacity(literal.len()), literal);
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (name, after) = reference(after)?;
        match character(name)? {
            Some(letter) if name.starts_with('#') => text.push(letter),
            _ => text.extend(["&", name, ";"]),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// Skips `SYSTEM "…"` or `PUBLIC "…" "…"`; false if neither is next.
fn external_id(scanner: &mut Scanner<'_>) -> Result<bool, XmlError> {
    let is_public = scanner.take("PUBLIC");
    if !is_public && !scanner.take("SYSTEM") {
        return Ok(false);
    }
    for _ in 0..=usize::from(is_public) {
        if !scanner.space() || scanner.quoted().is_none() {
            return Err(XmlError::DocType("an external identifier is damaged"));
        }
    }
    Ok(true)
}

/// Skips the declaration of an element, of attributes or of a notation up to its end.
fn skip_declaration(scanner: &mut Scanner<'_>) -> Result<(), XmlError> {
    const DAMAGED: XmlError = XmlError::DocType("a declaration is damaged");
    if !scanner.space() || scanner.name().is_none() {
        return Err(DAMAGED);
    }
    loop {
        let mut ahead = *scanner;
        let before = ahead.until(">").ok_or(DAMAGED)?;
        match before.find(['"', '\'']) {
            Some(at) => {
                // Quoted text may contain `>`.
                let skipped = before.get(..at).unwrap_or_default();
                scanner.take(skipped);
                scanner.quoted().ok_or(DAMAGED)?;
            }
            None => {
                *scanner = ahead;
                return if before.contains('<') { Err(DAMAGED) } else { Ok(()) };
            }
        }
    }
}

fn as_space(letter: char) -> char {
    if is_space(letter) { ' ' } else { letter }
}
