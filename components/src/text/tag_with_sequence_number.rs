//! TagWithSequenceNumber: numbers the messages.

use compose_runtime::dev::*;

/// Description of TagWithSequenceNumber.
pub static TAG_WITH_SEQUENCE_NUMBER: ComponentSpec = ComponentSpec {
    type_name: "TagWithSequenceNumber",
    category: Category::Text,
    summary: "Numbers the messages",
    docs: "Each message becomes a list of its number and the message. After the largest integer, numbering wraps \
           around to the smallest.\n\n\
           Example: with video frames as input, TagWithSequenceNumber into DetectShotChanges finds the frame numbers \
           of the cuts.",
    inboxes: &[BoxSpec::new("inbox", "Messages to number")],
    outboxes: &[BoxSpec::new("outbox", "Lists of a number and a message").kinds(&[Kind::List])],
    params: &[ParamSpec::int("initial", i64::MIN, i64::MAX, 0, "Number of the first message")],
    build: build::<TagWithSequenceNumber>,
    ..ComponentSpec::EMPTY
};

struct TagWithSequenceNumber {
    next: i64,
}

impl Component for TagWithSequenceNumber {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { next: params.int("initial") })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", Message::list([self.next.into(), message])).await;
            self.next = self.next.wrapping_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn messages_are_numbered_from_the_initial_number() {
        let initial = [("initial", 7.into())];
        check(&TAG_WITH_SEQUENCE_NUMBER, &initial, &["a", "b"], &["[7, \"a\"]", "[8, \"b\"]"]);
    }
}
