//! Merge: combines the snapshots of several schedulers into one, without the bridges between them.

use std::sync::Arc;

use crate::ids::ComponentId;
use crate::introspect::snapshot::{ComponentView, LinkageView, RunState, Snapshot, State, WaitReason};
use crate::topology::LinkageDesc;

/// The two components of a bridge, and the linkage that it implements.
#[derive(Debug, Clone)]
pub(super) struct Bridge {
    pub out: ComponentId,
    pub into: ComponentId,
    pub linkage: Option<LinkageDesc>,
}

impl Default for Bridge {
    fn default() -> Self {
        Self { out: ComponentId(0), into: ComponentId(0), linkage: None }
    }
}

/// Combines the snapshots of all schedulers.
pub(super) fn merge(parts: &[Arc<Snapshot>], bridges: &[Bridge]) -> Snapshot {
    let (mut whole, mut signs) = (Snapshot::empty(), Vec::new());
    let is_bridge = |id: ComponentId| bridges.iter().any(|bridge| bridge.out == id || bridge.into == id);
    let is_hidden = |view: &ComponentView| is_bridge(view.id) && !matches!(view.state, State::Crashed(_));
    for part in parts {
        whole.number += part.number;
        whole.pass += part.pass;
        whole.clock = whole.clock.max(part.clock);
        whole.deliveries += part.deliveries;
        whole.last_batch = whole.last_batch.max(part.last_batch);
        whole.observing = whole.observing.max(part.observing);
        whole.failed_steps.extend(part.failed_steps.iter().cloned());
        whole.past_crashes.extend(part.past_crashes.iter().cloned());
        let shown = part.signs.iter().filter(|sign| !is_bridge(sign.component()));
        signs.extend(shown.cloned());
        let shown = part.components.iter().filter(|view| !is_hidden(view)).cloned();
        whole.components.extend(shown.map(|view| skip_bridge(view, bridges)));
        for view in &part.linkages {
            if is_bridge(view.desc.to.component) {
                continue;
            }
            let bridge = bridges.iter().find(|bridge| bridge.into == view.desc.from.component);
            match bridge.and_then(|bridge| bridge.linkage.clone()) {
                // The link counts the messages that have arrived. Messages in the bridge are still on their way.
                Some(desc) => whole.linkages.push(LinkageView { desc, ..view.clone() }),
                None => whole.linkages.push(view.clone()),
            }
        }
    }
    whole.components.sort_by_key(|view| view.id);
    whole.linkages.sort_by(|one, other| one.desc.cmp(&other.desc));
    whole.signs = Arc::new(signs);
    whole.run = run_state(parts);
    whole
}

/// A component that waits for space in a bridge is shown as waiting for space in the inbox behind it.
fn skip_bridge(mut view: ComponentView, bridges: &[Bridge]) -> ComponentView {
    if let State::Waiting(WaitReason::Space { full, .. }) = &mut view.state
        && let Some(bridge) = bridges.iter().find(|bridge| bridge.out == full.component)
        && let Some(desc) = &bridge.linkage
    {
        *full = desc.to.clone();
    }
    view
}

/// Ended if all schedulers have ended; paused or stalled if all those still running are.
fn run_state(parts: &[Arc<Snapshot>]) -> RunState {
    let running = || parts.iter().filter(|part| part.run != RunState::Ended && !part.components.is_empty());
    let first = running().map(|part| &part.run).next();
    match first {
        None => RunState::Ended,
        Some(RunState::Paused) if running().all(|part| part.run == RunState::Paused) => RunState::Paused,
        Some(RunState::Stalled(_)) if running().all(|part| matches!(part.run, RunState::Stalled(_))) => {
            let texts = running().filter_map(|part| match &part.run {
                RunState::Stalled(text) => Some(&**text),
                RunState::Ended | RunState::Paused | RunState::Running => None,
            });
            RunState::Stalled(texts.collect::<Vec<_>>().join("; ").into())
        }
        Some(_) => RunState::Running,
    }
}
