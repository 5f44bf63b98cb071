//! Max: sends the largest element of each list.

use std::cmp::Ordering;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of Max.
pub static MAX: ComponentSpec = ComponentSpec {
    type_name: "Max",
    category: Category::Text,
    summary: "Sends the largest element of each list",
    docs: "Numbers are compared by value, text alphabetically, and lists element by element. If several elements are \
           equally large, the first one is sent. A list that is empty, or whose elements cannot be compared, is \
           reported on the console and goes to `rejected`.\n\n\
           Example: TagWithSequenceNumber, Collate, Max sends the last message of a stream with its number.",
    inboxes: &[BoxSpec::new("inbox", "Lists").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "The largest element of each list"), REJECTED],
    build: build::<Max>,
    ..ComponentSpec::EMPTY
};

struct Max;

impl Component for Max {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let largest = match &message {
                Message::List(items) => largest(items).cloned(),
                _ => None,
            };
            match largest {
                Some(largest) => io.send("outbox", largest).await,
                None => reject(&io, "inbox", message, "expected a list of elements that can be compared").await,
            }
        }
        Ok(())
    }
}

/// The first of the largest elements; `None` if the list is empty or two elements cannot be compared.
fn largest(items: &[Message]) -> Option<&Message> {
    let mut largest = items.first()?;
    // A single element may be of a kind that cannot be compared.
    order(largest, largest)?;
    for item in items.iter().skip(1) {
        if order(item, largest)? == Ordering::Greater {
            largest = item;
        }
    }
    Some(largest)
}

fn order(a: &Message, b: &Message) -> Option<Ordering> {
    match (a, b) {
        (Message::Text(a), Message::Text(b)) => Some(a.cmp(b)),
        (Message::Time(a), Message::Time(b)) => Some(a.cmp(b)),
        (Message::List(a), Message::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                match order(a, b)? {
                    Ordering::Equal => {}
                    other => return Some(other),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (a, b) => a.compare_numbers(b),
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn max(items: Vec<Message>) -> Option<Message> {
        largest(&items).cloned()
    }

    #[test]
    fn numbers_text_and_pairs_are_compared() {
        assert_eq!(max(vec![1.into(), 2.5.into(), 2.into()]), Some(2.5.into()));
        let large = Message::Int(9_007_199_254_740_993);
        assert_eq!(max(vec![9_007_199_254_740_992.0.into(), large.clone()]), Some(large));
        assert_eq!(max(vec!["pear".into(), "apple".into()]), Some("pear".into()));
        let pair = |number: i64| Message::list([number.into(), "x".into()]);
        assert_eq!(max(vec![pair(3), pair(7), pair(5)]), Some(pair(7)));
    }

    #[test]
    fn a_list_that_cannot_be_compared_is_rejected() {
        let mut rig = Rig::new(&MAX, &[]);
        for message in [Message::list([]), Message::list([1.into(), "x".into()]), "x".into()] {
            rig.put("inbox", message);
        }
        rig.run();
        assert_eq!((rig.take("outbox").len(), rig.take("rejected").len()), (0, 3));
    }
}
