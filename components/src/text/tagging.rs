//! TagWithSequenceNumber and Entuple: put things beside each message.

use compose_runtime::dev::*;

/// Description of TagWithSequenceNumber.
pub static TAG_WITH_SEQUENCE_NUMBER: ComponentSpec = ComponentSpec {
    type_name: "TagWithSequenceNumber",
    category: Category::Text,
    summary: "Numbers the messages",
    docs: "Each message becomes a list of its number and itself. After the largest number it goes on with the smallest.\n\n\
           Example: video frames through TagWithSequenceNumber into DetectShotChanges give the numbers of the cuts.",
    inboxes: &[BoxSpec::new("inbox", "Messages to number")],
    outboxes: &[BoxSpec::new("outbox", "Lists of number and message").kinds(&[Kind::List])],
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

/// Description of Entuple.
pub static ENTUPLE: ComponentSpec = ComponentSpec {
    type_name: "Entuple",
    category: Category::Text,
    summary: "Puts each message into a list, with fixed items around it",
    docs: "Each message becomes a list: the items of `prefix`, the message, the items of `postfix`.\n\n\
           Example: with `prefix` = `[\"chat\"]`, `\"hello\"` becomes `[\"chat\", \"hello\"]`, so that the receiver knows \
           where it came from.",
    inboxes: &[BoxSpec::new("inbox", "Messages to wrap")],
    outboxes: &[BoxSpec::new("outbox", "Lists with the message inside").kinds(&[Kind::List])],
    params: &[
        ParamSpec::list("prefix", "What stands before each message"),
        ParamSpec::list("postfix", "What stands after it"),
    ],
    build: build::<Entuple>,
    ..ComponentSpec::EMPTY
};

struct Entuple {
    prefix: Vec<Message>,
    postfix: Vec<Message>,
}

impl Component for Entuple {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { prefix: params.list("prefix"), postfix: params.list("postfix") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let parts = self.prefix.iter().cloned().chain([message]).chain(self.postfix.iter().cloned());
            io.send("outbox", Message::list(parts)).await;
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

    #[test]
    fn fixed_items_stand_around_each_message() {
        let around = [("prefix", Message::list([1.into()])), ("postfix", Message::list([2.into(), 3.into()]))];
        check(&ENTUPLE, &around, &["a"], &["[1, \"a\", 2, 3]"]);
        check(&ENTUPLE, &[], &["a"], &["[\"a\"]"]);
    }
}
