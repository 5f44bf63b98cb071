//! BasicMarshallComponent: converts values to wire text and wire text to values, both in one component.

use compose_runtime::dev::*;

use super::turn::{VALUES, WIRE};
use super::{CODEC, Codec};
use crate::refuse::{REJECTED, reject};

/// Description of BasicMarshallComponent.
pub static BASIC_MARSHALL_COMPONENT: ComponentSpec = ComponentSpec {
    type_name: "BasicMarshallComponent",
    category: Category::Text,
    summary: "Converts values to wire text and wire text to values",
    docs: "Converts each value received on `marshall` to wire text and emits it on `marshalled`. Converts each wire \
           text received on `demarshall` to a value and emits it on `demarshalled`. With the codec `mime`, it replaces \
           the MimeDict marshaller of the original. A message that cannot be converted is reported on the console and \
           goes to `rejected`. The component ends when both inboxes have ended.\n\n\
           Example: link a TCPClient to `demarshall` and `marshalled` to the TCPClient, and put an application between \
           the other two boxes.",
    inboxes: &[
        BoxSpec::new("marshall", VALUES),
        BoxSpec::new("demarshall", "Wire text, one complete text per message").kinds(WIRE),
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

struct BasicMarshallComponent(Codec);

impl Component for BasicMarshallComponent {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Codec::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some((inbox, message)) = io.recv_any(&["marshall", "demarshall"]).await {
            let (converted, outbox) = match inbox {
                "marshall" => (self.0.write(&message).map(Message::from), "marshalled"),
                _ => (self.0.read(&message), "demarshalled"),
            };
            match converted {
                Ok(converted) => io.send(outbox, converted).await,
                Err(why) => reject(&io, inbox, message, &why).await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

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
}
