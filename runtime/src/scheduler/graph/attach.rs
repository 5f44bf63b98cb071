//! Attach: the scheduler's side of a `Handle`, a port with one bounded queue for each box.
//!
//! The port is a separate component. Its outboxes are linked to the inboxes of the component it serves, and its inboxes
//! to that component's outboxes, so back-pressure, order and the end of streams work as on any link.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use super::Graph;
use super::error::GraphError;
use super::parts::Parts;
use crate::component::far_end::Far;
use crate::component::port::Near;
use crate::component::{Body, BoxIo, FullPolicy, Outcome, Start};
use crate::contain::Contained;
use crate::delivery::inbox::Inbox;
use crate::handle::wiring::{HandleError, Wiring};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::message::Message;
use crate::params::Params;
use crate::scheduler::request::Ask;
use crate::scheduler::slot::Tie;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

/// A hidden inbox of the port. It is linked to `signal`, so its stream ends when the component ends.
const END: &str = "_end";

type Queue = Rc<Near<Message, Message>>;

impl Graph {
    /// Starts one of the runtime's own components, whose type is not in the registry.
    pub(crate) fn start_own(
        &mut self,
        id: ComponentId,
        name: &str,
        start: Box<dyn Start>,
        inboxes: Vec<(Arc<str>, Option<usize>, FullPolicy)>,
        outboxes: Vec<Arc<str>>,
    ) -> Result<(), GraphError> {
        let desc = ComponentDesc {
            name: name.into(),
            body: ComponentBody::Leaf { type_name: "Handle".into(), params: [].into() },
            parent: None,
            restart: RestartPolicy::Never,
            limits: [].into(),
        };
        let params = Rc::new(Params::default());
        let inboxes = inboxes.into_iter().map(|(name, capacity, policy)| (name.into(), capacity, policy)).collect();
        let outboxes = outboxes.into_iter().map(Into::into).collect();
        self.start_parts(id, desc, Parts { spec: None, params, start: Contained::new(start), inboxes, outboxes })
    }

    /// Makes a port to a component. Call it at a safe point.
    pub(crate) fn attach(
        &mut self,
        target: ComponentId,
        inboxes: &[String],
        outboxes: &[String],
    ) -> Result<Wiring, HandleError> {
        let core = self.table.core(target).cloned().ok_or(HandleError::NoSuchComponent(target))?;
        let component = core.boxes.name.borrow().clone();
        let inbox = inboxes.iter().find(|name| core.boxes.find_inbox(name).is_none());
        let outbox = outboxes.iter().find(|name| core.boxes.find_outbox(name).is_none());
        let missing = inbox.map(|name| (Direction::Inbox, name));
        if let Some((side, name)) = missing.or(outbox.map(|name| (Direction::Outbox, name))) {
            let known = core.boxes.names(side).join(", ");
            return Err(HandleError::NoSuchBox { component, side, name: name.as_str().into(), known });
        }
        let id = self.own_id();
        let wiring = Arc::new(Mutex::new(Wiring::default()));
        let named = |name: &String| (Arc::from(name.as_str()), Some(1), FullPolicy::Block);
        let mut own_inboxes: Vec<(Arc<str>, Option<usize>, FullPolicy)> = outboxes.iter().map(named).collect();
        own_inboxes.push((END.into(), Some(1), FullPolicy::DropOldest));
        own_inboxes.push(("control".into(), None, FullPolicy::Block));
        let own_outboxes = inboxes.iter().map(|name| Arc::from(name.as_str())).collect();
        let port = Box::new(Port { puts: inboxes.to_vec(), gets: outboxes.to_vec(), wiring: wiring.clone() });
        let name = format!("handle of {component}");
        self.start_own(id, &name, port, own_inboxes, own_outboxes).map_err(HandleError::Refused)?;
        self.table.set_tie(id, Tie::Port(target));
        if let Some(slot) = self.table.by_id_mut(target) {
            slot.kin_mut().has_port = true;
        }
        let inward = inboxes.iter().map(|name| LinkageDesc {
            from: BoxAddr::outbox(id, name.as_str()),
            to: BoxAddr::inbox(target, name.as_str()),
        });
        let outward = outboxes.iter().map(|name| (name.as_str(), name.as_str())).chain([("signal", END)]);
        let outward =
            outward.map(|(from, to)| LinkageDesc { from: BoxAddr::outbox(target, from), to: BoxAddr::inbox(id, to) });
        for linkage in inward.chain(outward) {
            if let Err(error) = self.postoffice.link(&self.table, linkage, Some(id)) {
                self.take_out(id);
                return Err(HandleError::Refused(error.into()));
            }
        }
        self.postoffice.route_all(&self.table);
        let wiring = std::mem::take(&mut *wiring.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Wiring { component, ..wiring })
    }
}

/// The code of a port, before it runs.
struct Port {
    puts: Vec<String>,
    gets: Vec<String>,
    wiring: Arc<Mutex<Wiring>>,
}

impl Start for Port {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        type End = Option<(Arc<str>, Far<Message, Message>)>;
        let open = |name: &String| -> (Queue, End) {
            let (near, far) = Near::open(&io.core, "its handle", true);
            (near, far.map(|far| (name.as_str().into(), far)))
        };
        let (puts, far_puts): (Vec<Queue>, Vec<End>) = self.puts.iter().map(open).unzip();
        let (gets, far_gets): (Vec<Queue>, Vec<End>) = self.gets.iter().map(open).unzip();
        let mut wiring = self.wiring.lock().unwrap_or_else(PoisonError::into_inner);
        wiring.puts = far_puts.into_iter().flatten().collect();
        wiring.gets = far_gets.into_iter().flatten().collect();
        drop(wiring);
        let puts = self.puts.iter().zip(puts).filter_map(|(name, queue)| {
            let outbox = io.core.boxes.find_outbox(name)?;
            Some(Put { queue, outbox, message: None, waiting: None })
        });
        let puts = puts.collect();
        let gets = self.gets.iter().zip(gets).filter_map(|(name, queue)| {
            let inbox = io.core.boxes.find_inbox(name)?;
            Some(Get { queue, inbox, has_ended: false })
        });
        let gets = gets.collect();
        Box::pin(run(io, puts, gets))
    }
}

/// Messages from a handle to one inbox of the component.
struct Put {
    queue: Queue,
    outbox: usize,
    message: Option<Message>,
    waiting: Option<Rc<Inbox>>,
}

/// Messages from one outbox of the component to a handle.
struct Get {
    queue: Queue,
    inbox: usize,
    has_ended: bool,
}

async fn run(io: BoxIo, mut puts: Vec<Put>, mut gets: Vec<Get>) -> Outcome {
    let is_dropped = poll_fn(|_| {
        let mut dropped = false;
        for put in &mut puts {
            dropped |= poll_put(&io, put);
        }
        for get in &mut gets {
            poll_get(&io, get);
            dropped |= get.queue.far_has_ended();
        }
        if io.core.yielded.get() {
            return Poll::Pending;
        }
        let idle = puts.iter().all(|put| put.message.is_none());
        if dropped && idle {
            return Poll::Ready(true);
        }
        let end = io.core.boxes.find_inbox(END).map_or(Poll::Ready(None), |index| io.core.poll_recv(index));
        if matches!(end, Poll::Ready(Some(_))) {
            io.core.yielded.set(true);
        }
        if matches!(end, Poll::Ready(None)) && gets.iter().all(|get| get.has_ended) {
            return Poll::Ready(false);
        }
        io.wait_for_other("its handle");
        Poll::Pending
    })
    .await;
    if is_dropped {
        // Dropping a handle does not finish a stream. The port is removed like a link that is unlinked by hand (R9).
        io.core.context.requests.push(&io.core.boxes.wake_state, Ask::Vanish);
        std::future::pending::<()>().await;
    }
    Ok(())
}

/// Moves messages in while there is space. True once the handle was dropped and all its messages are in.
fn poll_put(io: &BoxIo, put: &mut Put) -> bool {
    loop {
        if put.message.is_some() {
            if io.core.poll_send(put.outbox, &mut put.message, &mut put.waiting).is_pending() {
                return false;
            }
            continue;
        }
        match put.queue.poll_recv(&io.core) {
            Poll::Ready(Ok(Some(message))) => put.message = Some(message),
            Poll::Ready(_) => return true,
            Poll::Pending => return false,
        }
    }
}

/// Moves messages out while there is space, and reports the end of the stream.
fn poll_get(io: &BoxIo, get: &mut Get) {
    while !get.has_ended {
        if !get.queue.has_space() {
            get.queue.want_space();
            if !get.queue.has_space() {
                return;
            }
        }
        match io.core.poll_recv(get.inbox) {
            Poll::Ready(Some(message)) => {
                let mut message = Some(message);
                // There is space, and this is the only sender.
                let _ = get.queue.poll_send(&io.core, &mut message);
            }
            Poll::Ready(None) => {
                get.has_ended = true;
                get.queue.finish_sending();
            }
            Poll::Pending => return,
        }
    }
}
