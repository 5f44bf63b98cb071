//! Traffic: the messages that are on their way across links, in display time.
//!
//! Pure but for the clock it is given. A snapshot brings samples of what was delivered; each becomes a dot that travels
//! for 400 ms. Where messages are too many to follow, the dots become a train with a rate. This is only a picture: it
//! neither slows nor orders anything, and when nothing travels nothing asks for another frame.

use std::collections::HashMap;

use compose_runtime::introspect::snapshot::DeliverySample;

/// How long a dot travels, in seconds of display time.
pub const TRAVEL: f64 = 0.4;

/// From this many messages a second a link shows a train instead of single dots.
pub const FAST: f64 = 12.0;

/// Up to this many messages a second dots carry their values.
pub const READABLE: f64 = 5.0;

/// Longest label of a dot, in characters.
const LABEL: usize = 18;

/// Most single dots on one link.
const MOST_DOTS: usize = 24;

/// Messages on their way, by number of the link in the layout.
#[derive(Debug, Default)]
pub struct Traffic {
    flows: HashMap<usize, Flow>,
    snapshot: Option<u64>,
    stamp: u64,
}

/// What moves on one link.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Flow {
    /// Single messages, oldest first.
    pub dots: Vec<Dot>,
    /// When the train ends, if there is one.
    pub train_until: f64,
    /// Messages a second.
    pub rate: f64,
}

/// One message on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// When it set out.
    pub started: f64,
    /// Its value in a few characters; empty if there is no time to read it.
    pub label: String,
}

impl Dot {
    /// How far it has come, from 0 to 1; `None` if it has not set out or has arrived.
    pub fn progress(&self, now: f64) -> Option<f32> {
        let done = (now - self.started) / TRAVEL;
        (0.0..1.0).contains(&done).then_some(done as f32)
    }
}

impl Traffic {
    /// Whether this snapshot has not been taken yet. Forgets everything when the layout has changed.
    pub fn is_news(&mut self, snapshot: Option<u64>, stamp: u64) -> bool {
        if self.stamp != stamp || snapshot.is_none() {
            self.flows.clear();
            self.stamp = stamp;
        }
        let is_news = snapshot.is_some() && self.snapshot != snapshot;
        self.snapshot = snapshot;
        is_news
    }

    /// Takes what a snapshot says about one link.
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

    /// Forgets what has arrived. Says whether anything still moves.
    pub fn settle(&mut self, now: f64) -> bool {
        self.flows.retain(|_, flow| {
            flow.dots.retain(|dot| now < dot.started + TRAVEL);
            !flow.dots.is_empty() || now < flow.train_until
        });
        !self.flows.is_empty()
    }

    /// What moves on a link.
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
    fn a_message_travels_once_and_then_nothing_moves() {
        let mut traffic = Traffic::default();
        assert!(traffic.is_news(Some(1), 1));
        assert!(!traffic.is_news(Some(1), 1));
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
    fn a_new_layout_forgets_everything() {
        let mut traffic = Traffic::default();
        traffic.is_news(Some(1), 1);
        traffic.take(0, &[sample("x")], 1.0, 0.0);
        traffic.is_news(Some(1), 2);
        assert!(!traffic.settle(0.1));
    }
}
