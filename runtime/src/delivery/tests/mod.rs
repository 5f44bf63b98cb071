//! Tests of delivery. The components exist only as boxes: they have no code and no scheduler.

mod inboxes;
mod links;
mod routes;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::box_set::BoxSet;
use super::boxes::List;
use super::inbox::Inbox;
use super::outbox::Outbox;
use super::postoffice::{Directory, Postoffice};
use super::route::Route;
use super::run_queue::RunQueue;
use super::traffic::Traffic;
use super::wake_state::WakeState;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::topology::{FullPolicy, LinkError, LinkageDesc};

/// How many messages each data inbox holds.
const CAPACITY: usize = 2;

/// The boxes of the components `a` to `f`, whose identities are 0 to 5. Each has the inboxes `in`, `in2` and `control` and the
/// outboxes `out`, `out2` and `signal`.
struct Components {
    boxes: BTreeMap<ComponentId, BoxSet>,
    run_queue: RunQueue,
    traffic: Traffic,
}

impl Directory for Components {
    fn boxes(&self, id: ComponentId) -> Option<&BoxSet> {
        self.boxes.get(&id)
    }

    fn run_queue(&self) -> &RunQueue {
        &self.run_queue
    }

    fn traffic(&self) -> &Traffic {
        &self.traffic
    }
}

/// Components and the links among them. A box is written as `a.in` or `b.out`.
struct Rig {
    components: Components,
    postoffice: Postoffice,
}

fn box_set(letter: char) -> BoxSet {
    let slot = u32::from(letter) - u32::from('a');
    let wake_state = Rc::new(WakeState::new(ComponentId(u64::from(slot)), slot));
    let inboxes = ["in", "in2", "control"].into_iter().enumerate().map(|(index, name)| {
        let capacity = (name != "control").then_some(CAPACITY);
        Rc::new(Inbox::new(name.into(), wake_state.clone(), index, capacity, FullPolicy::Block))
    });
    let inboxes: List<Rc<Inbox>> = inboxes.collect();
    let control = inboxes[2].clone();
    let outboxes: List<Outbox> = ["out", "out2", "signal"].map(|name| Outbox::new(name.into())).into_iter().collect();
    let name = RefCell::new(letter.to_string().into());
    BoxSet { wake_state, name, inboxes: inboxes.into(), outboxes: outboxes.into(), control }
}

fn id(letter: char) -> ComponentId {
    ComponentId(u64::from(u32::from(letter) - u32::from('a')))
}

fn addr(text: &str) -> BoxAddr {
    let (component, name) = text.split_once('.').unwrap_or((text, ""));
    let component = id(component.chars().next().unwrap_or('a'));
    if name.starts_with("in") || name == "control" {
        BoxAddr::inbox(component, name)
    } else {
        BoxAddr::outbox(component, name)
    }
}

/// The linkage written as `a.out > b.in`.
fn linkage(text: &str) -> LinkageDesc {
    let (from, to) = text.split_once(" > ").unwrap_or((text, ""));
    LinkageDesc { from: addr(from), to: addr(to) }
}

impl Rig {
    fn new() -> Self {
        Self::with(Postoffice::default())
    }

    fn with(postoffice: Postoffice) -> Self {
        let boxes = ('a'..='f').map(|letter| (id(letter), box_set(letter))).collect();
        let components = Components { boxes, run_queue: RunQueue::default(), traffic: Traffic::new(None) };
        Self { components, postoffice }
    }

    /// A rig with these links, none of which is refused.
    fn linked(links: &[&str]) -> Self {
        let mut rig = Self::new();
        for link in links {
            assert_eq!(rig.link(link), Ok(()), "{link}");
        }
        rig.woken();
        rig
    }

    fn link(&mut self, text: &str) -> Result<(), LinkError> {
        self.link_by(text, None)
    }

    /// Makes a link on behalf of a component.
    fn link_by(&mut self, text: &str, owner: Option<ComponentId>) -> Result<(), LinkError> {
        let made = self.postoffice.link(&self.components, linkage(text), owner);
        self.postoffice.route_all(&self.components);
        made.map(|_| ())
    }

    fn unlink(&mut self, text: &str) -> bool {
        let existed = self.postoffice.unlink(&linkage(text));
        self.postoffice.route_all(&self.components);
        existed
    }

    /// The links that exist, in order.
    fn links(&self) -> Vec<String> {
        let text = |addr: &BoxAddr| format!("{}.{}", self.components.boxes[&addr.component].name.borrow(), addr.name);
        self.postoffice.iter().map(|link| format!("{} > {}", text(&link.desc.from), text(&link.desc.to))).collect()
    }

    fn inbox(&self, text: &str) -> Rc<Inbox> {
        let addr = addr(text);
        self.components.boxes[&addr.component].inbox(&addr.name).unwrap_or_else(|| panic!("there is no inbox {text}"))
    }

    fn with_outbox<T>(&self, text: &str, act: impl FnOnce(&Outbox) -> T) -> T {
        let addr = addr(text);
        let found = self.components.boxes[&addr.component].with_outbox(&addr.name, act);
        found.unwrap_or_else(|| panic!("there is no outbox {text}"))
    }

    /// Sends a number through an outbox; false if an inbox does not accept it now.
    fn send(&self, outbox: &str, number: i64) -> bool {
        self.with_outbox(outbox, |outbox| {
            let is_accepted = outbox.obstacle().is_none();
            if is_accepted {
                outbox.deliver(&self.components.run_queue, &self.components.traffic, Message::Int(number));
            }
            is_accepted
        })
    }

    /// Takes everything out of an inbox.
    fn take(&self, inbox: &str) -> Vec<i64> {
        let inbox = self.inbox(inbox);
        std::iter::from_fn(|| inbox.take(&self.components.run_queue)).filter_map(|message| number(&message)).collect()
    }

    /// The components woken since the last call, which then have their turns.
    fn woken(&self) -> String {
        let mut slots = VecDeque::new();
        self.components.run_queue.drain_into(&mut slots);
        slots
            .iter()
            .filter_map(|slot| char::from_u32(slot + u32::from('a')))
            .inspect(|letter| {
                self.components.boxes[&id(*letter)].wake_state.leave_queue();
            })
            .collect()
    }

    fn routes(&self, outbox: &str) -> Vec<Rc<Route>> {
        self.with_outbox(outbox, |outbox| outbox.routes().to_vec())
    }

    /// Where the routes of an outbox end, as `b.in`.
    fn sinks(&self, outbox: &str) -> Vec<String> {
        let name = |route: &Rc<Route>| {
            format!("{}.{}", self.components.boxes[&route.sink.owner.id].name.borrow(), &*route.sink.name)
        };
        self.routes(outbox).iter().map(name).collect()
    }
}

fn number(message: &Message) -> Option<i64> {
    match message {
        Message::Int(number) => Some(*number),
        _ => None,
    }
}
