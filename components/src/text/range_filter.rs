//! RangeFilter: passes on the numbered items whose number lies in a range.

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of RangeFilter.
pub static RANGE_FILTER: ComponentSpec = ComponentSpec {
    type_name: "RangeFilter",
    category: Category::Text,
    summary: "Passes on the numbered items whose number lies in a range",
    docs: "`ranges` is a list of pairs of the first and the last number of a range, both included; an item passes if its \
           number lies in any of them. What is not numbered goes to `rejected`.\n\n\
           Example: TagWithSequenceNumber into RangeFilter with `[[0, 9], [90, 99]]` keeps the first ten and ten more.",
    inboxes: &[BoxSpec::new("inbox", "Lists that begin with a number").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "Those whose number lies in a range").kinds(&[Kind::List]), REJECTED],
    params: &[ParamSpec::list("ranges", "Pairs of the first and the last number of a range")],
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
                ParamError::Other(format!("ranges: {} is no pair of a first and a last number", item.label(40)))
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
                None => reject(&io, "inbox", message, "a list that begins with a number was expected").await,
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
    fn both_ends_of_every_range_pass() {
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
    fn a_range_that_is_none_is_refused() {
        for bad in [Message::Int(3), range(5, 4), Message::list([1.into()])] {
            let list = Message::list([bad]);
            let params = Params::check(RANGE_FILTER.params, [("ranges", &list)]).unwrap();
            assert!((RANGE_FILTER.build)(&params).is_err(), "{list}");
        }
    }
}
