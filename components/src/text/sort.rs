//! Sort: collects all messages and sends them in order at the end.

use std::cmp::Ordering;

use compose_runtime::dev::*;

use super::collate::collect;

/// Description of Sort.
pub static SORT: ComponentSpec = ComponentSpec {
    type_name: "Sort",
    category: Category::Text,
    summary: "Collects all messages and sends them in order at the end",
    docs: "Numbers come before text and are compared by value; all other messages are compared by their text form. \
           Equal messages keep their order. If more than `most` messages arrive, the component crashes with an \
           error.\n\n\
           Example: Find into Sort lists the files of a folder by name.",
    inboxes: &[BoxSpec::new("inbox", "Messages to sort")],
    outboxes: &[BoxSpec::new("outbox", "The sorted messages")],
    params: &[
        ParamSpec::switch("descending", false, "Largest first"),
        ParamSpec::int("most", 1, 100_000_000, 1_000_000, "Maximum number of messages to collect").unit("messages"),
    ],
    build: build::<Sort>,
    ..ComponentSpec::EMPTY
};

struct Sort {
    descending: bool,
    most: usize,
}

impl Component for Sort {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { descending: params.switch("descending"), most: params.count("most") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut all = collect(&io, self.most).await?;
        all.sort_by(|a, b| if self.descending { order(b, a) } else { order(a, b) });
        for message in all {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

fn order(a: &Message, b: &Message) -> Ordering {
    match (a.as_number(), b.as_number()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => match (a.as_text(), b.as_text()) {
            (Some(a), Some(b)) => a.cmp(b),
            _ => a.to_string().cmp(&b.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn text_is_sorted_in_either_direction() {
        check(&SORT, &[], &["b", "c", "a"], &["a", "b", "c"]);
        check(&SORT, &[("descending", true.into())], &["b", "c", "a"], &["c", "b", "a"]);
    }

    #[test]
    fn numbers_are_compared_by_value_and_come_first() {
        let mut rig = Rig::new(&SORT, &[]);
        for message in [Message::Int(10), "x".into(), 9.5.into(), Message::Int(9)] {
            rig.put("inbox", message);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["9", "9.5", "10", "x"]);
    }
}
