//! Tests of outboxes and routes: deliveries, samples and counts, including while links change.

use std::rc::Rc;
use std::time::Duration;

use super::super::inbox::{Admission, FastDelivery};
use super::super::postoffice::Postoffice;
use super::{Rig, linkage};
use crate::introspect::snapshot::{SAMPLES_PER_SNAPSHOT, TAP_LIMIT};
use crate::message::Message;
use crate::topology::FullPolicy;

#[test]
fn a_message_goes_along_every_link_and_one_without_a_link_is_discarded() {
    let mut rig = Rig::new();
    assert!(rig.send("a.out", 1));
    for link in ["a.out > b.in", "a.out > c.in"] {
        rig.link(link).unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(rig.send("a.out", 2) && rig.send("a.out", 3));
    assert_eq!((rig.take("b.in"), rig.take("c.in")), (vec![2, 3], vec![2, 3]));
    assert_eq!(rig.with_outbox("a.out", |outbox| (outbox.sent(), outbox.discarded.get())), (3, 1));
    assert_eq!(rig.components.traffic.delivered(), 2, "a send that fans out counts once, a discarded one not at all");
}

#[test]
fn a_message_waits_until_every_inbox_accepts_it() {
    let rig = Rig::linked(&["a.out > b.in", "a.out > c.in"]);
    rig.inbox("c.in").set_capacity(Some(1));
    assert!(rig.send("a.out", 1) && !rig.send("a.out", 2));
    let obstacle = || rig.with_outbox("a.out", |outbox| outbox.obstacle());
    assert!(obstacle().is_some_and(|(inbox, why)| Rc::ptr_eq(&inbox, &rig.inbox("c.in")) && why == Admission::Full));
    rig.inbox("c.in").policy.set(FullPolicy::Fail);
    assert!(obstacle().is_some_and(|(_, why)| why == Admission::Fail));
    rig.take("c.in");
    assert!(rig.send("a.out", 3));
    assert_eq!((rig.take("b.in"), rig.take("c.in")), (vec![1, 3], vec![3]));
}

#[test]
fn the_count_of_sent_messages_survives_every_change_of_links() {
    let mut rig = Rig::new();
    let mut sent = 0;
    for (link, change) in [
        ("", true),
        ("a.out > b.in", true),
        ("a.out > c.in", true),
        ("a.out > d.in", true),
        ("a.out > b.in", false),
        ("a.out > d.in", false),
        ("a.out > c.in", false),
    ] {
        match (link, change) {
            ("", _) => {}
            (link, true) => assert_eq!(rig.link(link), Ok(())),
            (link, false) => assert!(rig.unlink(link)),
        }
        for _ in 0..2 {
            assert!(rig.send("a.out", 0));
            sent += 1;
            assert_eq!(rig.with_outbox("a.out", |outbox| outbox.sent()), sent, "after {link}");
        }
        for inbox in ["b.in", "c.in", "d.in"] {
            rig.take(inbox);
        }
    }
}

#[test]
fn a_route_that_remains_keeps_its_counts_when_others_change() {
    let mut rig = Rig::linked(&["a.out > b.in", "a.out > c.in"]);
    rig.send("a.out", 1);
    let [to_b, to_c] = [0, 1].map(|index| rig.routes("a.out")[index].clone());
    assert!(rig.unlink("a.out > b.in"));
    assert_eq!(rig.link("a.out > d.in"), Ok(()));
    let routes = rig.routes("a.out");
    assert_eq!(rig.sinks("a.out"), ["c.in", "d.in"]);
    assert!(Rc::ptr_eq(&routes[0], &to_c));
    assert_eq!((routes[0].delivered.get(), routes[1].delivered.get()), (1, 0));
    assert_eq!(rig.inbox("b.in").live_sources.get(), 0);
    to_b.set_source_ended(&rig.components.run_queue, true);
    assert_eq!(rig.inbox("b.in").finished_sources.get(), 0, "the end of the source of a removed link does not count");
}

#[test]
fn deliveries_along_a_removed_route_stay_in_the_count_of_its_links() {
    let mut rig = Rig::linked(&["a.out > b.in", "b.in > c.in", "b.in > d.in"]);
    rig.send("a.out", 1);
    assert!(rig.unlink("b.in > d.in"));
    let retired =
        |rig: &Rig, text: &str| rig.postoffice.iter().find(|link| link.desc == linkage(text)).map(|link| link.retired);
    assert_eq!((retired(&rig, "a.out > b.in"), retired(&rig, "b.in > c.in")), (Some(1), Some(0)));
}

#[test]
fn the_end_of_a_source_counts_once_and_wakes_a_receiver_that_waits() {
    let rig = Rig::linked(&["a.out > c.in", "b.out > c.in"]);
    let (sink, route) = (rig.inbox("c.in"), rig.routes("a.out")[0].clone());
    let counts = || (sink.live_sources.get(), sink.finished_sources.get());
    assert_eq!(counts(), (2, 0));
    sink.owner.wait_for(sink.wake_bit);
    for _ in 0..2 {
        route.set_source_ended(&rig.components.run_queue, true);
        assert_eq!(counts(), (1, 1));
    }
    assert_eq!(rig.woken(), "c");
    sink.owner.wait_for(sink.wake_bit);
    route.set_source_ended(&rig.components.run_queue, false);
    assert_eq!((counts(), rig.woken().as_str()), ((2, 0), ""), "a restart of the source wakes no component");
    for _ in 0..2 {
        route.detach(&rig.components.run_queue);
        assert_eq!(counts(), (1, 0));
    }
}

#[test]
fn a_link_from_an_outbox_that_has_finished_counts_as_a_finished_source() {
    let mut rig = Rig::new();
    rig.with_outbox("a.out", |outbox| outbox.is_finished.set(true));
    assert_eq!(rig.link("a.out > b.in"), Ok(()));
    assert!(rig.inbox("b.in").sources_have_ended());
    assert!(rig.unlink("a.out > b.in"));
    assert!(!rig.inbox("b.in").sources_have_ended(), "an inbox without a link waits");
}

#[test]
fn the_first_deliveries_of_an_interval_are_sampled_and_the_rest_take_the_fast_path() {
    let rig = Rig::linked(&["a.out > b.in"]);
    rig.inbox("b.in").set_capacity(None);
    rig.components.traffic.set_now(Duration::from_secs(3));
    rig.components.traffic.begin_pass();
    let route = rig.routes("a.out")[0].clone();
    let fast = || route.deliver_fast(&mut Some(Message::Nothing));
    for number in 1..=10 {
        assert!(rig.send("a.out", number));
    }
    let samples = route.samples.borrow().clone();
    assert_eq!(samples.len(), SAMPLES_PER_SNAPSHOT);
    assert_eq!((samples[2].sequence, samples[2].at, samples[2].pass), (3, Duration::from_secs(3), 1));
    assert_eq!(samples[2].message, Message::Int(3));
    rig.take("b.in");
    assert_eq!(fast(), FastDelivery::Done);
    route.renew_samples();
    assert_eq!((fast(), route.samples.borrow().len()), (FastDelivery::Refused, 0));
    assert!(route.last.borrow().is_some(), "the last sample is kept");
}

#[test]
fn a_tap_keeps_the_last_messages_until_it_is_removed() {
    let mut rig = Rig::linked(&["a.out > b.in", "b.in > c.in"]);
    rig.inbox("c.in").set_capacity(None);
    rig.postoffice.tap(&rig.components, &linkage("b.in > c.in"), true);
    let route = rig.routes("a.out")[0].clone();
    assert!(route.is_tapped(), "the route leads through the tapped link");
    for number in (0_i64..).take(TAP_LIMIT + 5) {
        assert!(rig.send("a.out", number));
    }
    assert_eq!(route.deliver_fast(&mut Some(Message::Nothing)), FastDelivery::Refused, "every delivery is copied");
    let first = route.tap.borrow().front().map(|sample| sample.message.clone());
    assert_eq!((route.tap.borrow().len(), first), (TAP_LIMIT, Some(Message::Int(5))));
    assert_eq!(rig.link("d.out > b.in"), Ok(()));
    assert!(rig.routes("d.out")[0].is_tapped(), "a new route through a tapped link is tapped");
    rig.postoffice.tap(&rig.components, &linkage("b.in > c.in"), false);
    assert!(!route.is_tapped() && route.tap.borrow().is_empty() && !rig.routes("d.out")[0].is_tapped());
}

#[test]
fn a_trace_names_the_boxes_as_they_are_called_now() {
    let (sender, lines) = std::sync::mpsc::channel();
    let mut rig = Rig::with(Postoffice::new(true));
    rig.components.traffic = super::Traffic::new(Some(Box::new(move |delivery| {
        // The test still has the receiver.
        let _ = sender.send(format!("{} {} > {}", delivery.sequence, delivery.from, delivery.to));
    })));
    assert_eq!((rig.link("a.out > b.in"), rig.link("b.in > c.in2")), (Ok(()), Ok(())));
    rig.send("a.out", 1);
    *rig.components.boxes[&super::id('c')].name.borrow_mut() = "sink".into();
    rig.postoffice.renamed(&rig.components, super::id('c'));
    rig.send("a.out", 2);
    assert_eq!(lines.try_iter().collect::<Vec<_>>(), ["1 a.out > c.in2", "2 a.out > sink.in2"]);
}

#[test]
fn a_copy_that_waits_for_space_follows_its_linkage_when_the_way_behind_it_changes() {
    let mut rig = Rig::linked(&["a.out > b.in", "a.out > c.in", "a.out > d.in", "c.in > b.in", "d.in > b.in"]);
    assert!(rig.send("a.out", 7));
    assert_eq!(rig.inbox("b.in").depth(), 2, "two of three copies fit");
    assert!(rig.unlink("d.in > b.in"));
    assert_eq!((rig.take("d.in"), rig.take("b.in")), (vec![7], vec![7, 7]));
}
