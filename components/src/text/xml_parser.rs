//! SimpleXMLParser: parses XML text into events.

use compose_runtime::dev::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::refuse::wrong_kind;

/// Size limit of a document, in bytes.
const LARGEST_DOCUMENT: usize = 64 << 20;

/// Description of SimpleXMLParser.
pub static SIMPLE_XML_PARSER: ComponentSpec = ComponentSpec {
    type_name: "SimpleXMLParser",
    category: Category::Text,
    summary: "Parses XML text into events",
    docs: "The input is one document in chunks that may end anywhere. When the input ends, the component sends the \
           events, each as a list: `[\"document\"]`, `[\"element\", name, {attribute: value}]`, `[\"chars\", text]`, \
           `[\"/element\", name]` and, at the end, `[\"/document\"]`. White space between elements is sent as chars. \
           Comments, processing instructions and document types are skipped; external entities are never read. If the \
           document is not well-formed, the component sends the events before the error, then crashes; the error gives \
           the line.\n\n\
           Example: ReadFileAdaptor into SimpleXMLParser into an Expression that looks for `element` events.\n\n\
           Differs from the original: a document larger than 64 MiB is an error, and events are sent only after the \
           whole document has arrived.",
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
                return Err(Fault::new("inbox: the document is larger than 64 MiB; split it into smaller ones"));
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
                    let position = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                    let before = document.get(..position.min(document.len())).unwrap_or_default();
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

/// Why a document is not well-formed.
#[derive(Debug, thiserror::Error)]
enum XmlError {
    #[error(transparent)]
    Syntax(#[from] quick_xml::Error),
    #[error(transparent)]
    Encoding(#[from] quick_xml::encoding::EncodingError),
    #[error(transparent)]
    Escape(#[from] quick_xml::escape::EscapeError),
    #[error(transparent)]
    Attribute(#[from] quick_xml::events::attributes::AttrError),
    #[error("{0} elements are not closed")]
    Unclosed(usize),
}

/// The next few events; `None` at the end.
fn step(reader: &mut Reader<&[u8]>, open: &mut usize) -> Result<Option<Vec<Message>>, XmlError> {
    Ok(Some(match reader.read_event()? {
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
            let text = text.decode()?;
            vec![event(["chars".into(), (&*text).into()])]
        }
        Event::CData(data) => vec![event(["chars".into(), name(&data)])],
        Event::GeneralRef(entity) => {
            let raw = entity.decode()?;
            let text = quick_xml::escape::unescape(&format!("&{raw};"))?.into_owned();
            vec![event(["chars".into(), text.into()])]
        }
        Event::Eof if *open > 0 => return Err(XmlError::Unclosed(*open)),
        Event::Eof => return Ok(None),
        _ => Vec::new(),
    }))
}

fn name(bytes: &[u8]) -> Message {
    Message::from(String::from_utf8_lossy(bytes).into_owned())
}

fn element(start: &BytesStart<'_>) -> Result<Message, XmlError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&raw)?.into_owned();
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
    fn a_document_becomes_events_however_it_is_split() {
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
    fn the_error_for_a_malformed_document_gives_the_line() {
        for document in ["<a>\n</b>", "<a>\n", "<a>&nonsense;</a>"] {
            let mut rig = Rig::new(&SIMPLE_XML_PARSER, &[]);
            rig.put("inbox", document);
            rig.finish();
            rig.run();
            let state = format!("{:?}", rig.state());
            assert!(state.contains("not well-formed") && state.contains("at line"), "{state}");
        }
    }
}
