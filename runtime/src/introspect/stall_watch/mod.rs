//! Stall watch: finds starving components, growing inboxes and the slowest part of a pipeline, which show only over
//! time.
//!
//! The [`Watcher`] is pure. It receives the snapshots of one run, oldest first, and compares the last few of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::ids::{BoxAddr, ComponentId};
use crate::introspect::findings::routes;
pub use crate::introspect::sign::Sign;
use crate::introspect::snapshot::{ComponentView, DeliverySample, InboxView, LinkageView, Snapshot, State, WaitReason};
use crate::introspect::stall::wait_text;

/// Number of snapshots that are compared.
const WINDOW: usize = 8;

/// Number of snapshots needed to report growing and starving.
const ENOUGH: usize = 4;

/// Number of messages by which an inbox must grow to be reported.
const MUCH: usize = 20;

/// Sampled messages with a payload of at least this many bytes are not kept.
const LARGE: usize = 64 << 10;

/// Compares the last few snapshots of a run.
#[derive(Debug, Clone, Default)]
pub struct Watcher {
    seen: VecDeque<Arc<Snapshot>>,
}

/// The snapshot without its messages, if any of them are large. The comparison does not need the messages, and would
/// keep them alive long after the last receiver has dropped them.
fn without_large_messages(snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
    let is_large = |sample: &DeliverySample| sample.message.payload_len() >= LARGE;
    let has_large = |link: &LinkageView| {
        let tap = link.tap.iter().flat_map(|tap| tap.iter());
        link.samples.iter().chain(&link.last).chain(tap).any(is_large)
    };
    if !snapshot.linkages.iter().any(has_large) {
        return snapshot;
    }
    let mut light = Snapshot::clone(&snapshot);
    for link in &mut light.linkages {
        link.samples.clear();
        (link.last, link.tap) = (None, None);
    }
    Arc::new(light)
}

impl Watcher {
    /// Adds the next snapshot.
    pub fn add(&mut self, snapshot: Arc<Snapshot>) {
        if self.seen.len() == WINDOW {
            self.seen.pop_front();
        }
        self.seen.push_back(without_large_messages(snapshot));
    }

    /// The signs in the last few snapshots: starving components, growing inboxes, then the slowest part.
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

    /// One component in all snapshots, oldest first; `None` if it is missing in one of them.
    fn views(&self, id: ComponentId) -> Option<Vec<&ComponentView>> {
        self.seen.iter().map(|snapshot| snapshot.component(id)).collect()
    }

    fn starving(&self, first: &Snapshot, last: &Snapshot, view: &ComponentView, span: Duration) -> Option<Sign> {
        let views = self.views(view.id)?;
        let has_no_turns = views.windows(2).all(|pair| matches!(pair, [one, next] if one.turns == next.turns));
        if !has_no_turns || last.deliveries == first.deliveries {
            return None;
        }
        let name = &view.name;
        let seconds = span.as_secs_f64();
        let text = if views.iter().all(|view| view.state == State::Ready) {
            format!("{name} starves: it has been ready for {seconds:.1} s without a turn, while others worked")
        } else if views.iter().all(|view| matches!(view.state, State::Waiting(WaitReason::Space { .. }))) {
            format!("{}; this has lasted {seconds:.1} s, while others worked", wait_text(last, view.id)?)
        } else {
            return None;
        };
        Some(Sign::Starves { component: view.id, text })
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
            let text = format!(
                "{}.{} keeps growing: from {} to {} messages in {:.1} s; {:.0} per second arrive and {:.0} are taken",
                view.name,
                inbox.name,
                old.depth,
                inbox.depth,
                span.as_secs_f64(),
                rate(inbox.arrived, old.arrived),
                rate(inbox.taken, old.taken),
            );
            Some(Sign::Grows { inbox: BoxAddr::inbox(view.id, inbox.name.clone()), text })
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
        let behind = after.map_or_else(|| "no queue after it".to_owned(), |after| format!("{} after it", queue(after)));
        let text = format!(
            "the slowest part is {}: busy {:.0} % of the time, {} messages are waiting before it, {behind}",
            view.name,
            busy * 100.0,
            queue(before),
        );
        Some(Sign::Slowest { component: view.id, busy, before: before.0, after: after.map(|after| after.0), text })
    }

    /// Average fill level of a limited inbox.
    fn fullness(&self, inbox: &BoxAddr) -> Option<Fullness> {
        let views: Option<Vec<&InboxView>> =
            self.seen.iter().map(|snapshot| find(snapshot.component(inbox.component)?, &inbox.name)).collect();
        let views = views?;
        let capacity = views.last()?.capacity.filter(|capacity| *capacity > 0)?;
        let depth = views.iter().map(|view| view.depth as f64).sum::<f64>() / views.len() as f64;
        Some((depth / capacity as f64, depth, capacity))
    }
}

/// Fill level from 0 to 1, average number of messages, limit.
type Fullness = (f64, f64, usize);

fn find<'a>(view: &'a ComponentView, inbox: &str) -> Option<&'a InboxView> {
    view.inboxes.iter().find(|known| &*known.name == inbox)
}

/// The final inboxes of each component's messages, through the boxes of composites.
fn sinks(snapshot: &Snapshot) -> BTreeMap<ComponentId, BTreeSet<BoxAddr>> {
    let mut found: BTreeMap<ComponentId, BTreeSet<BoxAddr>> = BTreeMap::new();
    for (from, to) in routes(snapshot.linkages.iter().map(|link| &link.desc)) {
        found.entry(from.component).or_default().insert(to.clone());
    }
    found
}

#[cfg(test)]
mod tests;
