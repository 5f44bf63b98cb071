//! Framer: puts a tag and a length before each message.

use compose_runtime::dev::*;

use super::frame::frame;
use crate::refuse::{REJECTED, reject};

/// Description of Framer.
pub static FRAMER: ComponentSpec = ComponentSpec {
    type_name: "Framer",
    category: Category::Network,
    summary: "Puts a tag and a length before each message",
    docs: "Each message is a list of a tag (a whole number) and bytes or text. It becomes tag, space, length, \
           newline and the bytes. Any other message goes to `rejected`, and the reason is shown on the console.\n\n\
           Example: TagWithSequenceNumber into Framer into DataChunker for a network that loses messages.",
    inboxes: &[BoxSpec::new("inbox", "Lists of tag and bytes").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "Frames").kinds(&[Kind::Bytes]), REJECTED],
    build: build::<Framer>,
    ..ComponentSpec::EMPTY
};

struct Framer;

impl Component for Framer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let framed = match &message {
                Message::List(pair) => match pair.as_slice() {
                    [Message::Int(tag), data] => {
                        data.as_bytes().map(|data| frame(&format!("{tag} {}", data.len()), data))
                    }
                    _ => None,
                },
                _ => None,
            };
            match framed {
                Some(framed) => io.send("outbox", framed).await,
                None => reject(&io, "inbox", message, "expected a list of a whole number and bytes").await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::through;

    use super::*;

    #[test]
    fn a_message_that_is_not_a_tag_and_bytes_is_rejected() {
        let given =
            [Message::list([7.into(), "a\nb".into()]), "nonsense".into(), Message::list(["7".into(), "a".into()])];
        let mut framed = through(&FRAMER, &[], &given);
        assert_eq!(framed.texts("outbox"), ["7 3\na\nb"]);
        assert_eq!(framed.take("rejected").len(), 2);
    }
}
