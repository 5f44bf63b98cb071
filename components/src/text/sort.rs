//! Sort: collects all messages and sends them in order at the end.

use compose_runtime::dev::*;

use super::collate::collect;

/// Description of Sort.
pub static SORT: ComponentSpec = ComponentSpec {
    type_name: "Sort",
    category: Category::Text,
    summary: "Collects all messages and sends them in order at the end",
    docs: "Numbers come first and are compared by their exact value. Text and then bytes follow, both compared byte by byte; \
           then false, true, nothing and times; then lists and maps, compared item by item; then pictures and sound. \
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
        all.sort_by(|a, b| if self.descending { b.order(a) } else { a.order(b) });
        for message in all {
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

    #[test]
    fn large_numbers_and_bytes_are_compared_exactly() {
        let sorted = [
            Message::Int(9_007_199_254_740_992),
            Message::Int(9_007_199_254_740_993),
            Message::bytes(b"\xfe"),
            Message::bytes(b"\xff"),
        ];
        let given: Vec<Message> = sorted.iter().rev().cloned().collect();
        assert_eq!(through(&SORT, &[], &given).take("outbox"), sorted);
    }
}
