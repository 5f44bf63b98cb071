//! Entuple: puts each message into a list, with fixed items around it.

use compose_runtime::dev::*;

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
    fn fixed_items_stand_around_each_message() {
        let around = [("prefix", Message::list([1.into()])), ("postfix", Message::list([2.into(), 3.into()]))];
        check(&ENTUPLE, &around, &["a"], &["[1, \"a\", 2, 3]"]);
        check(&ENTUPLE, &[], &["a"], &["[\"a\"]"]);
    }
}
