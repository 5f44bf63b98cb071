//! Tests of the postoffice: which links can be made, where messages then go, and which links are removed together.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Rig, addr, id, linkage};
use crate::ids::{BoxAddr, Direction};
use crate::topology::{LinkError, LinkageDesc, NoSuchBox};

#[test]
fn a_message_passes_through_boxes_that_are_linked_onward() {
    for (links, sinks) in [
        (vec!["a.out > b.in"], vec!["b.in"]),
        (vec!["a.out > b.in", "b.in > c.in"], vec!["c.in"]),
        (vec!["a.out > b.in", "b.in > c.in", "b.in > d.in2"], vec!["c.in", "d.in2"]),
        (vec!["a.out > b.out", "b.out > c.in"], vec!["c.in"]),
        (vec!["a.out > b.out"], vec![]),
        (vec!["a.out > b.out", "b.out > c.out", "c.out > d.in", "d.in > e.in", "a.out > f.in"], vec!["e.in", "f.in"]),
    ] {
        let rig = Rig::linked(&links);
        assert_eq!(rig.sinks("a.out"), sinks, "{links:?}");
        // The order in which the links are made does not matter.
        let reversed: Vec<&str> = links.iter().rev().copied().collect();
        let found: BTreeSet<String> = Rig::linked(&reversed).sinks("a.out").into_iter().collect();
        assert_eq!(found, sinks.iter().map(|sink| (*sink).to_owned()).collect(), "{reversed:?}");
    }
}

#[test]
fn a_link_that_cannot_exist_is_refused_and_changes_nothing() {
    let links = ["a.out > b.in", "b.in > c.in", "c.in > d.in", "e.out > f.out", "d.out > a.in"];
    let mut rig = Rig::linked(&links);
    let no_box = |component: &str, side, name: &str| {
        LinkError::NoSuchBox(NoSuchBox { component: component.into(), side, name: name.into() })
    };
    let ring = |from, to| LinkError::PassthroughRing(addr(from), addr(to));
    for (link, expected) in [
        ("a.in > b.out", LinkError::InboxToOutbox),
        ("a.out > b.in", LinkError::AlreadyLinked(addr("a.out"), addr("b.in"))),
        ("z.out > b.in", LinkError::NoSuchComponent(id('z'))),
        ("a.out > z.in", LinkError::NoSuchComponent(id('z'))),
        ("a.none > b.in", no_box("a", Direction::Outbox, "none")),
        ("a.out > b.in9", no_box("b", Direction::Inbox, "in9")),
        ("d.in > b.in", ring("d.in", "b.in")),
        ("c.in > c.in", ring("c.in", "c.in")),
        ("f.out > e.out", ring("f.out", "e.out")),
    ] {
        assert_eq!(rig.link(link), Err(expected), "{link}");
        assert_eq!((rig.links().len(), rig.sinks("a.out")), (links.len(), vec!["d.in".to_owned()]), "{link}");
    }
    assert_eq!(rig.woken(), "", "a refused link wakes no component");
    assert_eq!(rig.link("d.out > b.in2"), Ok(()), "a ring in which an inbox stores messages is allowed");
}

#[test]
fn a_backlog_moves_behind_the_messages_of_the_new_inbox_and_beyond_its_limit() {
    let mut rig = Rig::linked(&["a.out > b.in", "c.out > d.in"]);
    for number in [1, 2] {
        assert!(rig.send("a.out", number) && rig.send("c.out", 10 * number));
    }
    assert_eq!(rig.link("b.in > d.in"), Ok(()));
    assert!(!rig.send("a.out", 3), "the new inbox is full");
    assert_eq!((rig.take("b.in"), rig.take("d.in")), (vec![], vec![10, 20, 1, 2]));
    assert!(rig.send("a.out", 3));
    assert_eq!(rig.take("d.in"), [3]);
}

#[test]
fn without_its_link_onward_an_inbox_stores_messages_again() {
    let mut rig = Rig::linked(&["a.out > b.in", "b.in > c.in"]);
    assert!(rig.inbox("b.in").forwarded.get() && rig.send("a.out", 1));
    assert!(rig.unlink("b.in > c.in"));
    assert!(!rig.inbox("b.in").forwarded.get() && rig.send("a.out", 2));
    assert_eq!((rig.take("b.in"), rig.take("c.in")), (vec![2], vec![1]), "delivered messages stay");
    assert!(!rig.unlink("b.in > c.in"), "it does not exist any more");
}

#[test]
fn a_change_of_links_wakes_the_senders_whose_routes_change() {
    let mut rig = Rig::linked(&["a.out > b.in", "f.out > e.in"]);
    assert_eq!(rig.link("b.in > c.in"), Ok(()));
    assert_eq!(rig.woken(), "a", "it may have waited for space behind the old route");
    assert!(rig.unlink("a.out > b.in"));
    assert_eq!(rig.woken(), "a");
}

#[test]
fn each_way_to_remove_links_removes_exactly_its_own() {
    let rig = || {
        let mut rig = Rig::linked(&["a.out > b.in", "b.out > c.in", "c.out > a.in"]);
        for link in ["a.out > d.in", "b.out > d.in", "c.in2 > d.in2"] {
            assert_eq!(rig.link_by(link, Some(id('e'))), Ok(()), "{link}");
        }
        rig
    };
    /// Links without those in the second list.
    fn rest(all: &[String], gone: &[&str]) -> Vec<String> {
        all.iter().filter(|link| !gone.contains(&link.as_str())).cloned().collect()
    }
    let check = |remove: &dyn Fn(&mut Rig), gone: &[&str]| {
        let mut rig = rig();
        let before = rig.links();
        assert!(gone.iter().all(|link| before.iter().any(|known| known == link)), "{gone:?}");
        remove(&mut rig);
        assert_eq!(rig.links(), rest(&before, gone));
    };
    check(
        &|rig| rig.postoffice.unlink_components(&rig.components, &[id('a')]),
        &["a.out > b.in", "c.out > a.in", "a.out > d.in"],
    );
    check(
        &|rig| rig.postoffice.unlink_owned(&rig.components, id('e')),
        &["a.out > d.in", "b.out > d.in", "c.in2 > d.in2"],
    );
    check(&|rig| rig.postoffice.unlink_owned(&rig.components, id('a')), &[]);
    check(&|rig| rig.postoffice.unlink_one_of(id('e'), &linkage("b.out > d.in")), &["b.out > d.in"]);
    check(&|rig| rig.postoffice.unlink_one_of(id('e'), &linkage("a.out > b.in")), &[]);
    check(&|rig| rig.postoffice.unlink_between(id('e'), id('c')), &["c.in2 > d.in2"]);
    check(&|rig| rig.postoffice.unlink_box(&rig.components, &addr("d.in")), &["a.out > d.in", "b.out > d.in"]);
}

#[test]
fn the_neighbours_of_a_component_are_found_through_its_data_boxes_only() {
    let rig = Rig::linked(&["a.out > b.in", "a.out2 > c.in2", "a.signal > d.control", "a.out > e.out", "f.out > a.in"]);
    let boxes = |letter| &rig.components.boxes[&id(letter)];
    assert_eq!(rig.postoffice.fed_from(boxes('a')), [id('b'), id('c')]);
    assert_eq!(rig.postoffice.feeding(boxes('a')), [id('f')]);
    assert_eq!(rig.postoffice.feeding(boxes('d')), [], "control is not a data inbox");
    assert!(rig.postoffice.is_fed(&addr("d.control")) && !rig.postoffice.is_fed(&addr("a.in2")));
}

#[test]
fn a_message_put_into_an_inbox_ends_where_its_links_lead() {
    let rig = Rig::linked(&["a.in > b.in", "a.in > c.in", "c.in > d.in"]);
    let names = |text: &str| -> Vec<u64> {
        rig.postoffice.final_sinks(&rig.components, &addr(text)).iter().map(|sink| sink.owner.id.0).collect()
    };
    assert_eq!((names("a.in"), names("b.in"), names("z.in")), (vec![1, 3], vec![1], vec![]));
}

/// All final inboxes behind a box, with repetition, found by following `links` one by one.
fn sinks_behind(links: &BTreeSet<LinkageDesc>, from: &BoxAddr) -> Vec<BoxAddr> {
    let mut found = Vec::new();
    for link in links.iter().filter(|link| link.from == *from) {
        let leads_on = links.iter().any(|next| next.from == link.to);
        if link.to.direction == Direction::Inbox && !leads_on {
            found.push(link.to.clone());
        } else {
            found.extend(sinks_behind(links, &link.to));
        }
    }
    found
}

fn any_box() -> impl Strategy<Value = BoxAddr> {
    (0..4_u8, prop::sample::select(vec!["in", "in2", "out", "out2"]))
        .prop_map(|(letter, name)| addr(&format!("{}.{name}", char::from(b'a' + letter))))
}

proptest! {
    /// The routes are rebuilt piece by piece, after one change or several; they then agree with the links as a whole.
    #[test]
    fn after_any_changes_the_routes_agree_with_the_links(
        changes in prop::collection::vec((any::<bool>(), any_box(), any_box(), any::<bool>()), 1..40),
    ) {
        let mut rig = Rig::new();
        let mut links = BTreeSet::new();
        for (add, from, to, has_more) in changes {
            let desc = LinkageDesc { from, to };
            if add {
                if rig.postoffice.link(&rig.components, desc.clone(), None).is_ok() {
                    links.insert(desc);
                }
            } else {
                prop_assert_eq!(rig.postoffice.unlink(&desc), links.remove(&desc));
            }
            if has_more {
                continue;
            }
            rig.postoffice.route_all(&rig.components);
            let mut expected_sources = std::collections::BTreeMap::new();
            for letter in 'a'..='d' {
                for name in ["out", "out2"] {
                    let from = format!("{letter}.{name}");
                    let mut found: Vec<BoxAddr> = rig
                        .routes(&from)
                        .iter()
                        .map(|route| BoxAddr::inbox(route.sink.owner.id, &*route.sink.name))
                        .collect();
                    let mut expected = sinks_behind(&links, &addr(&from));
                    found.sort();
                    expected.sort();
                    for sink in &expected {
                        *expected_sources.entry(sink.clone()).or_insert(0) += 1;
                    }
                    prop_assert_eq!(found, expected);
                }
            }
            for letter in 'a'..='d' {
                for name in ["in", "in2"] {
                    let inbox = format!("{letter}.{name}");
                    let forwarded = links.iter().any(|link| link.from == addr(&inbox));
                    let sources = expected_sources.get(&addr(&inbox)).copied().unwrap_or(0);
                    let state = (rig.inbox(&inbox).forwarded.get(), rig.inbox(&inbox).live_sources.get());
                    prop_assert_eq!(state, (forwarded, sources));
                }
            }
        }
        prop_assert_eq!(rig.postoffice.iter().map(|link| link.desc.clone()).collect::<BTreeSet<_>>(), links);
    }

    /// No message is lost or changes its order, whatever links are made in between.
    #[test]
    fn a_chain_that_grows_keeps_the_order_of_messages(steps in prop::collection::vec(0..6_u8, 1..30)) {
        let mut rig = Rig::linked(&["a.out > b.in"]);
        for inbox in ["b.in", "c.in", "d.in", "e.in"] {
            rig.inbox(inbox).set_capacity(None);
        }
        let onward = ["b.in > c.in", "c.in > d.in", "d.in > e.in"];
        let (mut made, mut sent) = (0, 0);
        for step in steps {
            match onward.get(made).filter(|_| step == 0) {
                Some(link) => {
                    prop_assert_eq!(rig.link(link), Ok(()));
                    made += 1;
                }
                None => {
                    prop_assert!(rig.send("a.out", sent));
                    sent += 1;
                }
            }
        }
        let last = ["b.in", "c.in", "d.in", "e.in"][made];
        prop_assert_eq!(rig.take(last), (0..sent).collect::<Vec<_>>());
    }
}
