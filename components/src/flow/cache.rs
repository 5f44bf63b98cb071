//! Cache: remembers the most recent requests and separates hits from misses.

use std::collections::{BTreeMap, HashMap};

use compose_runtime::dev::*;
use compose_runtime::message::MessageKey;

/// Description of Cache.
pub static CACHE: ComponentSpec = ComponentSpec {
    type_name: "Cache",
    category: Category::Flow,
    summary: "Separates recently seen requests from new ones",
    docs: "Each message is a request. A request that is one of the `size` most recent distinct requests goes to `hit`, \
           any other to `miss`. It then becomes the most recent request, and if there are too many, the least recent \
           one is forgotten. Two requests are the same if they have the same kind and the same value; pictures and sound \
           are compared by a checksum. The \
           component shows the number of hits and misses.\n\n\
           Example: link a ZipfSource to a Cache, and `hit` and `miss` to one RateMeter each, to see how much load a \
           small cache takes off the origin server.\n\n\
           New: the original paper on Kamaelia bases an argument on such a cache.",
    inboxes: &[BoxSpec::new("inbox", "Requests")],
    outboxes: &[BoxSpec::new("hit", "Requests it remembers"), BoxSpec::new("miss", "Requests it does not remember")],
    params: &[ParamSpec::int("size", 0, 10_000_000, 100, "Number of distinct requests to remember")],
    has_surface: true,
    build: build::<Cache>,
    ..ComponentSpec::EMPTY
};

struct Cache {
    size: usize,
    /// The time of the last occurrence of each request, and the reverse mapping.
    last_seen: HashMap<MessageKey, u64>,
    oldest_first: BTreeMap<u64, MessageKey>,
    now: u64,
}

impl Component for Cache {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { size: params.count("size"), last_seen: HashMap::new(), oldest_first: BTreeMap::new(), now: 0 })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let (mut hits, mut misses) = (0_u64, 0_u64);
        let show = |hits: u64, misses: u64| {
            let share = hits as f64 * 100.0 / (hits + misses).max(1) as f64;
            io.show(Surface::Text { lines: vec![format!("{hits} hits, {misses} misses"), format!("{share:.1} %")] });
        };
        show(0, 0);
        while let Some(message) = io.recv("inbox").await {
            let is_hit = self.record(message.key());
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
    /// Whether the request was remembered. Makes it the most recent request.
    fn record(&mut self, request: MessageKey) -> bool {
        self.now += 1;
        let before = self.last_seen.insert(request.clone(), self.now);
        if let Some(before) = before {
            self.oldest_first.remove(&before);
        }
        self.oldest_first.insert(self.now, request);
        if self.last_seen.len() > self.size
            && let Some((_, oldest)) = self.oldest_first.pop_first()
        {
            self.last_seen.remove(&oldest);
        }
        before.is_some()
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn hits_and_misses(size: i64, requests: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut rig = Rig::new(&CACHE, &[("size", size.into())]);
        for request in requests {
            rig.put("inbox", *request);
        }
        rig.finish();
        rig.run();
        (rig.texts("hit"), rig.texts("miss"))
    }

    #[test]
    fn a_recent_request_is_a_hit_and_the_least_recent_is_forgotten() {
        let (hits, misses) = hits_and_misses(2, &["a", "b", "a", "c", "b", "c"]);
        assert_eq!(
            (hits, misses),
            (vec!["a".into(), "c".into()], vec!["a".into(), "b".into(), "c".into(), "b".into()])
        );
    }

    #[test]
    fn requests_with_the_same_text_form_are_distinct() {
        let mut rig = Rig::new(&CACHE, &[]);
        rig.put("inbox", Message::bytes(b"\xff"));
        rig.put("inbox", Message::bytes(b"\xfe"));
        rig.run();
        assert_eq!((rig.take("hit").len(), rig.take("miss").len()), (0, 2));
    }

    #[test]
    fn a_cache_of_size_zero_never_hits() {
        assert_eq!(hits_and_misses(0, &["a", "a"]).0.len(), 0);
    }
}
