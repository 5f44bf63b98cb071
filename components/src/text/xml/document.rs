//! Document: turns the text of a document into events, and checks that it is well-formed.
//!
//! Pure. quick-xml finds the markup; the rules that it leaves to its users are checked here: one root element, nothing
//! but white space outside it, names, attributes, references and declarations.

use std::collections::BTreeMap;

use compose_runtime::dev::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::encoding::line_of;
use super::entities::{Entities, character, instruction};
use super::error::XmlError;
use super::scan::{Scanner, declaration, is_space};

/// A document that is being read.
pub(super) struct Document<'a> {
    markup: Markup<'a>,
    entities: Entities,
    part: Part,
    has_doctype: bool,
    /// Number of open elements.
    open: usize,
}

/// The part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Before,
    Inside,
    After,
}

/// The effect of a piece of content on the number of open elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Opens,
    Closes,
    Nothing,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            markup: Markup::new(text),
            entities: Entities::default(),
            part: Part::Before,
            has_doctype: false,
            open: 0,
        }
    }

    /// The next few events; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Message>>, XmlError> {
        let mut events = Vec::new();
        let (event, raw) = self.markup.next()?;
        match event {
            Event::Eof => {
                return match self.part {
                    Part::Before => Err(XmlError::NoRoot),
                    Part::Inside => Err(XmlError::Unclosed(self.open)),
                    Part::After => Ok(None),
                };
            }
            Event::Decl(_) => {
                let inside = raw.strip_prefix("<?xml").and_then(|raw| raw.strip_suffix("?>"));
                if self.markup.start > 0 || inside.and_then(declaration).is_none() {
                    return Err(XmlError::Declaration);
                }
            }
            Event::DocType(_) => {
                if self.part != Part::Before || self.has_doctype {
                    return Err(XmlError::DocType("there is another one, or it comes after the root element"));
                }
                self.has_doctype = true;
                let inside = raw.strip_prefix("<!DOCTYPE").and_then(|raw| raw.strip_suffix('>'));
                self.entities.read(inside.ok_or(XmlError::DocType("write <!DOCTYPE in capital letters"))?)?;
            }
            Event::Start(_) | Event::Empty(_) if self.part == Part::After => {
                return Err(XmlError::SecondRoot(
                    Scanner::new(raw.get(1..).unwrap_or_default()).name().unwrap_or(raw).to_owned(),
                ));
            }
            Event::Text(_) if self.part != Part::Inside => {
                if !raw.chars().all(is_space) {
                    return Err(XmlError::OutsideRoot);
                }
            }
            Event::CData(_) | Event::GeneralRef(_) if self.part != Part::Inside => return Err(XmlError::OutsideRoot),
            ref content => {
                let change = take_content(content, raw, &mut self.entities, &mut events)?;
                match change {
                    Change::Opens => self.open += 1,
                    Change::Closes => self.open = self.open.saturating_sub(1),
                    Change::Nothing => {}
                }
                self.part = match content {
                    Event::Start(_) => Part::Inside,
                    Event::End(_) | Event::Empty(_) if self.open == 0 => Part::After,
                    _ => self.part,
                };
            }
        }
        Ok(Some(events))
    }

    /// The line of the last markup that was read, or of its error.
    pub(super) fn line(&self, error: &XmlError) -> usize {
        let at = match error {
            XmlError::Syntax(_) => self.markup.reader.error_position(),
            _ => self.markup.start as u64,
        };
        line_of(self.markup.text.as_bytes(), usize::try_from(at).unwrap_or(usize::MAX))
    }
}

/// Text with the position of its markup.
struct Markup<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Start of the last piece.
    start: usize,
}

impl<'a> Markup<'a> {
    fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        Self { text, reader, start: 0 }
    }

    /// The next piece and its source.
    fn next(&mut self) -> Result<(Event<'a>, &'a str), XmlError> {
        let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        self.start = position(&self.reader);
        let event = self.reader.read_event()?;
        Ok((event, self.text.get(self.start..position(&self.reader)).unwrap_or_default()))
    }
}

/// Takes a piece of the content of an element and adds its events.
fn take_content(
    event: &Event<'_>,
    raw: &str,
    entities: &mut Entities,
    events: &mut Vec<Message>,
) -> Result<Change, XmlError> {
    match event {
        Event::Start(_) => {
            events.push(element(raw.strip_suffix('>').unwrap_or(raw), entities)?.0);
            return Ok(Change::Opens);
        }
        Event::Empty(_) => {
            let (event, name) = element(raw.strip_suffix("/>").unwrap_or(raw), entities)?;
            events.extend([event, Message::list(["/element".into(), name.into()])]);
        }
        Event::End(_) => {
            let name = raw.strip_prefix("</").and_then(|raw| raw.strip_suffix('>')).unwrap_or(raw);
            events.push(Message::list(["/element".into(), name.trim_end_matches(is_space).into()]));
            return Ok(Change::Closes);
        }
        Event::Text(_) if raw.contains("]]>") => return Err(XmlError::CDataEnd),
        Event::Text(_) => events.push(chars(raw)),
        Event::CData(_) => {
            events.push(chars(raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>")).unwrap_or(raw)));
        }
        Event::GeneralRef(_) => {
            let name = raw.strip_prefix('&').and_then(|raw| raw.strip_suffix(';')).unwrap_or(raw);
            match character(name)? {
                Some(letter) => events.push(chars(letter.encode_utf8(&mut [0; 4]))),
                None => expand(name, entities, events)?,
            }
        }
        Event::PI(_) => {
            instruction(raw.strip_prefix("<?").and_then(|raw| raw.strip_suffix("?>")).unwrap_or(raw))?;
        }
        Event::Decl(_) => return Err(XmlError::Declaration),
        Event::DocType(_) => return Err(XmlError::DocType("it is inside an element")),
        Event::Comment(_) | Event::Eof => {}
    }
    Ok(Change::Nothing)
}

/// Adds the events for the content of an entity, which must contain whole elements.
fn expand(name: &str, entities: &mut Entities, events: &mut Vec<Message>) -> Result<(), XmlError> {
    let text = entities.open(name)?;
    let mut markup = Markup::new(&text);
    let mut open = 0_usize;
    loop {
        // quick-xml reports an end tag without a start tag, which here means that the element began outside the entity.
        let unbalanced = || XmlError::Unbalanced(name.to_owned());
        let (event, raw) = markup.next().map_err(|_| unbalanced())?;
        if matches!(event, Event::Eof) {
            entities.close();
            return if open == 0 { Ok(()) } else { Err(unbalanced()) };
        }
        match take_content(&event, raw, entities, events)? {
            Change::Opens => open += 1,
            Change::Closes => open = open.saturating_sub(1),
            Change::Nothing => {}
        }
    }
}

/// The event for a start tag, given without its end, and the name of the element.
fn element<'a>(raw: &'a str, entities: &mut Entities) -> Result<(Message, &'a str), XmlError> {
    let inside = raw.strip_prefix('<').unwrap_or(raw);
    let mut scanner = Scanner::new(inside);
    let first = inside.split(is_space).next().unwrap_or_default();
    let name = scanner.name().filter(|name| *name == first).ok_or_else(|| XmlError::Name(first.to_owned()))?;
    let damaged = || XmlError::Attributes(name.to_owned());
    let mut attributes = BTreeMap::new();
    loop {
        let spaced = scanner.space();
        if scanner.is_done() {
            break;
        }
        let key = scanner.name().filter(|_| spaced).ok_or_else(damaged)?;
        let value = entities.attribute_value(scanner.equals().ok_or_else(damaged)?)?;
        if attributes.insert(key.to_owned(), Message::from(value)).is_some() {
            return Err(XmlError::DuplicateAttribute(key.to_owned()));
        }
    }
    Ok((Message::list(["element".into(), name.into(), Message::map(attributes)]), name))
}

fn chars(text: &str) -> Message {
    Message::list(["chars".into(), text.into()])
}
