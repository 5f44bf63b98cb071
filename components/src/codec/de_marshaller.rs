//! DeMarshaller: converts wire text back to values.

use compose_runtime::dev::*;

use super::turn::{VALUES, WIRE, convert};
use super::{CODEC, Codec};
use crate::refuse::REJECTED;

/// Description of DeMarshaller.
pub static DE_MARSHALLER: ComponentSpec = ComponentSpec {
    type_name: "DeMarshaller",
    category: Category::Text,
    summary: "Converts wire text back to values",
    docs: "The counterpart of Marshaller. Each message must contain exactly one complete wire text, so data from a \
           socket must pass through a deframing component first. A message that cannot be converted is reported on the \
           console and goes to `rejected`.\n\n\
           Example: a TCPClient linked to a LengthDeframer, linked to a DeMarshaller, receives records.",
    inboxes: &[BoxSpec::new("inbox", "Wire text, one complete text per message").kinds(WIRE)],
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
        convert(&io, |message| self.0.read(message)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn text_is_converted_to_one_value() {
        check(&DE_MARSHALLER, &[("codec", "words".into())], &["x y"], &["[\"x\", \"y\"]"]);
    }
}
