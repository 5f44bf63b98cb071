//! LiveView: what the canvas and the panels may show of the running system.
//!
//! The newest snapshot, joined to the ids of the document, with rates and console. Written by `Live` once a frame,
//! read-only for everyone who draws. After the end the last values stay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::introspect::snapshot::{ComponentView, LinkageView, RunState, Snapshot, State};
use compose_runtime::surface::Surface;

use super::console::Console;
use super::rates::{Rate, Rates};
use crate::document::{NodeId, Wire};

/// The newest snapshot and what follows from the ones before it.
#[derive(Debug, Clone, Default)]
pub struct LiveView {
    /// The newest snapshot; kept after the end, so that the last values stay visible.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The lines of the console.
    pub console: Console,
    pub(super) is_running: bool,
    pub(super) is_paused: bool,
    rates: Rates,
    /// The rate of all deliveries together.
    total: Rate,
    now: Duration,
    /// Places of linkages in the snapshot, if they are not in order there.
    places: BTreeMap<Wire, usize>,
}

impl LiveView {
    /// A view of this snapshot, as if it ran; for tests and pictures.
    pub fn of_snapshot(snapshot: Snapshot) -> Self {
        let mut view = Self { is_running: true, ..Self::default() };
        view.take(Arc::new(snapshot), Duration::ZERO);
        view
    }

    /// What a component does; `None` if it does not run.
    pub fn component(&self, id: NodeId) -> Option<&ComponentView> {
        self.snapshot.as_ref()?.component(id.into())
    }

    /// What went over a wire; `None` if it does not run.
    pub fn linkage(&self, wire: &Wire) -> Option<&LinkageView> {
        let linkages = &self.snapshot.as_ref()?.linkages;
        if self.places.is_empty() {
            let desc = wire.linkage();
            let place = linkages.binary_search_by(|view| view.desc.cmp(&desc)).ok()?;
            return linkages.get(place);
        }
        linkages.get(*self.places.get(wire)?)
    }

    /// Messages a second over a wire, in the last second or so.
    pub fn wire_rate(&self, wire: &Wire) -> f64 {
        if self.is_running { self.rates.of(&wire.linkage(), self.now) } else { 0.0 }
    }

    /// Deliveries a second of the whole system, lately.
    pub fn delivery_rate(&self) -> f64 {
        if self.is_running { self.total.per_second(self.now) } else { 0.0 }
    }

    /// Whether there is a running system, paused or not.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Whether the running system is paused.
    pub fn is_paused(&self) -> bool {
        self.is_running && self.is_paused
    }

    /// Whether every component of the running system has ended.
    pub fn has_ended(&self) -> bool {
        self.is_running && self.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == RunState::Ended)
    }

    /// Who waits for whom, if nothing can move.
    pub fn stall(&self) -> Option<&str> {
        match &self.snapshot.as_ref()?.run {
            RunState::Stalled(words) if self.is_running => Some(words),
            _ => None,
        }
    }

    /// The components that have crashed, with their words.
    pub fn faults(&self) -> impl Iterator<Item = (NodeId, &str)> {
        let components = self.snapshot.iter().flat_map(|snapshot| &snapshot.components);
        components.filter_map(|view| match &view.state {
            State::Crashed(words) => Some((view.id.into(), &**words)),
            _ => None,
        })
    }

    /// The components that ask for lines on the console, with their prompt.
    pub fn prompts(&self) -> impl Iterator<Item = (&ComponentView, &str)> {
        let components = self.snapshot.iter().flat_map(|snapshot| &snapshot.components);
        components.filter(|view| !view.state.has_ended()).filter_map(|view| match view.surface.as_deref() {
            Some(Surface::Prompt { prompt }) => Some((view, prompt.as_str())),
            _ => None,
        })
    }

    /// When to look again although nothing new happens: while a rate comes down. `None` if everything stands still.
    pub fn look_again_in(&self) -> Option<Duration> {
        (self.is_running && self.rates.are_moving()).then_some(Duration::from_millis(200))
    }

    /// Takes in the newest snapshot at this moment of the wall clock.
    pub(super) fn take(&mut self, snapshot: Arc<Snapshot>, now: Duration) {
        self.now = now;
        self.rates.note(now, &snapshot.linkages);
        self.total.note(now, snapshot.deliveries);
        let is_new = self.snapshot.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &snapshot));
        if is_new {
            let is_sorted = snapshot.linkages.is_sorted_by(|one, other| one.desc <= other.desc);
            let places = snapshot.linkages.iter().enumerate().filter(|_| !is_sorted);
            self.places = places.map(|(place, view)| (Wire::from(&view.desc), place)).collect();
        }
        self.snapshot = Some(snapshot);
    }

    /// A new run begins.
    pub(super) fn begin(&mut self) {
        *self = Self { is_running: true, ..Self::default() };
    }

    /// The run is over; the last values stay.
    pub(super) fn end(&mut self) {
        self.is_running = false;
        self.is_paused = false;
        self.rates.clear();
    }
}
