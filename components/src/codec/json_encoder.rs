//! JSONEncoder: converts values to JSON text.

use compose_runtime::dev::*;

use super::Codec;
use super::turn::{VALUES, convert};
use crate::refuse::REJECTED;

/// Description of JSONEncoder.
pub static JSON_ENCODER: ComponentSpec = ComponentSpec {
    type_name: "JSONEncoder",
    category: Category::Text,
    summary: "Converts values to JSON text",
    docs: "Emits one line per value, without a newline. Bytes become `{\"$bytes\": \"00ff\"}` and times become \
           `{\"$time\": 1.5}`. Pictures, sound, numbers that are not finite and values nested more than 127 deep are \
           reported on the console and go to `rejected`.\n\n\
           Example: `{name: \"Ada\", born: 1815}` becomes `{\"born\":1815,\"name\":\"Ada\"}`.",
    inboxes: &[BoxSpec::new("inbox", VALUES)],
    outboxes: &[BoxSpec::new("outbox", "JSON text").kinds(&[Kind::Text]), REJECTED],
    build: build::<JsonEncoder>,
    ..ComponentSpec::EMPTY
};

struct JsonEncoder;

impl Component for JsonEncoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        convert(&io, |message| Codec::Json.write(message).map(Message::from)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn text_is_quoted() {
        check(&JSON_ENCODER, &[], &["a\"b"], &["\"a\\\"b\""]);
    }
}
