//! Traffic: the messages that move across links, in display time.
//!
//! Pure; the caller passes the time. A snapshot contains samples of the delivered messages; each sample becomes a dot
//! that travels for 400 ms. If there are too many messages to follow, the dots become a train with a rate. The
//! animation does not affect the running system, and it requests frames only while a dot travels.

use std::collections::HashMap;

use compose_runtime::introspect::snapshot::DeliverySample;

/// How long a dot travels, in seconds of display time.
pub const TRAVEL: f64 = 0.4;

/// From this rate, in messages per second, a link shows a train instead of single dots.
pub const FAST: f64 = 12.0;

/// Up to this rate, in messages per second, dots show their values.
pub const READABLE: f64 = 5.0;

/// The maximum number of characters in the label of a dot.
const LABEL: usize = 18;

/// The maximum number of single dots on one link.
const MOST_DOTS: usize = 24;

/// The moving messages, by index of the wire in the layout.
#[derive(Debug, Default)]
pub struct Traffic {
    flows: HashMap<usize, Flow>,
    snapshot: Option<u64>,
    stamp: u64,
}

/// The movement on one link.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Flow {
    /// Single messages, oldest first.
    pub dots: Vec<Dot>,
    /// The time at which the train ends, if there is one.
    pub train_until: f64,
    /// The rate, in messages per second.
    pub rate: f64,
}

/// One moving message.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// The time at which it starts.
    pub started: f64,
    /// Its value, shortened; empty if the rate is too high to read it.
    pub label: String,
}

impl Dot {
    /// Its progress from 0 to 1; `None` if it has not started or has arrived.
    pub fn progress(&self, now: f64) -> Option<f32> {
        let done = (now - self.started) / TRAVEL;
        (0.0..1.0).contains(&done).then_some(done as f32)
    }
}

impl Traffic {
    /// Whether this snapshot is new. Removes all messages when the layout has changed.
    pub fn is_new(&mut self, snapshot: Option<u64>, stamp: u64) -> bool {
        if self.stamp != stamp || snapshot.is_none() {
            self.flows.clear();
            self.stamp = stamp;
        }
        let is_new = snapshot.is_some() && self.snapshot != snapshot;
        self.snapshot = snapshot;
        is_new
    }

    /// Adds the samples of one link from a snapshot.
    pub fn take(&mut self, link: usize, samples: &[DeliverySample], rate: f64, now: f64) {
        if samples.is_empty() {
            return;
        }
        let flow = self.flows.entry(link).or_default();
        flow.rate = rate;
        if rate >= FAST {
            flow.dots.clear();
            flow.train_until = now + TRAVEL;
            return;
        }
        let apart = 0.12 / samples.len() as f64;
        for (index, sample) in samples.iter().enumerate() {
            let label = if rate <= READABLE { sample.message.label(LABEL) } else { String::new() };
            flow.dots.push(Dot { started: now + apart * index as f64, label });
        }
        let excess = flow.dots.len().saturating_sub(MOST_DOTS);
        flow.dots.drain(..excess);
    }

    /// Removes the messages that have arrived. Returns whether any message still moves.
    pub fn settle(&mut self, now: f64) -> bool {
        self.flows.retain(|_, flow| {
            flow.dots.retain(|dot| now < dot.started + TRAVEL);
            !flow.dots.is_empty() || now < flow.train_until
        });
        !self.flows.is_empty()
    }

    /// The movement on a link.
    pub fn flow(&self, link: usize) -> Option<&Flow> {
        self.flows.get(&link)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::message::Message;

    use super::*;

    fn sample(text: &str) -> DeliverySample {
        DeliverySample { sequence: 1, at: Duration::ZERO, pass: 1, message: Message::text(text) }
    }

    #[test]
    fn a_message_travels_once_and_then_the_link_is_still() {
        let mut traffic = Traffic::default();
        assert!(traffic.is_new(Some(1), 1));
        assert!(!traffic.is_new(Some(1), 1));
        traffic.take(0, &[sample("NEXT")], 1.0, 10.0);
        assert!(traffic.settle(10.2));
        assert_eq!(traffic.flow(0).and_then(|flow| flow.dots[0].progress(10.2)), Some(0.5));
        assert_eq!(traffic.flow(0).map(|flow| flow.dots[0].label.as_str()), Some("\"NEXT\""));
        assert!(!traffic.settle(10.41));
    }

    #[test]
    fn many_messages_become_a_train_without_labels() {
        let mut traffic = Traffic::default();
        traffic.take(3, &[sample("a"), sample("b")], 93.0, 0.0);
        assert!(traffic.flow(3).is_some_and(|flow| flow.dots.is_empty() && flow.train_until > 0.0));
    }

    #[test]
    fn a_new_layout_removes_all_messages() {
        let mut traffic = Traffic::default();
        traffic.is_new(Some(1), 1);
        traffic.take(0, &[sample("x")], 1.0, 0.0);
        traffic.is_new(Some(1), 2);
        assert!(!traffic.settle(0.1));
    }
}
