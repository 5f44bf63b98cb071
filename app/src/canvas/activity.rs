//! Activity: which components have had a turn recently, so that lamps do not flicker with every snapshot.
//!
//! Pure; the caller passes the time. A component that handles fifty messages a second is waiting in most snapshots; its
//! lamp stays lit as long as it gets turns. Text always shows the state in the snapshot.

use std::collections::HashMap;

use compose_runtime::introspect::snapshot::{ComponentView, State};

use crate::document::NodeId;

/// How long a lamp stays lit after a turn, in seconds of display time.
pub const HOLD: f64 = 0.4;

/// The turns seen so far, by component.
#[derive(Debug, Default)]
pub struct Activity {
    seen: HashMap<NodeId, (u64, f64)>,
    snapshot: Option<u64>,
}

impl Activity {
    /// Records the visible components of a new snapshot. Returns whether a lit lamp will go out later.
    pub fn take<'a>(
        &mut self,
        snapshot: Option<u64>,
        components: impl Iterator<Item = &'a ComponentView>,
        now: f64,
    ) -> bool {
        if snapshot.is_none() {
            self.seen.clear();
        }
        if self.snapshot != snapshot {
            self.snapshot = snapshot;
            for component in components {
                let entry = self.seen.entry(component.id.into()).or_insert((component.turns, f64::NEG_INFINITY));
                if entry.0 != component.turns {
                    *entry = (component.turns, now + HOLD);
                }
            }
        }
        self.seen.values().any(|(_, until)| now < *until)
    }

    /// The state that the lamp of a component shows.
    pub fn lamp<'a>(&self, component: &'a ComponentView, now: f64) -> &'a State {
        let is_lit = self.seen.get(&component.id.into()).is_some_and(|(_, until)| now < *until);
        match &component.state {
            State::Waiting(_) | State::Ready if is_lit => &State::Running,
            state => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::WaitReason;
    use compose_runtime::testing::component_view;

    use super::*;

    fn waiting(turns: u64) -> ComponentView {
        ComponentView { turns, ..component_view(1, "a", State::Waiting(WaitReason::Time(Duration::ZERO))) }
    }

    #[test]
    fn a_turn_lights_the_lamp_for_a_while() {
        let mut activity = Activity::default();
        assert!(!activity.take(Some(1), [waiting(3)].iter(), 0.0));
        assert!(activity.take(Some(2), [waiting(4)].iter(), 0.1));
        assert_eq!(activity.lamp(&waiting(4), 0.2), &State::Running);
        assert!(!activity.take(Some(3), [waiting(4)].iter(), 0.6));
        assert_eq!(activity.lamp(&waiting(4), 0.6).name(), "waiting");
    }

    #[test]
    fn the_lamp_of_a_finished_component_is_never_lit() {
        let mut activity = Activity::default();
        activity.take(Some(1), [waiting(3)].iter(), 0.0);
        activity.take(Some(2), [waiting(4)].iter(), 0.1);
        let ended = ComponentView { state: State::Finished, ..waiting(4) };
        assert_eq!(activity.lamp(&ended, 0.2), &State::Finished);
    }
}
