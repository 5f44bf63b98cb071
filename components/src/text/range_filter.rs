//! RangeFilter: passes on the numbered items whose number is in a range.

use std::cmp::Ordering;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of RangeFilter.
pub static RANGE_FILTER: ComponentSpec = ComponentSpec {
    type_name: "RangeFilter",
    category: Category::Text,
    summary: "Passes on the numbered items whose number is in a range",
    docs: "Each entry of `ranges` is a pair of the first and last number of a range, both inclusive. An item passes if \
           its number is in any range. Messages without a number go to `rejected`.\n\n\
           Example: TagWithSequenceNumber into RangeFilter with `[[0, 9], [90, 99]]` keeps the items numbered 0 to 9 \
           and 90 to 99.",
    inboxes: &[BoxSpec::new("inbox", "Lists that begin with a number").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "Items whose number is in a range").kinds(&[Kind::List]), REJECTED],
    params: &[ParamSpec::list("ranges", "Pairs of the first and last number of a range")],
    build: build::<RangeFilter>,
    ..ComponentSpec::EMPTY
};

struct RangeFilter {
    ranges: Vec<[Message; 2]>,
}

/// What is wrong with a range. The message follows the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum RangeError {
    #[error("is not a pair of a first and last number")]
    NotAPair,
    #[error("has a first number that is larger than the last one; swap them")]
    WrongOrder,
}

/// The first and last number of a range.
fn range(item: &Message) -> Result<[Message; 2], RangeError> {
    let Message::List(pair) = item else { return Err(RangeError::NotAPair) };
    let [first, last] = pair.as_slice() else { return Err(RangeError::NotAPair) };
    match first.compare_numbers(last) {
        None => Err(RangeError::NotAPair),
        Some(Ordering::Greater) => Err(RangeError::WrongOrder),
        Some(Ordering::Less | Ordering::Equal) => Ok([first.clone(), last.clone()]),
    }
}

fn contains([first, last]: &[Message; 2], number: &Message) -> bool {
    number.compare_numbers(first).is_some_and(Ordering::is_ge)
        && number.compare_numbers(last).is_some_and(Ordering::is_le)
}

impl Component for RangeFilter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let checked =
            |item: &Message| range(item).map_err(|why| ParamError::Other(format!("ranges: {} {why}", item.label(40))));
        Ok(Self { ranges: params.list("ranges").iter().map(checked).collect::<Result<_, _>>()? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let number = match &message {
                Message::List(items) => items.first().filter(|number| number.as_number().is_some()),
                _ => None,
            };
            match number {
                Some(number) if self.ranges.iter().any(|range| contains(range, number)) => {
                    io.send("outbox", message).await;
                }
                Some(_) => {}
                None => reject(&io, "inbox", message, "expected a list that begins with a number").await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn range(low: i64, high: i64) -> Message {
        Message::list([low.into(), high.into()])
    }

    #[test]
    fn both_ends_of_each_range_pass() {
        let mut rig = Rig::new(&RANGE_FILTER, &[("ranges", Message::list([range(2, 3), range(5, 5)]))]);
        for number in 0..8_i64 {
            rig.put("inbox", Message::list([number.into(), "x".into()]));
        }
        rig.put("inbox", "x");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["[2, \"x\"]", "[3, \"x\"]", "[5, \"x\"]"]);
        assert_eq!(rig.take("rejected").len(), 1);
    }

    #[test]
    fn large_numbers_are_compared_exactly() {
        let large = 9_007_199_254_740_992;
        let mut rig = Rig::new(&RANGE_FILTER, &[("ranges", Message::list([range(large, large)]))]);
        rig.put("inbox", Message::list([(large + 1).into()]));
        rig.put("inbox", Message::list([(large as f64).into()]));
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::list([(large as f64).into()])]);
    }

    #[test]
    fn the_error_says_what_is_wrong_with_a_range() {
        for (bad, why) in [(range(1, 0), "larger than the last one"), (Message::Int(3), "is not a pair")] {
            let list = Message::list([bad]);
            let params = Params::check(RANGE_FILTER.params, [("ranges", &list)]).unwrap();
            let error = (RANGE_FILTER.build)(&params).err().unwrap().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn an_invalid_range_is_refused() {
        for bad in [Message::Int(3), range(5, 4), Message::list([1.into()])] {
            let list = Message::list([bad]);
            let params = Params::check(RANGE_FILTER.params, [("ranges", &list)]).unwrap();
            assert!((RANGE_FILTER.build)(&params).is_err(), "{list}");
        }
    }
}
