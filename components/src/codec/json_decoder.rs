//! JSONDecoder: turns JSON text into values.

use compose_runtime::dev::*;

use super::Codec;
use super::turn::{VALUES, WIRE, turn};
use crate::refuse::REJECTED;

/// Description of JSONDecoder.
pub static JSON_DECODER: ComponentSpec = ComponentSpec {
    type_name: "JSONDecoder",
    category: Category::Text,
    summary: "Turns JSON text into values",
    docs: "Each message must be one whole JSON text; behind a socket put chunks_to_lines first. Whole numbers that fit \
           stay whole. What is no JSON is said on the console with its place and goes to `rejected`.\n\n\
           Example: TCPClient into chunks_to_lines into JSONDecoder reads one value a line.",
    inboxes: &[BoxSpec::new("inbox", "JSON text, one whole one a message").kinds(WIRE)],
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
        turn(&io, |message| Codec::Json.read(message)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn what_is_no_json_is_said_and_not_lost() {
        let mut rig = Rig::new(&JSON_DECODER, &[]);
        for text in ["{\"a\": 1}", "{oops", "[2]"] {
            rig.put("inbox", text);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["{a: 1}", "[2]"]);
        assert_eq!(rig.texts("rejected"), ["{oops"]);
        assert!(rig.console()[0].starts_with("inbox: no JSON: "), "{:?}", rig.console());
    }

    #[test]
    fn a_hostile_depth_is_no_crash() {
        let mut rig = Rig::new(&JSON_DECODER, &[]);
        rig.put("inbox", "[".repeat(100_000));
        rig.finish();
        rig.run();
        assert_eq!(rig.take("rejected").len(), 1);
    }
}
