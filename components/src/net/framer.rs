//! Framer: puts a tag and a length before each message.

use std::fmt::Display;

use compose_runtime::dev::*;

use super::frame::{frame, is_tag};
use crate::refuse::{REJECTED, reject};

/// Description of Framer.
pub static FRAMER: ComponentSpec = ComponentSpec {
    type_name: "Framer",
    category: Category::Network,
    summary: "Puts a tag and a length before each message",
    docs: "Each message is a list of a tag and bytes or text. A tag is a whole number, or text of at most 200 bytes \
           without white space. It becomes tag, space, length, \
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
            let whole = match &message {
                Message::List(pair) => match pair.as_slice() {
                    [Message::Int(tag), data] => framed(tag, data),
                    [Message::Text(tag), data] if is_tag(tag) => framed(tag, data),
                    _ => None,
                },
                _ => None,
            };
            match whole {
                Some(whole) => io.send("outbox", whole).await,
                None => reject(&io, "inbox", message, "expected a list of a tag and bytes").await,
            }
        }
        Ok(())
    }
}

/// The frame with this tag; `None` if the data is neither bytes nor text.
fn framed(tag: impl Display, data: &Message) -> Option<Vec<u8>> {
    data.as_bytes().map(|data| frame(&format!("{tag} {}", data.len()), data))
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::through;

    use super::*;

    #[test]
    fn a_message_that_is_not_a_tag_and_bytes_is_rejected() {
        let given =
            [Message::list([7.into(), "a\nb".into()]), "nonsense".into(), Message::list(["a tag".into(), "a".into()])];
        let mut framed = through(&FRAMER, &[], &given);
        assert_eq!(framed.texts("outbox"), ["7 3\na\nb"]);
        assert_eq!(framed.take("rejected").len(), 2);
    }
}
