//! Marshaller: converts values to wire text in the form of records, JSON or words.

use compose_runtime::dev::*;

use super::turn::{VALUES, convert};
use super::{CODEC, Codec};
use crate::refuse::REJECTED;

/// Description of Marshaller.
pub static MARSHALLER: ComponentSpec = ComponentSpec {
    type_name: "Marshaller",
    category: Category::Text,
    summary: "Converts values to wire text: records, JSON or words",
    docs: "Emits one text per value. The codec `mime` writes a map as `Key: value` lines, an empty line and the body \
           (`__BODY__`); `json` writes any value on one line; `words` writes a flat list of words. A value that the \
           codec cannot convert is reported on the console and goes to `rejected`.\n\n\
           Example: a Marshaller linked to a Framer, linked to a TCPClient, sends records to a server.",
    inboxes: &[BoxSpec::new("inbox", VALUES)],
    outboxes: &[BoxSpec::new("outbox", "Wire text, one text per value").kinds(&[Kind::Text]), REJECTED],
    params: &[CODEC],
    build: build::<Marshaller>,
    ..ComponentSpec::EMPTY
};

struct Marshaller(Codec);

impl Component for Marshaller {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        convert(&io, |message| self.0.write(message).map(Message::from)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn a_value_is_converted_to_one_text() {
        check(&MARSHALLER, &[("codec", "json".into())], &["x"], &["\"x\""]);
    }
}
