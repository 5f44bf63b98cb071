//! Explanations of stalls.

use std::sync::Arc;

use super::*;
use crate::ids::BoxAddr;
use crate::introspect::snapshot::LinkageView;
use crate::introspect::snapshot::{RunState, SAMPLES_PER_SNAPSHOT};
use crate::testing::component_view;
use crate::topology::LinkageDesc;

/// A component in this state that has had a turn, without boxes.
pub fn component(id: u64, name: &str, state: State) -> ComponentView {
    ComponentView { turns: 1, ..component_view(id, name, state) }
}

/// A snapshot of these components, with links from outbox to inbox.
pub fn snapshot(components: Vec<ComponentView>, links: &[(u64, u64)]) -> Snapshot {
    let link = |(from, to): &(u64, u64)| LinkageView {
        desc: LinkageDesc {
            from: BoxAddr::outbox(ComponentId(*from), "outbox"),
            to: BoxAddr::inbox(ComponentId(*to), "inbox"),
        },
        delivered: 0,
        samples: Vec::with_capacity(SAMPLES_PER_SNAPSHOT),
        last: None,
        tap: None,
    };
    let linkages = links.iter().map(link).collect();
    Snapshot { run: RunState::Running, components, linkages, ..Snapshot::empty() }
}

fn waiting(boxes: &[&str]) -> State {
    State::Waiting(WaitReason::Message(boxes.iter().map(|name| Arc::from(*name)).collect()))
}

#[track_caller]
fn check(boxes: &[&str], links: &[(u64, u64)], expected: &str) {
    let components = vec![component(1, "a", waiting(boxes)), component(2, "b", State::Paused)];
    assert_eq!(explain(&snapshot(components, links)), format!("nothing can move: a {expected}"));
}

#[test]
fn each_kind_of_wait_is_described() {
    check(&["inbox"], &[], "is waiting for a message on inbox, which nothing feeds");
    check(&["inbox"], &[(2, 1)], "is waiting for a message on inbox from b");
    check(&["_events"], &[], "is waiting for the user");
    check(&["inbox", "_events"], &[(2, 1)], "is waiting for the user or a message on inbox from b");
    check(&["inbox", "_events"], &[], "is waiting for the user; nothing feeds its inbox");
    check(&[], &[], "is waiting for a control message");
}

#[test]
fn a_ring_is_reported_as_a_ring_unless_the_user_can_break_it() {
    let ring = |boxes: &[&str]| {
        let components = vec![component(1, "a", waiting(&["inbox"])), component(2, "b", waiting(boxes))];
        explain(&snapshot(components, &[(1, 2), (2, 1)]))
    };
    assert_eq!(
        ring(&["inbox"]),
        "nothing can move, because components are waiting for each other in a ring: a is waiting for a message on \
         inbox from b; b is waiting for a message on inbox from a"
    );
    assert!(ring(&["inbox", "_events"]).starts_with("nothing can move: a is waiting"));
}

#[test]
fn only_the_first_of_many_waits_are_described() {
    let many = (1..=7).map(|id| component(id, &format!("c{id}"), waiting(&["_events"]))).collect();
    let many = snapshot(many, &[]);
    assert!(explain(&many).ends_with("c4 is waiting for the user; and 3 more are waiting"));
    assert_eq!(waits(&many).len(), 7);
}
