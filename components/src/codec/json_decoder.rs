//! JSONDecoder: converts JSON text to values.

use compose_runtime::dev::*;

use super::Codec;
use super::turn::{VALUES, WIRE, convert};
use crate::refuse::REJECTED;

/// Description of JSONDecoder.
pub static JSON_DECODER: ComponentSpec = ComponentSpec {
    type_name: "JSONDecoder",
    category: Category::Text,
    summary: "Converts JSON text to values",
    docs: "Each message must contain exactly one complete JSON text, so data from a socket must pass through \
           chunks_to_lines first. A byte-order mark at the start is removed. Numbers that fit a 64-bit integer become whole numbers. Invalid JSON, and JSON nested more than 127 deep, is reported on \
           the console with the position of the error and goes to `rejected`.\n\n\
           Example: a TCPClient linked to chunks_to_lines, linked to a JSONDecoder, reads one value per line.",
    inboxes: &[BoxSpec::new("inbox", "JSON text, one complete text per message").kinds(WIRE)],
    outboxes: &[BoxSpec::new("outbox", VALUES), REJECTED],
    build: build::<JsonDecoder>,
    ..ComponentSpec::EMPTY
};

struct JsonDecoder;

impl Component for JsonDecoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        convert(&io, |message| Codec::Json.read(message)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn invalid_json_is_rejected_and_a_byte_order_mark_is_removed() {
        let mut rig = Rig::new(&JSON_DECODER, &[]);
        for text in ["\u{feff}{\"a\": 1}", "{oops", "[2]"] {
            rig.put("inbox", text);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["{a: 1}", "[2]"]);
        assert_eq!(rig.texts("rejected"), ["{oops"]);
        assert!(rig.console()[0].starts_with("inbox: invalid JSON: "), "{:?}", rig.console());
    }

    #[test]
    fn deeply_nested_json_is_rejected_without_a_crash() {
        let mut rig = Rig::new(&JSON_DECODER, &[]);
        rig.put("inbox", "[".repeat(100_000));
        rig.finish();
        rig.run();
        assert_eq!(rig.take("rejected").len(), 1);
    }
}
