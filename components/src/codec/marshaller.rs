//! Marshaller: turns values into wire text: records, JSON or words.

use compose_runtime::dev::*;

use super::turn::{VALUES, turn};
use super::{CODEC, Codec};
use crate::refuse::REJECTED;

/// Description of Marshaller.
pub static MARSHALLER: ComponentSpec = ComponentSpec {
    type_name: "Marshaller",
    category: Category::Text,
    summary: "Turns values into wire text: records, JSON or words",
    docs: "One text for each value. The codec `mime` writes a map as `Key: value` lines, an empty line and the body \
           (`__BODY__`); `json` any value on one line; `words` a flat list. A value that the codec cannot write is said \
           on the console and goes to `rejected`.\n\n\
           Example: a Marshaller in front of a Framer in front of a TCPClient sends records to a server.",
    inboxes: &[BoxSpec::new("inbox", VALUES)],
    outboxes: &[BoxSpec::new("outbox", "Wire text, one for each value").kinds(&[Kind::Text]), REJECTED],
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
        turn(&io, |message| self.0.write(message).map(Message::from)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn a_value_becomes_one_text() {
        check(&MARSHALLER, &[("codec", "json".into())], &["x"], &["\"x\""]);
    }
}
