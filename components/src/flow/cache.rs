//! Cache: keeps the things that were asked for last, and passes on the questions it cannot answer.

use std::collections::{BTreeMap, HashMap};

use compose_runtime::dev::*;

/// Description of Cache.
pub static CACHE: ComponentSpec = ComponentSpec {
    type_name: "Cache",
    category: Category::Flow,
    summary: "Tells the questions that were asked lately from those that were not",
    docs: "Each message is a question. If it is one of the last `size` different ones it leaves from `hit`, else from \
           `miss`; then it is the newest, and the one that was not asked for longest is forgotten. Two questions are the \
           same if they are of the same kind and have the same text form. How many there were of each stands on it.\n\n\
           Example: ZipfSource into Cache, `hit` and `miss` into a RateMeter each: how much a small store takes off the \
           origin behind it.\n\n\
           New: the founding paper argues with such a store.",
    inboxes: &[BoxSpec::new("inbox", "Questions")],
    outboxes: &[BoxSpec::new("hit", "Those it knows"), BoxSpec::new("miss", "Those it does not know yet")],
    params: &[ParamSpec::int("size", 0, 10_000_000, 100, "How many different questions it remembers")],
    has_surface: true,
    build: build::<Cache>,
    ..ComponentSpec::EMPTY
};

struct Cache {
    size: usize,
    /// When each question was asked last, and the other way round.
    asked: HashMap<(Kind, String), u64>,
    oldest_first: BTreeMap<u64, (Kind, String)>,
    now: u64,
}

impl Component for Cache {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { size: params.count("size"), asked: HashMap::new(), oldest_first: BTreeMap::new(), now: 0 })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let (mut hits, mut misses) = (0_u64, 0_u64);
        let show = |hits: u64, misses: u64| {
            let share = hits as f64 * 100.0 / (hits + misses).max(1) as f64;
            io.show(Surface::Text { lines: vec![format!("{hits} hits, {misses} misses"), format!("{share:.1} %")] });
        };
        show(0, 0);
        while let Some(message) = io.recv("inbox").await {
            let is_hit = self.ask((message.kind(), message.to_string()));
            *(if is_hit { &mut hits } else { &mut misses }) += 1;
            if io.depth("inbox") == 0 {
                show(hits, misses);
            }
            io.send(if is_hit { "hit" } else { "miss" }, message).await;
        }
        show(hits, misses);
        Ok(())
    }
}

impl Cache {
    /// Whether the question is known; it is from now on.
    fn ask(&mut self, question: (Kind, String)) -> bool {
        self.now += 1;
        let before = self.asked.insert(question.clone(), self.now);
        if let Some(before) = before {
            self.oldest_first.remove(&before);
        }
        self.oldest_first.insert(self.now, question);
        if self.asked.len() > self.size
            && let Some((_, oldest)) = self.oldest_first.pop_first()
        {
            self.asked.remove(&oldest);
        }
        before.is_some()
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn hits_and_misses(size: i64, questions: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut rig = Rig::new(&CACHE, &[("size", size.into())]);
        for question in questions {
            rig.put("inbox", *question);
        }
        rig.finish();
        rig.run();
        (rig.texts("hit"), rig.texts("miss"))
    }

    #[test]
    fn what_was_asked_lately_is_a_hit_and_the_oldest_is_forgotten() {
        let (hits, misses) = hits_and_misses(2, &["a", "b", "a", "c", "b", "c"]);
        assert_eq!(
            (hits, misses),
            (vec!["a".into(), "c".into()], vec!["a".into(), "b".into(), "c".into(), "b".into()])
        );
    }

    #[test]
    fn a_cache_without_room_knows_nothing() {
        assert_eq!(hits_and_misses(0, &["a", "a"]).0.len(), 0);
    }
}
