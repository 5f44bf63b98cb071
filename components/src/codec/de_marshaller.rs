//! DeMarshaller: turns wire text back into values.

use compose_runtime::dev::*;

use super::turn::{VALUES, WIRE, turn};
use super::{CODEC, Codec};
use crate::refuse::REJECTED;

/// Description of DeMarshaller.
pub static DE_MARSHALLER: ComponentSpec = ComponentSpec {
    type_name: "DeMarshaller",
    category: Category::Text,
    summary: "Turns wire text back into values",
    docs: "The counterpart of Marshaller. Each message must be one whole wire text; behind a socket put a framing \
           component first. What cannot be read is said on the console and goes to `rejected`.\n\n\
           Example: TCPClient into LengthDeframer into DeMarshaller receives records.",
    inboxes: &[BoxSpec::new("inbox", "Wire text, one whole one a message").kinds(WIRE)],
    outboxes: &[BoxSpec::new("outbox", VALUES), REJECTED],
    params: &[CODEC],
    build: build::<DeMarshaller>,
    ..ComponentSpec::EMPTY
};

struct DeMarshaller(Codec);

impl Component for DeMarshaller {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, |message| self.0.read(message)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn a_text_becomes_one_value() {
        check(&DE_MARSHALLER, &[("codec", "words".into())], &["x y"], &["[\"x\", \"y\"]"]);
    }
}
