//! UnseenOnly: passes on each distinct message once.

use std::collections::{BTreeSet, VecDeque};

use compose_runtime::dev::*;

/// Description of UnseenOnly.
pub static UNSEEN_ONLY: ComponentSpec = ComponentSpec {
    type_name: "UnseenOnly",
    category: Category::Flow,
    summary: "Passes on each distinct message once",
    docs: "Two messages are the same if they are of the same kind and have the same text form. The last `remember` \
           distinct messages are known; one that is older may pass again.\n\n\
           Example: Grep on a log into UnseenOnly shows every kind of error once.\n\n\
           Differs from the original: what it remembers is bounded. It compares pictures and sound by their size and \
           length only.",
    inboxes: &[BoxSpec::new("inbox", "Messages, some of them twice")],
    outboxes: &[BoxSpec::new("outbox", "Each of them once")],
    params: &[
        ParamSpec::int("remember", 1, 10_000_000, 100_000, "How many distinct messages to remember").unit("messages")
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
            let key = match &message {
                Message::Bytes(bytes) => (message.kind(), bytes.to_vec()),
                other => (other.kind(), other.to_string().into_bytes()),
            };
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
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn each_distinct_message_passes_once() {
        check(&UNSEEN_ONLY, &[], &["a", "b", "a", "b", "c"], &["a", "b", "c"]);
        check(&UNSEEN_ONLY, &[("remember", 1.into())], &["a", "a", "b", "a"], &["a", "b", "a"]);
    }

    #[test]
    fn the_number_and_the_text_are_different() {
        let mut rig = Rig::new(&UNSEEN_ONLY, &[]);
        rig.put("inbox", 1);
        rig.put("inbox", "1");
        rig.put("inbox", 1);
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(1), "1".into()]);
    }
}
