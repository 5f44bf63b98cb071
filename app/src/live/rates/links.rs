//! LinkRates: messages per second on every linkage, over a sliding window of one second. Pure; the caller passes the
//! time.

use std::collections::VecDeque;
use std::time::Duration;

use compose_runtime::introspect::snapshot::LinkageView;
use compose_runtime::topology::LinkageDesc;

/// The window of a rate.
const WINDOW: Duration = Duration::from_secs(1);

/// Counts closer together than this are merged.
pub const SPACING: Duration = Duration::from_millis(90);

/// How far a curve goes back, and the shortest interval between its counts.
pub const PAST: Duration = Duration::from_secs(10);
const PAST_SPACING: Duration = Duration::from_millis(240);

/// The number of points of a curve.
const MOMENTS: u32 = 40;

/// The rates of all linkages, in the order of the linkages.
#[derive(Debug, Clone, Default)]
pub struct LinkRates {
    rates: Vec<(LinkageDesc, Rate)>,
}

/// The counts of one linkage, or of all together, in the last second.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    counts: VecDeque<(Duration, u64)>,
    /// The counts of the last [`PAST`], at longer intervals.
    past: VecDeque<(Duration, u64)>,
}

impl Rate {
    /// Adds a count.
    pub fn note(&mut self, now: Duration, count: u64) {
        if self.counts.back().is_some_and(|(_, last)| *last > count) {
            // The linkage was replaced by a new one.
            self.counts.clear();
            self.past.clear();
        }
        self.note_past(now, count);
        let before_last = self.counts.len().checked_sub(2).and_then(|index| self.counts.get(index));
        match (before_last.copied(), self.counts.back_mut()) {
            (Some((at, _)), Some(last)) if now.saturating_sub(at) < SPACING => *last = (now, count),
            _ => self.counts.push_back((now, count)),
        }
        // One count from before the window stays, for comparison with the first one in the window.
        while self.counts.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= WINDOW) {
            self.counts.pop_front();
        }
    }

    fn note_past(&mut self, now: Duration, count: u64) {
        let before_last = self.past.len().checked_sub(2).and_then(|index| self.past.get(index));
        match (before_last.copied(), self.past.back_mut()) {
            (_, Some(last)) if last.1 == count => return,
            (Some((at, _)), Some(last)) if now.saturating_sub(at) < PAST_SPACING => *last = (now, count),
            _ => self.past.push_back((now, count)),
        }
        while self.past.get(1).is_some_and(|(at, _)| now.saturating_sub(*at) >= PAST + WINDOW) {
            self.past.pop_front();
        }
    }

    /// Messages per second at regular moments of the last [`PAST`], oldest first, each over the preceding second.
    fn curve(&self, now: Duration) -> Vec<f32> {
        let count_at = |moment: Duration| {
            let later = self.past.partition_point(|(at, _)| *at <= moment);
            later.checked_sub(1).and_then(|index| self.past.get(index)).map_or(0, |(_, count)| *count)
        };
        let moments = (0..MOMENTS).rev().map(|steps| now.saturating_sub(PAST * steps / MOMENTS));
        let first = self.past.front().map_or(0, |(_, count)| *count);
        let rate = |moment: Duration| {
            let before = moment.checked_sub(WINDOW).map_or(0, count_at).max(first.min(count_at(moment)));
            count_at(moment).saturating_sub(before) as f32 / WINDOW.as_secs_f32()
        };
        moments.map(rate).collect()
    }

    /// The rate per second.
    pub fn per_second(&self, now: Duration) -> f64 {
        let (Some((began, first)), Some((_, last))) = (self.counts.front(), self.counts.back()) else { return 0.0 };
        let span = now.saturating_sub(*began).as_secs_f64();
        if last == first || span <= 0.0 { 0.0 } else { (last - first) as f64 / span.max(0.1) }
    }
}

impl LinkRates {
    /// Adds the counts of a snapshot, whose linkages are in order.
    pub fn note(&mut self, now: Duration, linkages: &[LinkageView]) {
        let same = self.rates.len() == linkages.len()
            && self.rates.iter().zip(linkages).all(|((desc, _), view)| *desc == view.desc);
        if !same {
            let mut old = std::mem::take(&mut self.rates);
            self.rates = linkages
                .iter()
                .map(|view| {
                    let known = old.binary_search_by(|(desc, _)| desc.cmp(&view.desc)).ok();
                    let rate = known.and_then(|index| old.get_mut(index)).map(|(_, rate)| std::mem::take(rate));
                    (view.desc.clone(), rate.unwrap_or_default())
                })
                .collect();
        }
        for ((_, rate), view) in self.rates.iter_mut().zip(linkages) {
            rate.note(now, view.delivered);
        }
    }

    /// Messages per second on a linkage.
    pub fn of(&self, desc: &LinkageDesc, now: Duration) -> f64 {
        let index = self.rates.binary_search_by(|(known, _)| known.cmp(desc)).ok();
        index.and_then(|index| self.rates.get(index)).map_or(0.0, |(_, rate)| rate.per_second(now))
    }

    /// Messages per second on a linkage in the last [`PAST`], oldest first; empty if the linkage is unknown.
    pub fn curve(&self, desc: &LinkageDesc, now: Duration) -> Vec<f32> {
        let index = self.rates.binary_search_by(|(known, _)| known.cmp(desc)).ok();
        index.and_then(|index| self.rates.get(index)).map_or_else(Vec::new, |(_, rate)| rate.curve(now))
    }

    /// Whether a rate is above zero, so that it changes even if no new messages arrive.
    pub fn are_moving(&self) -> bool {
        self.rates.iter().any(|(_, rate)| match (rate.counts.front(), rate.counts.back()) {
            (Some((_, first)), Some((_, last))) => first != last,
            _ => false,
        })
    }

    /// Resets all rates.
    pub fn clear(&mut self) {
        self.rates.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: &[(u64, u64)], now: u64, expected: f64) {
        let mut rate = Rate::default();
        for (millis, count) in counts {
            rate.note(Duration::from_millis(*millis), *count);
        }
        let found = rate.per_second(Duration::from_millis(now));
        assert!((found - expected).abs() < 0.06 * expected.max(0.1), "{found} instead of {expected}");
    }

    #[test]
    fn a_steady_stream_has_its_rate() {
        let counts: Vec<(u64, u64)> = (0..100).map(|tick| (tick * 33, tick * 10)).collect();
        check(&counts, 99 * 33, 303.0);
    }

    #[test]
    fn the_rate_of_a_stopped_stream_falls_to_zero() {
        let counts = [(0, 0), (100, 100), (200, 100), (700, 100), (1150, 100), (1250, 100)];
        check(&counts[..3], 200, 500.0);
        check(&counts, 1250, 0.0);
    }

    #[test]
    fn one_message_per_second_is_counted() {
        check(&[(0, 0), (1000, 1), (1033, 1)], 1033, 0.97);
    }

    #[test]
    fn a_steady_stream_has_a_flat_curve() {
        let mut rate = Rate::default();
        for half_second in 0..40_u64 {
            rate.note(Duration::from_millis(half_second * 500), half_second);
        }
        let curve = rate.curve(Duration::from_millis(19_900));
        assert_eq!(curve, vec![2.0; MOMENTS as usize]);
        let later = rate.curve(Duration::from_secs(25));
        assert_eq!((later[0], later[MOMENTS as usize - 1]), (2.0, 0.0), "the stream has stopped");
    }

    #[test]
    fn a_new_linkage_starts_at_zero() {
        check(&[(0, 1000), (500, 3), (1000, 3)], 1000, 0.0);
    }
}
