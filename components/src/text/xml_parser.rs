//! SimpleXMLParser: XML text to events.

use compose_runtime::dev::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::refuse::wrong_kind;

/// The largest document that is held.
const LARGEST_DOCUMENT: usize = 64 << 20;

/// Description of SimpleXMLParser.
pub static SIMPLE_XML_PARSER: ComponentSpec = ComponentSpec {
    type_name: "SimpleXMLParser",
    category: Category::Text,
    summary: "Turns XML text into events",
    docs: "Chunks of one document come in, cut anywhere. When the input has ended, events come out, each a list: \
           `[\"document\"]`, `[\"element\", name, {attribute: value}]`, `[\"chars\", text]`, `[\"/element\", name]` and at \
           the end `[\"/document\"]`. White space between elements is given as chars. Comments, processing instructions \
           and document types are left out; outside entities are never read. A document that is not well-formed ends it \
           with the place in its words, after the events before that place.\n\n\
           Example: ReadFileAdaptor into SimpleXMLParser into an Expression that looks for `element` events.\n\n\
           Differs from the original: a document of more than 64 MiB is refused, and the events come when the whole \
           document is there.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of one document").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Events").kinds(&[Kind::List])],
    build: build::<SimpleXmlParser>,
    ..ComponentSpec::EMPTY
};

struct SimpleXmlParser;

impl Component for SimpleXmlParser {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut document = Vec::new();
        while let Some(chunk) = io.recv("inbox").await {
            let Some(bytes) = chunk.as_bytes() else { return Err(wrong_kind("inbox", "text or bytes", &chunk)) };
            if document.len() + bytes.len() > LARGEST_DOCUMENT {
                return Err(Fault::new("inbox gave a document of more than 64 MiB; cut it into smaller ones"));
            }
            document.extend_from_slice(bytes);
        }
        if io.is_shutting_down() {
            return Ok(());
        }
        let mut reader = Reader::from_reader(document.as_slice());
        let mut open = 0_usize;
        io.send("outbox", event(["document".into()])).await;
        loop {
            match step(&mut reader, &mut open) {
                Ok(Some(events)) => {
                    for event in events {
                        io.send("outbox", event).await;
                    }
                }
                Ok(None) => break,
                Err(why) => {
                    let place = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                    let before = document.get(..place.min(document.len())).unwrap_or_default();
                    let line = before.split(|byte| *byte == b'\n').count();
                    return Err(Fault::new(format!("the XML is not well-formed: {why} at line {line}")));
                }
            }
        }
        io.send("outbox", event(["/document".into()])).await;
        Ok(())
    }
}

fn event(parts: impl IntoIterator<Item = Message>) -> Message {
    Message::list(parts)
}

/// The next few events; `None` at the end.
fn step(reader: &mut Reader<&[u8]>, open: &mut usize) -> Result<Option<Vec<Message>>, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    Ok(Some(match reader.read_event().map_err(|error| words(&error))? {
        Event::Start(start) => {
            *open += 1;
            vec![element(&start)?]
        }
        Event::Empty(start) => vec![element(&start)?, event(["/element".into(), name(start.name().as_ref())])],
        Event::End(end) => {
            *open = open.saturating_sub(1);
            vec![event(["/element".into(), name(end.name().as_ref())])]
        }
        Event::Text(text) => {
            let text = text.decode().map_err(|error| words(&error))?;
            vec![event(["chars".into(), (&*text).into()])]
        }
        Event::CData(data) => vec![event(["chars".into(), name(&data)])],
        Event::GeneralRef(entity) => {
            let raw = entity.decode().map_err(|error| words(&error))?;
            let text = quick_xml::escape::unescape(&format!("&{raw};")).map_err(|error| words(&error))?.into_owned();
            vec![event(["chars".into(), text.into()])]
        }
        Event::Eof if *open > 0 => return Err(format!("{open} elements are not closed")),
        Event::Eof => return Ok(None),
        _ => Vec::new(),
    }))
}

fn name(bytes: &[u8]) -> Message {
    Message::from(String::from_utf8_lossy(bytes).into_owned())
}

fn element(start: &BytesStart<'_>) -> Result<Message, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?.into_owned();
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        attributes.push((key, Message::from(value)));
    }
    Ok(event(["element".into(), name(start.name().as_ref()), Message::map(attributes)]))
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn a_document_becomes_events_wherever_it_was_cut() {
        check(
            &SIMPLE_XML_PARSER,
            &[],
            &["<a x='1 &lt;", " 2'>hi &am", "p; <b/></", "a>"],
            &[
                "[\"document\"]",
                "[\"element\", \"a\", {x: \"1 < 2\"}]",
                "[\"chars\", \"hi \"]",
                "[\"chars\", \"&\"]",
                "[\"chars\", \" \"]",
                "[\"element\", \"b\", {}]",
                "[\"/element\", \"b\"]",
                "[\"/element\", \"a\"]",
                "[\"/document\"]",
            ],
        );
    }

    #[test]
    fn what_is_not_well_formed_says_where() {
        for document in ["<a>\n</b>", "<a>\n", "<a>&nonsense;</a>"] {
            let mut rig = Rig::new(&SIMPLE_XML_PARSER, &[]);
            rig.put("inbox", document);
            rig.finish();
            rig.run();
            let words = format!("{:?}", rig.state());
            assert!(words.contains("not well-formed") && words.contains("at line"), "{words}");
        }
    }
}
