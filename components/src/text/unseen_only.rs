//! UnseenOnly: passes on each distinct message once.

use std::collections::{BTreeSet, VecDeque};

use compose_runtime::dev::*;

/// Description of UnseenOnly.
pub static UNSEEN_ONLY: ComponentSpec = ComponentSpec {
    type_name: "UnseenOnly",
    category: Category::Flow,
    summary: "Passes on each distinct message once",
    docs: "Two messages are equal if they have the same kind and the same value; pictures and sound are compared by a \
           checksum. It remembers the last `remember` \
           distinct messages; an older message may pass again.\n\n\
           Example: Grep on a log into UnseenOnly shows each distinct error once.\n\n\
           Differs from the original: the number of remembered messages is limited.",
    inboxes: &[BoxSpec::new("inbox", "Messages, possibly with duplicates")],
    outboxes: &[BoxSpec::new("outbox", "Each distinct message once")],
    params: &[
        ParamSpec::int("remember", 1, 10_000_000, 100_000, "Number of distinct messages to remember").unit("messages")
    ],
    build: build::<UnseenOnly>,
    ..ComponentSpec::EMPTY
};

struct UnseenOnly {
    remember: usize,
}

impl Component for UnseenOnly {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { remember: params.count("remember") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut seen, mut order) = (BTreeSet::new(), VecDeque::new());
        while let Some(message) = io.recv("inbox").await {
            let key = message.key();
            if !seen.insert(key.clone()) {
                continue;
            }
            order.push_back(key);
            if order.len() > self.remember
                && let Some(oldest) = order.pop_front()
            {
                seen.remove(&oldest);
            }
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check, through};

    use super::*;

    #[test]
    fn each_distinct_message_passes_once() {
        check(&UNSEEN_ONLY, &[], &["a", "b", "a", "b", "c"], &["a", "b", "c"]);
        check(&UNSEEN_ONLY, &[("remember", 1.into())], &["a", "a", "b", "a"], &["a", "b", "a"]);
    }

    #[test]
    fn a_number_and_its_text_are_distinct() {
        let mut rig = Rig::new(&UNSEEN_ONLY, &[]);
        rig.put("inbox", 1);
        rig.put("inbox", "1");
        rig.put("inbox", 1);
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(1), "1".into()]);
    }

    #[test]
    fn messages_with_the_same_text_form_are_distinct() {
        let given = [
            Message::list([Message::bytes(b"\xff")]),
            Message::list([Message::bytes(b"\xfe")]),
            Message::map([("a: 1, b", Message::Int(2))]),
            Message::map([("a", Message::Int(1)), ("b", Message::Int(2))]),
            Message::list([1.into()]),
            Message::list([1.0.into()]),
        ];
        assert_eq!(through(&UNSEEN_ONLY, &[], &given).take("outbox"), given);
    }
}
