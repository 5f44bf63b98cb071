//! Entuple: wraps each message in a list with fixed items.

use compose_runtime::dev::*;

/// Description of Entuple.
pub static ENTUPLE: ComponentSpec = ComponentSpec {
    type_name: "Entuple",
    category: Category::Text,
    summary: "Wraps each message in a list with fixed items",
    docs: "Each message becomes a list: the items of `prefix`, then the message, then the items of `postfix`.\n\n\
           Example: with `prefix` = `[\"chat\"]`, `\"hello\"` becomes `[\"chat\", \"hello\"]`, so that the receiver \
           knows the source of the message.",
    inboxes: &[BoxSpec::new("inbox", "Messages to wrap")],
    outboxes: &[BoxSpec::new("outbox", "Lists that contain the message").kinds(&[Kind::List])],
    params: &[
        ParamSpec::list("prefix", "Items before each message"),
        ParamSpec::list("postfix", "Items after each message"),
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
    fn fixed_items_surround_each_message() {
        let around = [("prefix", Message::list([1.into()])), ("postfix", Message::list([2.into(), 3.into()]))];
        check(&ENTUPLE, &around, &["a"], &["[1, \"a\", 2, 3]"]);
        check(&ENTUPLE, &[], &["a"], &["[\"a\"]"]);
    }
}
