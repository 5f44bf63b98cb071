//! RangeFilter: passes on the numbered items whose number is in a range.

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
    ranges: Vec<[f64; 2]>,
}

fn pair(item: &Message) -> Option<[f64; 2]> {
    let Message::List(pair) = item else { return None };
    match pair.as_slice() {
        [low, high] => Some([low.as_number()?, high.as_number()?]).filter(|[low, high]| low <= high),
        _ => None,
    }
}

impl Component for RangeFilter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let range = |item: &Message| {
            pair(item).ok_or_else(|| {
                ParamError::Other(format!("ranges: {} is not a pair of a first and last number", item.label(40)))
            })
        };
        Ok(Self { ranges: params.list("ranges").iter().map(range).collect::<Result<_, _>>()? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let number = match &message {
                Message::List(items) => items.first().and_then(Message::as_number),
                _ => None,
            };
            match number {
                Some(number) if self.ranges.iter().any(|[low, high]| (*low..=*high).contains(&number)) => {
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
    fn an_invalid_range_is_refused() {
        for bad in [Message::Int(3), range(5, 4), Message::list([1.into()])] {
            let list = Message::list([bad]);
            let params = Params::check(RANGE_FILTER.params, [("ranges", &list)]).unwrap();
            assert!((RANGE_FILTER.build)(&params).is_err(), "{list}");
        }
    }
}
