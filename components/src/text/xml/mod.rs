//! SimpleXMLParser: parses XML text into events.

mod document;
mod encoding;
mod entities;
mod error;
mod scan;
#[cfg(test)]
mod tests;

use compose_runtime::dev::*;

use self::document::Document;
use self::encoding::{Decoded, decode};
use self::error::XmlError;
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
           `[\"/element\", name]` and, at the end, `[\"/document\"]`. White space between elements is sent as chars, and \
           one run of text may be sent as several chars. Comments and processing instructions are skipped. If the \
           document is not well-formed, the component sends the events before the error, then crashes; the error gives \
           the line. If nothing arrives, it sends nothing.\n\n\
           | part of XML 1.0 | here |\n|---|---|\n\
           | one root element, matching tags, names, duplicate attributes, allowed characters | checked |\n\
           | comments, CDATA, processing instructions, XML declaration | checked |\n\
           | encodings | UTF-8, UTF-16, ISO-8859-1 and ASCII; others are an error. Text is decoded already, so its \
           declaration is not used |\n\
           | line breaks | each becomes `\\n` |\n\
           | numeric character references, and the five predefined entities (`&lt;` etc.) | replaced |\n\
           | entities declared in the document | replaced, up to 1 MiB for the whole document |\n\
           | external entities and document types | never read; a reference to one is an error |\n\
           | parameter entities | their use is an error |\n\
           | declarations of elements, attributes and notations | skipped; only their outer form is checked, and there \
           are no default values |\n\
           | namespaces | not resolved; a prefix is a part of the name |\n\n\
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
        let (mut bytes, mut is_text) = (Vec::new(), true);
        while let Some(chunk) = io.recv("inbox").await {
            let Some(part) = chunk.as_bytes() else { return Err(wrong_kind("inbox", "text or bytes", &chunk)) };
            if bytes.len() + part.len() > LARGEST_DOCUMENT {
                return Err(Fault::new("inbox: the document is larger than 64 MiB; split it into smaller ones"));
            }
            is_text &= chunk.as_text().is_some();
            bytes.extend_from_slice(part);
        }
        if io.is_shutting_down() || bytes.is_empty() {
            return Ok(());
        }
        let Decoded { text, damage } = decode(&bytes, is_text).map_err(|(error, line)| fault(&error, line))?;
        drop(bytes);
        let mut document = Document::new(&text);
        io.send("outbox", Message::list(["document".into()])).await;
        loop {
            match (document.next(), &damage) {
                (Ok(Some(events)), _) => {
                    for event in events {
                        io.send("outbox", event).await;
                    }
                }
                // The text ends at the damage, so markup may be truncated there.
                (Err(end), Some((error, line))) if end.is_from_missing_text() => return Err(fault(error, *line)),
                (Err(error), _) => return Err(fault(&error, document.line(&error))),
                (Ok(None), Some((error, line))) => return Err(fault(error, *line)),
                (Ok(None), None) => break,
            }
        }
        io.send("outbox", Message::list(["/document".into()])).await;
        Ok(())
    }
}

fn fault(error: &XmlError, line: usize) -> Fault {
    Fault::new(format!("{}: {error} at line {line}", error.headline()))
}
