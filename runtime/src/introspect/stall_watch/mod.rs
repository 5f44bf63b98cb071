//! What only shows over time: who starves, which inbox only grows, which part of a pipeline is the slowest.
//!
//! A pure [`Watcher`] is fed with snapshots of one run, oldest first, and says what it sees over the last of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::findings::ways;
pub use crate::introspect::sign::Sign;
use crate::introspect::snapshot::{ComponentView, InboxView, Snapshot, State, WaitReason};
use crate::introspect::stall::wait_in_words;

/// How many snapshots are looked at together.
const WINDOW: usize = 8;

/// How many snapshots there must be before anything is said about growing and starving.
const ENOUGH: usize = 4;

/// By how many messages an inbox must have grown to be told.
const MUCH: usize = 20;

/// Looks at the last few snapshots of a run.
#[derive(Debug, Clone, Default)]
pub struct Watcher {
    seen: VecDeque<Arc<Snapshot>>,
}

impl Watcher {
    /// Takes in the next snapshot.
    pub fn add(&mut self, snapshot: Arc<Snapshot>) {
        if self.seen.len() == WINDOW {
            self.seen.pop_front();
        }
        self.seen.push_back(snapshot);
    }

    /// What can be seen now: who starves, what grows, then the slowest part.
    pub fn signs(&self) -> Vec<Sign> {
        let (Some(first), Some(last)) = (self.seen.front(), self.seen.back()) else { return Vec::new() };
        let span = last.clock.saturating_sub(first.clock);
        let mut signs = Vec::new();
        if self.seen.len() >= ENOUGH {
            signs.extend(last.components.iter().filter_map(|view| self.starving(first, last, view, span)));
            signs.extend(last.components.iter().flat_map(|view| self.growing(first, view, span)));
        }
        signs.extend(self.slowest(first, last, span));
        signs
    }

    /// All looks at one component, oldest first; `None` if it was not there all the time.
    fn looks(&self, id: ComponentId) -> Option<Vec<&ComponentView>> {
        self.seen.iter().map(|snapshot| snapshot.component(id)).collect()
    }

    fn starving(&self, first: &Snapshot, last: &Snapshot, view: &ComponentView, span: Duration) -> Option<Sign> {
        let looks = self.looks(view.id)?;
        let stands = looks.windows(2).all(|pair| matches!(pair, [one, next] if one.turns == next.turns));
        if !stands || last.deliveries == first.deliveries {
            return None;
        }
        let name = &view.name;
        let seconds = span.as_secs_f64();
        let words = if looks.iter().all(|look| look.state == State::Ready) {
            format!("{name} starves: it has been ready for {seconds:.1} s and had no turn, while others worked")
        } else if looks.iter().all(|look| matches!(look.state, State::Waiting(WaitReason::Room { .. }))) {
            format!("{} for {seconds:.1} s, while others worked", wait_in_words(last, view.id)?)
        } else {
            return None;
        };
        Some(Sign::Starves { component: view.id, words })
    }

    fn growing(&self, first: &Snapshot, view: &ComponentView, span: Duration) -> Vec<Sign> {
        let Some(before) = first.component(view.id) else { return Vec::new() };
        let grows = |inbox: &&InboxView| {
            let depths: Option<Vec<usize>> =
                self.seen.iter().map(|snapshot| Some(find(snapshot.component(view.id)?, &inbox.name)?.depth)).collect();
            depths.is_some_and(|depths| depths.is_sorted_by(|one, next| one < next))
        };
        let sign = |inbox: &InboxView| {
            let old = find(before, &inbox.name).filter(|old| inbox.depth >= old.depth + MUCH)?;
            let rate = |now: u64, then: u64| now.saturating_sub(then) as f64 / span.as_secs_f64().max(1.0e-9);
            let words = format!(
                "{}.{} only grows: from {} to {} messages in {:.1} s; {:.0} a second arrive and {:.0} are taken",
                view.name,
                inbox.name,
                old.depth,
                inbox.depth,
                span.as_secs_f64(),
                rate(inbox.arrived, old.arrived),
                rate(inbox.taken, old.taken),
            );
            Some(Sign::Grows { inbox: BoxAddr::inbox(view.id, inbox.name.clone()), words })
        };
        view.inboxes.iter().filter(grows).filter_map(sign).collect()
    }

    fn slowest(&self, first: &Snapshot, last: &Snapshot, span: Duration) -> Option<Sign> {
        let after = sinks(last);
        let none = BTreeSet::new();
        let measured = last.components.iter().filter(|view| !view.state.has_ended()).filter_map(|view| {
            let queues = view.inboxes.iter().map(|inbox| BoxAddr::inbox(view.id, inbox.name.clone()));
            let before = queues.filter_map(|inbox| self.fullness(&inbox)).max_by(|a, b| a.0.total_cmp(&b.0))?;
            let fed = after.get(&view.id).unwrap_or(&none).iter().filter(|inbox| inbox.component != view.id);
            let after = fed.filter_map(|inbox| self.fullness(inbox)).max_by(|a, b| a.0.total_cmp(&b.0));
            let is_narrow = before.0 >= 0.5 && after.is_none_or(|after| after.0 < 0.5);
            is_narrow.then_some((view, before, after))
        });
        let score = |(_, before, after): &(&ComponentView, Fullness, Option<Fullness>)| {
            before.0 - after.map_or(0.0, |after| after.0)
        };
        let (view, before, after) = measured.max_by(|one, other| score(one).total_cmp(&score(other)))?;
        let worked = view.busy.saturating_sub(first.component(view.id).map_or(Duration::ZERO, |old| old.busy));
        let busy = if span.is_zero() { 0.0 } else { (worked.as_secs_f64() / span.as_secs_f64()).min(1.0) };
        let queue = |(_, depth, capacity): Fullness| format!("{depth:.0} of {capacity}");
        let behind = after.map_or_else(|| "it feeds nobody".to_owned(), |after| format!("{} after it", queue(after)));
        let words = format!(
            "the slowest part is {}: busy {:.0} % of the time, {} messages wait before it, {behind}",
            view.name,
            busy * 100.0,
            queue(before),
        );
        Some(Sign::Slowest { component: view.id, busy, before: before.0, after: after.map(|after| after.0), words })
    }

    /// How full a limited inbox was on the average.
    fn fullness(&self, inbox: &BoxAddr) -> Option<Fullness> {
        let views: Option<Vec<&InboxView>> =
            self.seen.iter().map(|snapshot| find(snapshot.component(inbox.component)?, &inbox.name)).collect();
        let views = views?;
        let capacity = views.last()?.capacity.filter(|capacity| *capacity > 0)?;
        let depth = views.iter().map(|view| view.depth as f64).sum::<f64>() / views.len() as f64;
        Some((depth / capacity as f64, depth, capacity))
    }
}

/// Share, messages, limit.
type Fullness = (f64, f64, usize);

fn find<'a>(view: &'a ComponentView, inbox: &str) -> Option<&'a InboxView> {
    view.inboxes.iter().find(|known| &*known.name == inbox)
}

/// The inboxes in which what a component sends ends up, through the boxes of composites.
fn sinks(snapshot: &Snapshot) -> BTreeMap<ComponentId, BTreeSet<BoxAddr>> {
    let mut found: BTreeMap<ComponentId, BTreeSet<BoxAddr>> = BTreeMap::new();
    for (from, to) in ways(snapshot.linkages.iter().map(|link| &link.desc)) {
        found.entry(from.component).or_default().insert(to.clone());
    }
    found
}

#[cfg(test)]
mod tests;
