//! Marshaller, DeMarshaller, BasicMarshallComponent, JSONEncoder and JSONDecoder: values to wire text and back.

use compose_runtime::dev::*;

use super::{CODEC, Codec};
use crate::refuse::{REJECTED, reject};

const VALUES: &str = "Values";
const WIRE: &[Kind] = &[Kind::Text, Kind::Bytes];
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

/// Description of JSONEncoder.
pub static JSON_ENCODER: ComponentSpec = ComponentSpec {
    type_name: "JSONEncoder",
    category: Category::Text,
    summary: "Turns values into JSON text",
    docs: "One line for each value, without a newline. Bytes become `{\"$bytes\": \"00ff\"}` and times \
           `{\"$time\": 1.5}`; pictures, sound and numbers that are not finite are said on the console and go to \
           `rejected`.\n\nExample: `{name: \"Ada\", born: 1815}` becomes `{\"born\":1815,\"name\":\"Ada\"}`.",
    inboxes: &[BoxSpec::new("inbox", VALUES)],
    outboxes: &[BoxSpec::new("outbox", "JSON text").kinds(&[Kind::Text]), REJECTED],
    build: build::<JsonEncoder>,
    ..ComponentSpec::EMPTY
};

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

/// Description of BasicMarshallComponent.
pub static BASIC_MARSHALL_COMPONENT: ComponentSpec = ComponentSpec {
    type_name: "BasicMarshallComponent",
    category: Category::Text,
    summary: "Turns values into wire text and wire text into values, both ways in one box",
    docs: "What comes in at `marshall` leaves at `marshalled` as wire text; what comes in at `demarshall` leaves at \
           `demarshalled` as a value. With the codec `mime` it is the MimeDict marshaller. What cannot be turned is said \
           on the console and goes to `rejected`. It ends when both inboxes have ended.\n\n\
           Example: TCPClient into `demarshall`, `marshalled` into TCPClient, and an application between the other two.",
    inboxes: &[
        BoxSpec::new("marshall", VALUES),
        BoxSpec::new("demarshall", "Wire text, one whole one a message").kinds(WIRE),
    ],
    outboxes: &[
        BoxSpec::new("marshalled", "Wire text").kinds(&[Kind::Text]),
        BoxSpec::new("demarshalled", VALUES),
        REJECTED,
    ],
    params: &[CODEC],
    build: build::<BasicMarshallComponent>,
    ..ComponentSpec::EMPTY
};

struct Marshaller(Codec);
struct DeMarshaller(Codec);
struct JsonEncoder;
struct JsonDecoder;
struct BasicMarshallComponent(Codec);

impl Component for Marshaller {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, |message| self.0.write(message).map(Message::from)).await
    }
}

impl Component for DeMarshaller {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, |message| self.0.read(message)).await
    }
}

impl Component for JsonEncoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, |message| Codec::Json.write(message).map(Message::from)).await
    }
}

impl Component for JsonDecoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        turn(&io, |message| Codec::Json.read(message)).await
    }
}

/// From `inbox` to `outbox`, rejecting what cannot be turned.
async fn turn(io: &BoxIo, turn: impl Fn(&Message) -> Result<Message, String>) -> Outcome {
    while let Some(message) = io.recv("inbox").await {
        match turn(&message) {
            Ok(turned) => io.send("outbox", turned).await,
            Err(why) => reject(io, "inbox", message, &why).await,
        }
    }
    Ok(())
}

impl Component for BasicMarshallComponent {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some((inbox, message)) = io.recv_any(&["marshall", "demarshall"]).await {
            let (turned, outbox) = match inbox {
                "marshall" => (self.0.write(&message).map(Message::from), "marshalled"),
                _ => (self.0.read(&message), "demarshalled"),
            };
            match turned {
                Ok(turned) => io.send(outbox, turned).await,
                Err(why) => reject(&io, inbox, message, &why).await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn values_become_text_and_text_becomes_values() {
        let record = Message::map([("From", "Ada".into()), ("__BODY__", "hello".into())]);
        for (codec, value, wire) in [
            ("mime", record.clone(), "From: Ada\r\n\r\nhello"),
            ("json", Message::list([1.into(), Message::Nothing]), "[1,null]"),
            ("words", Message::list(["a".into(), "b c".into()]), "a \"b c\""),
        ] {
            let mut rig = Rig::new(&BASIC_MARSHALL_COMPONENT, &[("codec", codec.into())]);
            rig.put("marshall", value.clone());
            rig.put("demarshall", Message::bytes(wire));
            rig.finish();
            rig.run();
            assert_eq!(rig.texts("marshalled"), [wire]);
            assert_eq!(rig.take("demarshalled"), [value]);
        }
    }

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

    #[test]
    fn each_half_stands_alone() {
        check(&JSON_ENCODER, &[], &["a\"b"], &["\"a\\\"b\""]);
        check(&MARSHALLER, &[("codec", "json".into())], &["x"], &["\"x\""]);
        check(&DE_MARSHALLER, &[("codec", "words".into())], &["x y"], &["[\"x\", \"y\"]"]);
    }
}
