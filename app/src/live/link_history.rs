//! LinkHistory: the messages of each link that appeared in snapshots, so that a newly selected link has earlier messages.
//!
//! After a link is selected, a tap records every message. Earlier messages come from the samples in snapshots, which
//! contain all messages of a slow link and some of a fast one. Sequence numbers show the gaps.

use std::collections::{HashMap, VecDeque};

use compose_runtime::introspect::snapshot::{DeliverySample, LinkageView};
use compose_runtime::topology::LinkageDesc;

/// The largest number of messages kept for one link.
const MOST: usize = 200;

/// The largest number of large messages kept for one link, so that a video does not fill the memory.
const MOST_LARGE: usize = 4;

/// The size in bytes from which a message is large.
const LARGE: usize = 16 * 1024;

/// The largest number of links with kept messages.
const MOST_LINKS: usize = 2000;

/// The last messages seen on each link.
#[derive(Debug, Clone, Default)]
pub struct LinkHistory {
    links: HashMap<LinkageDesc, VecDeque<DeliverySample>>,
}

impl LinkHistory {
    /// Adds the samples of a new snapshot.
    pub fn note(&mut self, linkages: &[LinkageView]) {
        for linkage in linkages.iter().filter(|linkage| !linkage.samples.is_empty()) {
            if !self.links.contains_key(&linkage.desc) && self.links.len() == MOST_LINKS {
                continue;
            }
            let seen = self.links.entry(linkage.desc.clone()).or_default();
            // The sequence numbers of a new link start again.
            let newest = seen.back().map_or(0, |sample| sample.sequence);
            if linkage.samples.first().is_some_and(|sample| sample.sequence <= newest) {
                seen.clear();
            }
            seen.extend(linkage.samples.iter().cloned());
            seen.drain(..seen.len().saturating_sub(MOST));
            let large = seen.iter().filter(|sample| sample.message.payload_len() >= LARGE).count();
            let mut surplus = large.saturating_sub(MOST_LARGE);
            seen.retain(|sample| {
                let goes = surplus > 0 && sample.message.payload_len() >= LARGE;
                surplus -= usize::from(goes);
                !goes
            });
        }
    }

    /// The messages seen on a link before this sequence number, oldest first.
    pub fn before(&self, link: &LinkageDesc, sequence: u64) -> impl Iterator<Item = &DeliverySample> {
        self.links.get(link).into_iter().flatten().take_while(move |sample| sample.sequence < sequence)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::ids::{BoxAddr, ComponentId};
    use compose_runtime::message::Message;

    use super::*;

    fn desc() -> LinkageDesc {
        LinkageDesc { from: BoxAddr::outbox(ComponentId(1), "outbox"), to: BoxAddr::inbox(ComponentId(2), "inbox") }
    }

    fn shown(sequences: std::ops::RangeInclusive<u64>, size: usize) -> LinkageView {
        let sample =
            |sequence| DeliverySample { sequence, at: Duration::ZERO, pass: 1, message: Message::bytes(vec![0; size]) };
        let delivered = *sequences.end();
        LinkageView { desc: desc(), delivered, samples: sequences.map(sample).collect(), last: None, tap: None }
    }

    fn numbers(seen: &LinkHistory, before: u64) -> Vec<u64> {
        seen.before(&desc(), before).map(|sample| sample.sequence).collect()
    }

    #[test]
    fn samples_are_kept_up_to_a_limit() {
        let mut seen = LinkHistory::default();
        seen.note(&[shown(1..=3, 1)]);
        seen.note(&[shown(7..=9, 1)]);
        assert_eq!(numbers(&seen, u64::MAX), [1, 2, 3, 7, 8, 9]);
        assert_eq!(numbers(&seen, 8), [1, 2, 3, 7]);
        seen.note(&[shown(10..=400, 1)]);
        assert_eq!(numbers(&seen, u64::MAX), (201..=400).collect::<Vec<u64>>());
    }

    #[test]
    fn few_large_messages_are_kept_and_a_new_link_starts_empty() {
        let mut seen = LinkHistory::default();
        seen.note(&[shown(1..=2, 1)]);
        seen.note(&[shown(3..=20, LARGE)]);
        assert_eq!(numbers(&seen, u64::MAX), [1, 2, 17, 18, 19, 20]);
        seen.note(&[shown(1..=1, 1)]);
        assert_eq!(numbers(&seen, u64::MAX), [1]);
    }
}
