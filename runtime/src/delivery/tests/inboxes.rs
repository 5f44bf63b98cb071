//! Tests of inboxes: limits and policies, the end of the owner, counts and wakes.

use std::rc::Rc;

use super::super::inbox::{Admission, FastDelivery, Inbox, Reception};
use super::super::run_queue::RunQueue;
use super::super::wake_state::{EndRequest, WakeState};
use super::{Rig, number};
use crate::ids::ComponentId;
use crate::message::Message;
use crate::topology::{FullPolicy, InboxLimit};

fn inbox(name: &str, capacity: Option<usize>, policy: FullPolicy) -> Inbox {
    Inbox::new(name.into(), Rc::new(WakeState::new(ComponentId(1), 1)), 0, capacity, policy)
}

/// Puts the numbers into the inbox, whether it accepts them or not.
fn put(inbox: &Inbox, numbers: std::ops::RangeInclusive<i64>) {
    for number in numbers {
        inbox.accept(&RunQueue::default(), Message::Int(number), false);
    }
}

fn take_all(inbox: &Inbox) -> Vec<i64> {
    std::iter::from_fn(|| inbox.take(&RunQueue::default())).filter_map(|message| number(&message)).collect()
}

/// An inbox for three messages with this policy receives five. Checks its content, the number it dropped, and whether
/// it would accept a sixth.
fn check(policy: FullPolicy, expected: &[i64], dropped: u64, admission: Admission) {
    let inbox = inbox("inbox", Some(3), policy);
    put(&inbox, 1..=3);
    assert_eq!(inbox.admission(), admission, "{policy:?}");
    if admission == Admission::Accepted {
        put(&inbox, 4..=5);
    }
    assert_eq!((inbox.depth(), inbox.deepest(), inbox.taken()), (3, 3, 0), "{policy:?}");
    assert_eq!((take_all(&inbox), inbox.dropped.get(), inbox.taken()), (expected.to_vec(), dropped, 3), "{policy:?}");
}

#[test]
fn each_policy_decides_what_a_full_inbox_does() {
    check(FullPolicy::Block, &[1, 2, 3], 0, Admission::Full);
    check(FullPolicy::Fail, &[1, 2, 3], 0, Admission::Fail);
    check(FullPolicy::DropOldest, &[3, 4, 5], 2, Admission::Accepted);
    check(FullPolicy::DropNewest, &[1, 2, 3], 2, Admission::Accepted);
}

#[test]
fn an_inbox_that_can_hold_nothing_drops_every_message() {
    for policy in [FullPolicy::DropOldest, FullPolicy::DropNewest] {
        let inbox = inbox("inbox", Some(0), policy);
        put(&inbox, 1..=2);
        assert_eq!((take_all(&inbox), inbox.dropped.get()), (Vec::new(), 2), "{policy:?}");
    }
}

#[test]
fn an_inbox_without_a_limit_is_never_full() {
    for capacity in [None, Some(usize::MAX)] {
        let inbox = inbox("inbox", capacity, FullPolicy::Fail);
        put(&inbox, 1..=100);
        assert_eq!((inbox.capacity(), inbox.admission(), inbox.depth()), (None, Admission::Accepted, 100));
    }
}

#[test]
fn a_message_that_may_exceed_the_limit_is_stored() {
    let inbox = inbox("inbox", Some(1), FullPolicy::DropOldest);
    for number in 1..=3 {
        inbox.accept(&RunQueue::default(), Message::Int(number), true);
    }
    assert_eq!((inbox.deepest(), take_all(&inbox), inbox.dropped.get()), (3, vec![1, 2, 3], 0));
}

#[test]
fn the_inbox_of_a_crashed_component_keeps_what_fits_and_holds_back_no_sender() {
    let inbox = inbox("inbox", Some(3), FullPolicy::Block);
    put(&inbox, 1..=2);
    inbox.set_reception(Reception::Crashed);
    assert_eq!(inbox.admission(), Admission::Accepted);
    put(&inbox, 3..=5);
    assert_eq!(inbox.admission(), Admission::Accepted, "a full one does not hold its sender back either");
    inbox.set_reception(Reception::Open);
    assert_eq!((inbox.admission(), take_all(&inbox), inbox.dropped.get()), (Admission::Full, vec![1, 2, 3], 2));
}

#[test]
fn the_inbox_of_a_finished_component_drops_and_counts_every_message() {
    let inbox = inbox("inbox", Some(1), FullPolicy::Fail);
    inbox.set_reception(Reception::Finished);
    put(&inbox, 1..=4);
    assert_eq!((inbox.admission(), inbox.depth(), inbox.dropped.get()), (Admission::Accepted, 0, 4));
}

#[test]
fn a_message_on_control_asks_the_owner_to_end_and_one_elsewhere_does_not() {
    for (name, message, expected) in [
        ("control", Message::ProducerFinished, EndRequest::Finish),
        ("control", Message::Shutdown, EndRequest::Shutdown),
        ("control", Message::Int(1), EndRequest::None),
        ("inbox", Message::Shutdown, EndRequest::None),
    ] {
        let inbox = inbox(name, None, FullPolicy::Block);
        inbox.accept(&RunQueue::default(), message.clone(), false);
        assert_eq!(inbox.owner.end_request(), expected, "{message:?} on {name}");
    }
}

#[test]
fn a_message_wakes_the_owner_only_while_it_waits_for_this_inbox() {
    let rig = Rig::new();
    let owner = rig.inbox("a.in").owner.clone();
    let put = |inbox: &str| rig.inbox(inbox).accept(&rig.components.run_queue, Message::Nothing, false);
    put("a.in");
    assert_eq!(rig.woken(), "", "it does not wait");
    owner.wait_for(rig.inbox("a.in2").wake_bit);
    put("a.in");
    assert_eq!(rig.woken(), "", "it waits for another inbox");
    put("a.in2");
    assert_eq!(rig.woken(), "a");
}

#[test]
fn the_later_inboxes_of_a_component_share_one_wake_bit() {
    let bit = |index| {
        let owner = Rc::new(WakeState::new(ComponentId(1), 1));
        Inbox::new("inbox".into(), owner, index, None, FullPolicy::Block).wake_bit
    };
    assert_eq!((bit(0), bit(1), bit(26)), (1, 2, 1 << 26));
    assert_eq!((bit(27), bit(28), bit(1000)), (1 << 27, 1 << 27, 1 << 27));
}

#[test]
fn taking_a_message_wakes_the_sender_that_waits_for_its_space() {
    let rig = Rig::new();
    let inbox = rig.inbox("a.in");
    put(&inbox, 1..=2);
    for sender in ["b.in", "c.in"] {
        inbox.waiters.join(&rig.inbox(sender).owner);
    }
    assert!(!inbox.can_take_fast());
    inbox.take(&rig.components.run_queue);
    assert_eq!(rig.woken(), "b");
    inbox.take(&rig.components.run_queue);
    assert_eq!(rig.woken(), "c");
    put(&inbox, 3..=3);
    assert!(inbox.can_take_fast(), "every sender knows of its space");
}

#[test]
fn a_higher_limit_and_a_closed_inbox_wake_the_senders_that_wait() {
    let waiting = || {
        let rig = Rig::new();
        let inbox = rig.inbox("a.in");
        put(&inbox, 1..=2);
        for sender in ["b.in", "c.in", "d.in"] {
            inbox.waiters.join(&rig.inbox(sender).owner);
        }
        (rig, inbox)
    };
    let (rig, inbox) = waiting();
    inbox.set_limit(&rig.components.run_queue, InboxLimit { capacity: Some(4), policy: FullPolicy::Fail });
    assert_eq!((rig.woken().as_str(), inbox.policy.get(), inbox.depth()), ("bc", FullPolicy::Fail, 2));
    let (rig, inbox) = waiting();
    inbox.set_limit(&rig.components.run_queue, InboxLimit { capacity: Some(1), policy: FullPolicy::Block });
    assert_eq!((rig.woken().as_str(), inbox.depth()), ("", 2), "a lower limit drops nothing");
    let (rig, inbox) = waiting();
    inbox.close_for_good(&rig.components.run_queue);
    assert_eq!((rig.woken().as_str(), inbox.depth(), inbox.dropped.get()), ("bcd", 0, 2));
    assert!(inbox.sources_have_ended() && inbox.reception() == Reception::Finished);
}

#[test]
fn a_stream_has_ended_when_it_had_sources_and_all_have_finished() {
    let inbox = inbox("inbox", None, FullPolicy::Block);
    for (live, finished, expected) in [(0, 0, false), (1, 0, false), (1, 1, false), (0, 1, true), (0, 3, true)] {
        inbox.live_sources.set(live);
        inbox.finished_sources.set(finished);
        assert_eq!(inbox.sources_have_ended(), expected, "{live} live and {finished} finished sources");
    }
}

#[test]
fn the_fast_path_applies_up_to_the_limit_and_the_high_water_mark_of_an_open_data_inbox() {
    let fast = |inbox: &Inbox| inbox.accept_fast(&mut Some(Message::Nothing));
    let data = inbox("inbox", Some(3), FullPolicy::Block);
    assert_eq!(fast(&data), FastDelivery::Refused, "it would raise the high-water mark");
    put(&data, 1..=2);
    take_all(&data);
    assert_eq!(
        [fast(&data), fast(&data), fast(&data)],
        [FastDelivery::Done, FastDelivery::Done, FastDelivery::Refused]
    );
    take_all(&data);
    data.owner.wait_for(data.wake_bit);
    assert_eq!(fast(&data), FastDelivery::DoneAndWake);
    data.set_capacity(Some(1));
    assert_eq!(fast(&data), FastDelivery::Refused, "the lower limit counts");
    data.set_capacity(None);
    data.set_reception(Reception::Crashed);
    assert_eq!(fast(&data), FastDelivery::Refused);
    data.set_reception(Reception::Open);
    assert_eq!(fast(&data), FastDelivery::DoneAndWake);
    let control = inbox("control", None, FullPolicy::Block);
    put(&control, 1..=2);
    take_all(&control);
    assert_eq!(fast(&control), FastDelivery::Refused, "every message on control is looked at");
}
