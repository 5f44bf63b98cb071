//! SimpleDetupler: extracts one element from each list or map.

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, reject};

/// Description of SimpleDetupler.
pub static SIMPLE_DETUPLER: ComponentSpec = ComponentSpec {
    type_name: "SimpleDetupler",
    category: Category::Text,
    summary: "Extracts one element from each list or map",
    docs: "`index` is a list index, counted from 0 (negative numbers count from the end), or a map key. A message \
           without this element is reported on the console and goes to `rejected`.\n\n\
           Example: Multicast_receiver sends pairs of sender and data; with `index` = 1, only the data is passed on.",
    inboxes: &[BoxSpec::new("inbox", "Lists or maps").kinds(&[Kind::List, Kind::Map])],
    outboxes: &[BoxSpec::new("outbox", "The element of each message"), REJECTED],
    params: &[ParamSpec::new("index", ParamKind::Any, DefaultValue::Int(0), "List index from 0, or map key")],
    build: build::<SimpleDetupler>,
    ..ComponentSpec::EMPTY
};

struct SimpleDetupler {
    index: Message,
}

impl Component for SimpleDetupler {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let index = params.get("index");
        match index {
            Message::Int(_) | Message::Text(_) => Ok(Self { index }),
            other => Err(ParamError::Refused {
                param: "index".to_owned(),
                expected: "a whole number or a key".to_owned(),
                got: other.repr().to_string().chars().take(40).collect(),
            }),
        }
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            match element(&message, &self.index) {
                Some(element) => io.send("outbox", element).await,
                None => reject(&io, "inbox", message, &format!("there is no element {}", self.index.label(20))).await,
            }
        }
        Ok(())
    }
}

fn element(message: &Message, index: &Message) -> Option<Message> {
    match (message, index) {
        (Message::List(items), Message::Int(index)) => {
            let from_start = if *index < 0 { i64::try_from(items.len()).ok()?.checked_add(*index)? } else { *index };
            items.get(usize::try_from(from_start).ok()?).cloned()
        }
        (Message::Map(map), key) => map.get(&key.to_string()).cloned(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn taken(index: impl Into<Message>, message: Message) -> (Vec<String>, usize) {
        let mut rig = Rig::new(&SIMPLE_DETUPLER, &[("index", index.into())]);
        rig.put("inbox", message);
        rig.finish();
        rig.run();
        (rig.texts("outbox"), rig.take("rejected").len())
    }

    #[test]
    fn elements_are_extracted_by_index_and_by_key() {
        let pair = Message::list(["a".into(), "b".into()]);
        assert_eq!(taken(1, pair.clone()), (vec!["b".to_owned()], 0));
        assert_eq!(taken(-2, pair.clone()), (vec!["a".to_owned()], 0));
        assert_eq!(taken("k", Message::map([("k", "v".into())])), (vec!["v".to_owned()], 0));
        assert_eq!(taken(2, pair), (vec![], 1));
        assert_eq!(taken(0, "text".into()), (vec![], 1));
    }

    #[test]
    fn the_error_for_a_real_number_shows_its_point() {
        let index = Message::from(1.0);
        let params = Params::check(SIMPLE_DETUPLER.params, [("index", &index)]);
        let error = params.map(|params| (SIMPLE_DETUPLER.build)(&params).err().map(|error| error.to_string()));
        assert_eq!(error, Ok(Some("index must be a whole number or a key, not 1.0".to_owned())));
    }
}
