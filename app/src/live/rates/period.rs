//! Period: a period of time in which a component did the same thing.

use std::time::Duration;

use compose_runtime::introspect::snapshot::{ComponentView, State, WaitReason};

/// Being busy for longer than this counts as work even if no messages were received or sent.
const LEAST_BUSY: Duration = Duration::from_millis(1);

/// The shortest period of work that is shown. Snapshots are made often while the system is busy, and when it falls
/// asleep. A longer time between two snapshots therefore starts with a period of sleep.
const LEAST_SHOWN: Duration = Duration::from_millis(50);

/// What a component did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doing {
    /// It received or sent messages, or was busy.
    Worked,
    /// It waited for a message or for a point in time.
    Waited,
    /// It waited to send, because an inbox was full.
    HeldUp,
    /// The user paused it.
    Paused,
    /// It had crashed.
    Crashed,
    /// It had finished.
    Ended,
}

impl Doing {
    /// The name in the legend.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Worked => "worked",
            Self::Waited => "waited",
            Self::HeldUp => "waited for space",
            Self::Paused => "paused",
            Self::Crashed => "crashed",
            Self::Ended => "had ended",
        }
    }

    fn of(before: &ComponentView, now: &ComponentView) -> Self {
        let busy = now.busy.saturating_sub(before.busy);
        let has_moved = now.received != before.received || now.sent != before.sent || busy > LEAST_BUSY;
        match &now.state {
            State::Crashed(_) => Self::Crashed,
            State::Finished if before.state.has_ended() => Self::Ended,
            State::Paused => Self::Paused,
            State::Waiting(WaitReason::Space { .. }) => Self::HeldUp,
            State::Running | State::Ready => Self::Worked,
            State::Finished | State::Waiting(_) if has_moved => Self::Worked,
            State::Finished => Self::Ended,
            State::Waiting(_) => Self::Waited,
        }
    }
}

/// A period of a component's past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// What the component did.
    pub doing: Doing,
    /// The start, in the time of the runtime's clock.
    pub from: Duration,
    /// The end.
    pub until: Duration,
}

/// Adds a component's activity to its past, and removes periods that ended before `oldest`.
pub fn note(
    past: &mut Vec<Period>,
    (before, now): (&ComponentView, &ComponentView),
    (from, until): (Duration, Duration),
    oldest: Duration,
) {
    let doing = Doing::of(before, now);
    let shown = now.busy.saturating_sub(before.busy).max(LEAST_SHOWN);
    let slept_until = until.saturating_sub(shown);
    if doing == Doing::Worked && matches!(before.state, State::Waiting(_)) && slept_until > from + LEAST_SHOWN {
        add(past, Doing::of(before, before), from, slept_until);
        add(past, doing, slept_until, until);
    } else {
        add(past, doing, from, until);
    }
    let gone = past.iter().take_while(|period| period.until < oldest).count();
    past.drain(..gone);
}

fn add(past: &mut Vec<Period>, doing: Doing, from: Duration, until: Duration) {
    match past.last_mut() {
        Some(last) if last.doing == doing && last.until == from => last.until = until,
        _ => past.push(Period { doing, from, until }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use compose_runtime::ids::{BoxAddr, ComponentId};
    use compose_runtime::testing::component_view;

    use super::*;

    fn view(state: State, sent: u64) -> ComponentView {
        ComponentView { sent, ..component_view(1, "a", state) }
    }

    #[test]
    fn equal_periods_are_merged_and_old_ones_are_removed() {
        let waiting = State::Waiting(WaitReason::Message(Vec::new()));
        let full = BoxAddr::inbox(ComponentId(2), "inbox");
        let held_up = State::Waiting(WaitReason::Space { outbox: Arc::from("outbox"), full });
        let looks = [
            view(waiting.clone(), 0),
            view(State::Running, 4),
            view(waiting.clone(), 9),
            view(waiting.clone(), 9),
            view(held_up, 9),
            view(State::Crashed(Arc::from("x")), 9),
        ];
        let mut past = Vec::new();
        for (index, pair) in (0_u64..).zip(looks.windows(2)) {
            let span = (Duration::from_secs(index), Duration::from_secs(index + 1));
            note(&mut past, (&pair[0], &pair[1]), span, Duration::from_millis(2500));
        }
        let seen: Vec<(Doing, u64, u64)> =
            past.iter().map(|period| (period.doing, period.from.as_secs(), period.until.as_secs())).collect();
        assert_eq!(seen, [(Doing::Waited, 2, 3), (Doing::HeldUp, 3, 4), (Doing::Crashed, 4, 5)]);
    }
}
