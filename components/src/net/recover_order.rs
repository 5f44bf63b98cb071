//! RecoverOrder: puts numbered messages back into order.

use std::collections::BTreeMap;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of RecoverOrder.
pub static RECOVER_ORDER: ComponentSpec = ComponentSpec {
    type_name: "RecoverOrder",
    category: Category::Network,
    summary: "Puts numbered messages back into order and drops duplicates",
    docs: "Each message is a list that begins with a whole number. The component holds up to `bufsize` messages and \
           sends the earliest when it is full. After `modulo` - 1, numbers start again at 0. A duplicate is dropped, \
           and so is a message that arrives after a later one has left. When the input ends, the remaining messages \
           leave in order. Lost messages leave gaps.\n\n\
           Example: TagWithSequenceNumber, Reorder, RecoverOrder restores the stream.\n\n\
           Differs from the original: no message stays inside for ever, and numbers that wrap are sorted correctly.",
    inboxes: &[BoxSpec::new("inbox", "Lists that begin with a number").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "The same lists in order").kinds(&[Kind::List]), REJECTED],
    params: &[
        ParamSpec::int("bufsize", 1, 1_000_000, 30, "Maximum number of messages held").unit("messages"),
        ParamSpec::int(
            "modulo",
            2,
            1 << 62,
            1 << 32,
            "Number of distinct sequence numbers; after the last one they start again at 0",
        ),
    ],
    build: build::<RecoverOrder>,
    ..ComponentSpec::EMPTY
};

struct RecoverOrder {
    bufsize: usize,
    modulo: i64,
}

impl Component for RecoverOrder {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { bufsize: params.count("bufsize"), modulo: params.int("modulo") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // Keys are sequence numbers that keep increasing when the received numbers wrap around.
        let (mut held, mut last, mut newest) = (BTreeMap::new(), None, None);
        while let Some(message) = io.recv("inbox").await {
            let number = match &message {
                Message::List(parts) => match parts.first() {
                    Some(Message::Int(number)) if (0..self.modulo).contains(number) => Some(*number),
                    _ => None,
                },
                _ => None,
            };
            let Some(number) = number else {
                reject(&io, "inbox", message, "expected a list that begins with a number below modulo").await;
                continue;
            };
            let position = newest.map_or(i128::from(number), |newest| self.unwrapped(number, newest));
            newest = Some(newest.unwrap_or(position).max(position));
            if last.is_some_and(|last| position <= last) || held.contains_key(&position) {
                continue;
            }
            held.insert(position, message);
            if held.len() >= self.bufsize
                && let Some((position, earliest)) = held.pop_first()
            {
                last = Some(position);
                io.send("outbox", earliest).await;
            }
        }
        for message in held.into_values() {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

impl RecoverOrder {
    /// The unwrapped sequence number: of all candidates, the one nearest to the newest.
    fn unwrapped(&self, number: i64, newest: i128) -> i128 {
        let modulo = i128::from(self.modulo);
        let ahead = (i128::from(number) - newest).rem_euclid(modulo);
        newest + if ahead > modulo / 2 { ahead - modulo } else { ahead }
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn order(modulo: i64, numbers: &[i64]) -> Vec<i64> {
        let mut rig = Rig::new(&RECOVER_ORDER, &[("bufsize", 4.into()), ("modulo", modulo.into())]);
        for number in numbers {
            rig.put("inbox", Message::list([(*number).into(), "x".into()]));
        }
        rig.finish();
        rig.run();
        let first = |message: &Message| match message {
            Message::List(parts) => parts[0].as_number().map(|number| number as i64),
            _ => None,
        };
        rig.take("outbox").iter().filter_map(first).collect()
    }

    #[test]
    fn order_is_restored_without_duplicates_and_nothing_stays_inside() {
        assert_eq!(order(100, &[0, 2, 1, 1, 4, 3, 5, 2, 7]), [0, 1, 2, 3, 4, 5, 7]);
    }

    #[test]
    fn numbers_that_wrap_stay_in_order() {
        assert_eq!(order(8, &[5, 7, 6, 1, 0, 2, 3, 5, 4, 6]), [5, 6, 7, 0, 1, 2, 3, 4, 5, 6]);
    }
}
