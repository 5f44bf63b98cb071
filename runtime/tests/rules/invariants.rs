//! Section 21, invariants of links, routes and wakes, for any sequence of edits. Invariants of ends are in
//! `invariants_ends`; INV-1 under pressure is also in the test `laws`.

use std::collections::{BTreeMap, BTreeSet};

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::introspect::changes::TopologyView;
use compose_runtime::introspect::introspector::Introspector;
use compose_runtime::introspect::tokens::tokens;
use compose_runtime::introspect::wire::box_id;
use compose_runtime::topology::{LinkageDesc, LinkageKind};
use proptest::prelude::*;

use crate::world::*;

const COUNT: u64 = 5;

/// Any link between composites, of any of the three kinds.
fn any_link() -> impl Strategy<Value = LinkageDesc> {
    let id = || (1..=COUNT).prop_map(ComponentId);
    (id(), id(), 0..3).prop_map(|(from, to, kind)| match kind {
        0 => data(from, "outbox", to, "inbox"),
        1 => inward(from, "inbox", to, "inbox"),
        _ => outward(from, "outbox", to, "outbox"),
    })
}

#[derive(Debug, Clone)]
enum Edit {
    Link(LinkageDesc),
    Unlink(LinkageDesc),
    Send(ComponentId, String),
    Take(ComponentId),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let id = || (1..=COUNT).prop_map(ComponentId);
    let edit = prop_oneof![
        3 => any_link().prop_map(Edit::Link),
        2 => any_link().prop_map(Edit::Unlink),
        4 => (id(), "[a-z]{1,3}").prop_map(|(id, text)| Edit::Send(id, text)),
        1 => id().prop_map(Edit::Take),
    ];
    prop::collection::vec(edit, 1..40)
}

/// Components that send the messages they receive on `second` and take nothing from `inbox`.
fn senders() -> World {
    let mut world = World::default();
    for number in 1..=COUNT {
        let id = world.add(&format!("c{number}"), |io| async move {
            while let Some(message) = io.recv("second").await {
                io.send("outbox", message).await;
            }
            Ok(())
        });
        world.limit(id, "inbox", None, FullPolicy::Block);
    }
    world.settle();
    world
}

/// A world in which `backlog` messages wait in each inbox before the links are made. Returns the links that were made.
fn linked(links: &[LinkageDesc], backlog: &[usize]) -> (World, Vec<LinkageDesc>) {
    let mut world = senders();
    for (id, count) in (1..=COUNT).zip(backlog) {
        for number in 0..*count {
            world.put(ComponentId(id), "inbox", format!("c{id} {number}"));
        }
    }
    let mut made = links.to_vec();
    made.retain(|link| world.refusal(Step::Link { linkage: link.clone() }).is_none());
    (world, made)
}

fn shuffled(links: &[LinkageDesc], seed: u64) -> Vec<LinkageDesc> {
    let mut shuffled = links.to_vec();
    let mut state = seed;
    for position in (1..shuffled.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        shuffled.swap(position, (state >> 33) as usize % (position + 1));
    }
    shuffled
}

fn every_component_sends(world: &mut World) {
    for number in 1..=COUNT {
        world.put(ComponentId(number), "second", format!("from {number}"));
        world.settle();
    }
}

/// Whether the links lead messages from `from` to `to`.
fn reaches(links: &BTreeSet<LinkageDesc>, from: &BoxAddr, to: &BoxAddr) -> bool {
    from == to || links.iter().any(|link| link.from == *from && reaches(links, &link.to, to))
}

fn is_ring(links: &BTreeSet<LinkageDesc>, new: &LinkageDesc) -> bool {
    reaches(links, &new.to, &new.from)
}

proptest! {
    #[test]
    fn inv_1_nothing_is_lost_or_duplicated_and_order_is_that_of_sending(edits in edits()) {
        let mut world = senders();
        let mut links = BTreeSet::new();
        // The expected contents of every final inbox, computed from the links at the time of sending.
        let mut expected: BTreeMap<ComponentId, Vec<String>> = BTreeMap::new();
        for edit in edits {
            match edit {
                Edit::Link(link) => {
                    let made = world.refusal(Step::Link { linkage: link.clone() }).is_none();
                    // Only inboxes at data links store messages here, so rings of data links are legal.
                    let legal = !links.contains(&link) && !is_ring(&links, &link);
                    prop_assert_eq!(made, legal || link.kind() == Some(LinkageKind::Data) && !links.contains(&link));
                    if made {
                        let from = link.from.clone();
                        links.insert(link);
                        if from.direction == Direction::Inbox {
                            let backlog = expected.remove(&from.component).unwrap_or_default();
                            let sinks = sinks(&links, &from);
                            for text in backlog {
                                for sink in &sinks {
                                    expected.entry(*sink).or_default().push(text.clone());
                                }
                            }
                        }
                    }
                }
                Edit::Unlink(link) => {
                    world.unlink(link.clone());
                    links.remove(&link);
                }
                Edit::Send(id, text) => {
                    world.put(id, "second", text.as_str());
                    world.settle();
                    for sink in sinks(&links, &BoxAddr::outbox(id, "outbox")) {
                        expected.entry(sink).or_default().push(text.clone());
                    }
                }
                Edit::Take(id) => {
                    prop_assert_eq!(world.take(id, "inbox"), expected.remove(&id).unwrap_or_default());
                }
            }
        }
        for id in (1..=COUNT).map(ComponentId) {
            prop_assert_eq!(world.take(id, "inbox"), expected.remove(&id).unwrap_or_default(), "{}", id);
        }
    }

    #[test]
    fn inv_2_the_order_of_making_links_does_not_matter(
        links in prop::collection::vec(any_link(), 1..8), seed in any::<u64>(),
    ) {
        let (mut first, accepted) = linked(&links, &[]);
        let (mut second, same) = linked(&shuffled(&accepted, seed), &[]);
        prop_assert_eq!(accepted.len(), same.len());
        for world in [&mut first, &mut second] {
            every_component_sends(world);
        }
        for id in (1..=COUNT).map(ComponentId) {
            let (mut one, mut other) = (first.take(id, "inbox"), second.take(id, "inbox"));
            // The routes of an outbox may be in another order, but the same messages arrive.
            one.sort();
            other.sort();
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn inv_2_backlogs_reach_the_same_inboxes_whatever_the_order_of_the_links(
        links in prop::collection::vec(any_link(), 1..8), backlog in prop::collection::vec(0usize..4, COUNT as usize),
        seed in any::<u64>(),
    ) {
        // Waiting messages move along the first link out of their inbox (LINK-11), so each inbox has one link here.
        let mut sources = BTreeSet::new();
        let mut links = links;
        links.retain(|link| link.from.direction == Direction::Outbox || sources.insert(link.from.clone()));
        let (mut first, accepted) = linked(&links, &backlog);
        let (mut second, same) = linked(&shuffled(&accepted, seed), &backlog);
        prop_assert_eq!(accepted.len(), same.len());
        for world in [&mut first, &mut second] {
            every_component_sends(world);
        }
        let mut arrived = 0;
        for id in (1..=COUNT).map(ComponentId) {
            let (mut one, mut other) = (first.take(id, "inbox"), second.take(id, "inbox"));
            for inbox in [&one, &other] {
                for source in 1..=COUNT {
                    let own: Vec<&String> = inbox.iter().filter(|text| text.starts_with(&format!("c{source} "))).collect();
                    prop_assert!(own.is_sorted(), "a backlog keeps its order: {:?}", own);
                    arrived += own.len();
                }
            }
            // The order in which backlogs merge is not compared.
            one.sort();
            other.sort();
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(arrived, 2 * backlog.iter().sum::<usize>(), "no waiting message is lost or duplicated");
    }

    #[test]
    fn inv_3_no_link_is_made_twice_and_no_chain_is_circular(links in prop::collection::vec(any_link(), 1..30)) {
        let mut world = senders();
        for link in links {
            let _ = world.refusal(Step::Link { linkage: link });
        }
        let made = world.links();
        let set: BTreeSet<LinkageDesc> = made.iter().cloned().collect();
        prop_assert_eq!(set.len(), made.len());
        let passing: BTreeSet<LinkageDesc> = set
            .into_iter()
            .filter(|link| link.kind() != Some(LinkageKind::Data))
            .collect();
        for link in &passing {
            prop_assert!(!reaches(&passing, &link.to, &link.from), "{} closes a ring", link);
        }
    }

    #[test]
    fn inv_4_collecting_wakes_exactly_the_waiting_senders_that_lead_there(
        targets in prop::collection::vec(0usize..3, 1..7), opened in 0usize..3,
    ) {
        let mut world = World::default();
        let sinks: Vec<ComponentId> = (0..3).map(|number| world.idle(&format!("sink{number}"))).collect();
        let outer: Vec<ComponentId> = (0..3).map(|number| world.composite(&format!("outer{number}"))).collect();
        for (sink, outer) in sinks.iter().zip(&outer) {
            world.cap(*sink, 1);
            world.put(*sink, "inbox", "full");
            world.link(inward(*outer, "inbox", *sink, "inbox"));
        }
        let senders: Vec<ComponentId> = targets
            .iter()
            .enumerate()
            .map(|(number, target)| {
                let id = world.source(&format!("s{number}"), |io| async move {
                    io.space("outbox").await;
                    Ok(())
                });
                // Every second sender is one hop further away.
                world.wire(id, if number % 2 == 0 { sinks[*target] } else { outer[*target] });
                id
            })
            .collect();
        world.settle();
        world.take(sinks[opened], "inbox");
        world.settle();
        for (sender, target) in senders.iter().zip(&targets) {
            prop_assert_eq!(world.has_finished(*sender), *target == opened);
        }
    }

    #[test]
    fn inv_9_replaying_the_introspector_gives_the_topology_after_every_change(edits in edits()) {
        let mut world = senders();
        let mut reporter = Introspector::default();
        let mut viewer = Viewer::default();
        // The expected picture is computed from the edits alone.
        let mut names: BTreeMap<ComponentId, String> =
            (1..=COUNT).map(|number| (ComponentId(number), format!("c{number}"))).collect();
        let mut links: BTreeSet<LinkageDesc> = BTreeSet::new();
        for edit in edits {
            match edit {
                Edit::Link(link) => {
                    let are_there = [&link.from, &link.to].iter().all(|end| names.contains_key(&end.component));
                    let is_data = link.kind() == Some(LinkageKind::Data);
                    let is_legal = are_there && !links.contains(&link) && (is_data || !is_ring(&links, &link));
                    let refused = world.refusal(Step::Link { linkage: link.clone() });
                    prop_assert_eq!(refused.is_none(), is_legal, "{}: {:?}", link, refused);
                    if is_legal {
                        links.insert(link);
                    }
                }
                Edit::Unlink(link) => {
                    // Unlinking is refused if a component does not exist.
                    let _ = world.refusal(Step::Unlink { linkage: link.clone() });
                    links.remove(&link);
                }
                Edit::Send(..) => {
                    let name = "a \"new\" one \\";
                    names.insert(world.idle(name), name.to_owned());
                }
                Edit::Take(id) => {
                    let refused = world.refusal(Step::Stop { id });
                    prop_assert_eq!(refused.is_none(), names.remove(&id).is_some());
                    links.retain(|link| link.from.component != id && link.to.component != id);
                }
            }
            let view = TopologyView::of(&world.scheduler.snapshot());
            viewer.apply(&reporter.update(&view).unwrap_or_default());
            let (nodes, lines) = picture(&names, &links);
            prop_assert_eq!(&viewer.nodes, &nodes);
            prop_assert_eq!(&viewer.links, &lines);
        }
    }
}

/// The final inboxes behind a box, once for every route to them.
fn sinks(links: &BTreeSet<LinkageDesc>, from: &BoxAddr) -> Vec<ComponentId> {
    let mut found = Vec::new();
    for link in links.iter().filter(|link| link.from == *from) {
        let goes_on = links.iter().any(|next| next.from == link.to);
        if link.to.direction == Direction::Inbox && !goes_on {
            found.push(link.to.component);
        } else {
            found.extend(sinks(links, &link.to));
        }
    }
    found
}

/// A viewer like that of the original: nodes by id, links by their ends.
#[derive(Default)]
struct Viewer {
    nodes: BTreeMap<String, (String, String)>,
    links: BTreeSet<(String, String)>,
}

impl Viewer {
    fn apply(&mut self, text: &str) {
        for line in text.lines() {
            let parts = tokens(line).unwrap();
            match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["ADD", "NODE", id, name, "randompos", kind] => {
                    assert!(self.nodes.insert((*id).into(), ((*name).into(), (*kind).into())).is_none());
                }
                ["DEL", "NODE", id] => {
                    assert!(self.nodes.remove(*id).is_some(), "{id} does not exist");
                    self.links.retain(|(from, to)| from != id && to != id);
                }
                ["ADD", "LINK", from, to] => {
                    assert!(self.nodes.contains_key(*from) && self.nodes.contains_key(*to));
                    self.links.insert(((*from).into(), (*to).into()));
                }
                ["DEL", "LINK", from, to] => {
                    assert!(self.links.remove(&((*from).into(), (*to).into())));
                }
                other => panic!("not understood: {other:?}"),
            }
        }
    }
}

type Picture = (BTreeMap<String, (String, String)>, BTreeSet<(String, String)>);

/// The picture that a viewer must show for these components, all of them scripts, and these links.
fn picture(names: &BTreeMap<ComponentId, String>, links: &BTreeSet<LinkageDesc>) -> Picture {
    let mut nodes = BTreeMap::new();
    let mut lines = BTreeSet::new();
    for (id, name) in names {
        nodes.insert(id.0.to_string(), (name.clone(), "component".to_owned()));
        for (letter, side, boxes) in
            [('i', "inbox", ["inbox", "second", "control"]), ('o', "outbox", ["outbox", "other", "signal"])]
        {
            for name in boxes {
                let box_id = format!("({}, '{letter}', '{name}')", id.0);
                nodes.insert(box_id.clone(), (name.to_owned(), side.to_owned()));
                lines.insert((id.0.to_string(), box_id));
            }
        }
    }
    lines.extend(links.iter().map(|link| (box_id(&link.from), box_id(&link.to))));
    (nodes, lines)
}
