//! Signs over several snapshots.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::component::FullPolicy;
use crate::introspect::stall::tests::{component, snapshot};
use crate::message::Message;

fn with_inbox(mut view: ComponentView, depth: usize, capacity: Option<usize>, taken: u64) -> ComponentView {
    view.inboxes.push(InboxView {
        name: "inbox".into(),
        depth,
        deepest: depth,
        capacity,
        policy: FullPolicy::Block,
        arrived: taken + depth as u64,
        taken,
        dropped: 0,
    });
    view
}

/// The text of each sign over snapshots one second apart.
fn watch(count: u64, at: impl Fn(u64) -> (Vec<ComponentView>, &'static [(u64, u64)])) -> Vec<String> {
    let mut watcher = Watcher::default();
    for second in 0..count {
        let (components, links) = at(second);
        let clock = Duration::from_secs(second);
        watcher.add(Arc::new(Snapshot { clock, deliveries: second * 10, ..snapshot(components, links) }));
    }
    watcher.signs().iter().map(|sign| sign.text().to_owned()).collect()
}

#[test]
fn an_inbox_that_keeps_growing_is_reported_with_its_rates() {
    let grows = |second: u64| {
        let depth = 10 + second as usize * 100;
        (vec![with_inbox(component(1, "sink", State::Running), depth, None, second * 5)], &[][..])
    };
    let text = "sink.inbox keeps growing: from 10 to 510 messages in 5.0 s; 105 per second arrive and 5 are taken";
    assert_eq!(watch(6, grows), [text]);
    let goes_up_and_down = |second: u64| {
        (vec![with_inbox(component(1, "sink", State::Running), 50 * (second as usize % 2), None, 0)], &[][..])
    };
    assert!(watch(6, goes_up_and_down).is_empty());
    assert!(watch(2, grows).is_empty(), "two snapshots are not enough");
}

#[test]
fn a_component_without_turns_starves_while_others_work() {
    let starves = |_| (vec![component(1, "last", State::Ready)], &[][..]);
    let text = "last starves: it has been ready for 4.0 s without a turn, while others worked";
    assert_eq!(watch(5, starves), [text]);
    let has_turns = |second| (vec![ComponentView { turns: second, ..component(1, "last", State::Ready) }], &[][..]);
    assert!(watch(5, has_turns).is_empty());
}

#[test]
fn a_component_that_waits_for_space_all_the_time_is_reported() {
    let held = |_| {
        let full = BoxAddr::inbox(ComponentId(2), "inbox");
        let state = State::Waiting(WaitReason::Space { outbox: "outbox".into(), full });
        let stuck = with_inbox(component(2, "stuck", State::Paused), 7, Some(7), 0);
        (vec![component(1, "source", state), stuck], &[(1, 2)][..])
    };
    let texts = watch(5, held);
    assert_eq!(
        texts[0],
        "source is waiting on outbox for space in stuck.inbox (7 of 7); this has lasted 4.0 s, while others worked"
    );
}

#[test]
fn the_slowest_part_is_named_with_its_figures() {
    let pipeline = |second: u64| {
        let busy = Duration::from_millis(second * 800);
        let slow = ComponentView { busy, turns: second, ..component(3, "slow", State::Running) };
        let views = vec![
            component(1, "source", State::Running),
            with_inbox(ComponentView { turns: second, ..component(2, "fast", State::Running) }, 100, Some(100), second),
            with_inbox(slow, 98, Some(100), second),
            with_inbox(ComponentView { turns: second, ..component(4, "sink", State::Running) }, 1, Some(50), second),
        ];
        (views, &[(1, 2), (2, 3), (3, 4)][..])
    };
    let text =
        "the slowest part is slow: busy 80 % of the time, 98 of 100 messages are waiting before it, 1 of 50 after it";
    assert_eq!(watch(5, pipeline), [text]);
}

#[test]
fn a_large_message_in_an_old_snapshot_is_not_kept_alive() {
    for (length, is_kept) in [(100, true), (LARGE, false)] {
        let bytes: Arc<[u8]> = vec![0; length].into();
        let weak = Arc::downgrade(&bytes);
        let mut first = snapshot(Vec::new(), &[(1, 2)]);
        let message = Message::Bytes(bytes);
        first.linkages[0].last = Some(DeliverySample { sequence: 1, at: Duration::ZERO, pass: 0, message });
        let mut watcher = Watcher::default();
        watcher.add(Arc::new(first));
        assert_eq!((weak.strong_count() > 0, watcher.seen.len()), (is_kept, 1), "{length}");
    }
}
