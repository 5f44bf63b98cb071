//! Tests of the postoffice: the work for one link does not depend on the number of other links.
#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};

use smallvec::smallvec;

use super::*;
use crate::delivery::boxes::List;
use crate::delivery::outbox::Outbox;
use crate::delivery::wake_state::WakeState;
use crate::topology::FullPolicy;

/// Components with `inbox`, `control` and `outbox`; counts how often one is looked up.
struct Components {
    all: BTreeMap<ComponentId, BoxSet>,
    run_queue: RunQueue,
    traffic: Traffic,
    lookups: Cell<usize>,
}

impl Components {
    fn new(count: u64) -> Self {
        let (all, run_queue, lookups) = (BTreeMap::new(), RunQueue::default(), Cell::default());
        let mut components = Self { all, run_queue, traffic: Traffic::new(None), lookups };
        for number in 0..count {
            let id = ComponentId(number);
            let wake_state = Rc::new(WakeState::new(id, number as u32));
            let inbox = |name: &str, index| {
                Rc::new(Inbox::new(name.into(), wake_state.clone(), index, Some(10), FullPolicy::Block))
            };
            let control = inbox("control", 1);
            let inboxes: List<Rc<Inbox>> = smallvec![inbox("inbox", 0), control.clone()];
            let outboxes: List<Outbox> = smallvec![Outbox::new("outbox".into())];
            let boxes = BoxSet {
                wake_state,
                name: RefCell::new(format!("c{number}").into()),
                inboxes: inboxes.into(),
                outboxes: outboxes.into(),
                control,
            };
            components.all.insert(id, boxes);
        }
        components
    }

    /// Whether the only route out of a component is tapped.
    fn is_tapped(&self, number: u64) -> bool {
        self.all[&ComponentId(number)].with_outbox("outbox", |outbox| outbox.routes()[0].is_tapped()).unwrap()
    }
}

impl Directory for Components {
    fn boxes(&self, id: ComponentId) -> Option<&BoxSet> {
        self.lookups.set(self.lookups.get() + 1);
        self.all.get(&id)
    }

    fn run_queue(&self) -> &RunQueue {
        &self.run_queue
    }

    fn traffic(&self) -> &Traffic {
        &self.traffic
    }
}

fn data(from: u64, to: u64) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(ComponentId(from), "outbox"), to: BoxAddr::inbox(ComponentId(to), "inbox") }
}

fn inward(from: u64, to: u64) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::inbox(ComponentId(from), "inbox"), ..data(from, to) }
}

#[test]
fn the_work_for_one_link_does_not_depend_on_the_number_of_links() {
    let work = |pairs: u64| {
        let components = Components::new(2 * pairs);
        let mut postoffice = Postoffice::new(true);
        for pair in 0..pairs {
            postoffice.link(&components, data(2 * pair, 2 * pair + 1), None).unwrap();
        }
        postoffice.route_all(&components);
        components.lookups.set(0);
        postoffice.tap(&components, &data(2, 3), true);
        assert_eq!((components.is_tapped(0), components.is_tapped(2)), (false, true));
        postoffice.renamed(&components, ComponentId(3));
        postoffice.unlink_boxes(&components, ComponentId(3), |addr| &*addr.name == "inbox");
        assert_eq!(postoffice.links_of(ComponentId(2)).count(), 0);
        assert_eq!(postoffice.iter().count() as u64, pairs - 1);
        components.lookups.get()
    };
    assert_eq!(work(10), work(1000));
}

#[test]
fn a_tap_on_a_link_inside_a_chain_reaches_every_outbox_before_it() {
    let components = Components::new(5);
    let mut postoffice = Postoffice::new(false);
    let inner = inward(2, 3);
    for desc in [data(0, 2), data(1, 2), inner.clone(), data(4, 3)] {
        postoffice.link(&components, desc, None).unwrap();
    }
    postoffice.route_all(&components);
    for on in [true, false] {
        postoffice.tap(&components, &inner, on);
        let tapped = [0, 1, 4].map(|number| components.is_tapped(number));
        assert_eq!(tapped, [on, on, false]);
    }
}

#[test]
fn the_work_for_each_change_of_a_batch_does_not_depend_on_the_size_of_the_batch() {
    // One outbox to many inboxes, directly and through the inbox of a component each.
    let ways: [fn(u64) -> Vec<LinkageDesc>; 2] = [
        |count| (1..=count).map(|to| data(0, to)).collect(),
        |count| (1..=count).flat_map(|to| [data(0, 2 * to - 1), inward(2 * to - 1, 2 * to)]).collect(),
    ];
    for links in ways {
        let work = |count: u64| {
            let (components, mut postoffice) = (Components::new(2 * count + 1), Postoffice::new(false));
            for desc in links(count) {
                postoffice.link(&components, desc, None).unwrap();
            }
            postoffice.route_all(&components);
            let routes =
                |number| components.all[&ComponentId(number)].with_outbox("outbox", |outbox| outbox.routes().len());
            assert_eq!(routes(0), Some(count as usize));
            for desc in links(count) {
                assert!(postoffice.unlink(&desc));
            }
            postoffice.route_all(&components);
            assert_eq!(routes(0), Some(0));
            for desc in links(count) {
                postoffice.link(&components, desc, None).unwrap();
            }
            let targets: Vec<ComponentId> = (1..=2 * count).map(ComponentId).collect();
            postoffice.unlink_components(&components, &targets);
            assert_eq!((routes(0), postoffice.iter().count()), (Some(0), 0));
            components.lookups.get()
        };
        let (few, many) = (work(10), work(1000));
        assert!(many <= 100 * few, "{few} lookups for 10 links, {many} for 1000");
    }
}
