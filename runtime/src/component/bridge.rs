//! Bridge: a link between two schedulers. The near ends of two ports share one bounded queue; each is the far end of the
//! other.
//!
//! Each scheduler sees the other one as the far end of a port, at its own safe points only: messages that have arrived,
//! space that has become free, the end. Order, back-pressure, the end of streams, recording and idling therefore work
//! as for any port.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;

use async_channel::{Receiver, Sender};

use super::contract::{Body, Start};
use super::io::BoxIo;
use super::port::Near;
use super::port_state::Shared;
use crate::message::Message;
use crate::ready_ports::ReadyPorts;
use crate::scheduler::component_core::Core;

fn shared(ready: &Arc<ReadyPorts>) -> Arc<Shared> {
    // The other scheduler may send or take messages at any time.
    let stays_open = true;
    Arc::new(Shared::new(ready.clone(), stays_open))
}

/// One side of a bridge, before it is handed to its scheduler.
struct Side {
    own: Arc<Shared>,
    peer: Arc<Shared>,
    limit: usize,
}

/// The side where messages leave a scheduler.
pub(crate) struct Outward {
    side: Side,
    queue: Sender<Message>,
}

/// The side where messages enter the other scheduler.
pub(crate) struct Inward {
    side: Side,
    queue: Receiver<Message>,
}

/// Makes both sides of a bridge, with a queue of at most `limit` messages.
pub(crate) fn bridge(from: &Arc<ReadyPorts>, to: &Arc<ReadyPorts>, limit: usize) -> (Outward, Inward) {
    // A full queue holds back the component that sends into the bridge.
    let (sender, receiver) = async_channel::bounded(limit);
    let (out, into) = (shared(from), shared(to));
    let outward = Outward { side: Side { own: out.clone(), peer: into.clone(), limit }, queue: sender };
    let inward = Inward { side: Side { own: into, peer: out, limit }, queue: receiver };
    (outward, inward)
}

type Queue = Rc<Near<Message, Message>>;

fn open(core: &Rc<Core>, side: Side, incoming: Receiver<Message>, outgoing: Sender<Message>) -> Queue {
    Near::open_over(core, "another scheduler", &side.own, (incoming, outgoing, side.limit), Some(side.peer))
}

impl Start for Outward {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        // Nothing arrives at this side.
        let (_, unused) = async_channel::bounded(1);
        let queue = open(&io.core, self.side, unused, self.queue);
        Box::pin(async move {
            while let Some(message) = io.recv("inbox").await {
                let mut message = Some(message);
                if !poll_fn(|_| queue.poll_send(&io.core, &mut message)).await {
                    break;
                }
            }
            queue.end_peer();
            Ok(())
        })
    }
}

impl Start for Inward {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        // Nothing is sent from this side.
        let (unused, _) = async_channel::bounded(1);
        let queue = open(&io.core, self.side, self.queue, unused);
        Box::pin(async move {
            while let Some(message) = poll_fn(|_| queue.poll_recv(&io.core)).await? {
                io.send("outbox", message).await;
            }
            Ok(())
        })
    }
}

impl Near<Message, Message> {
    /// Notifies the other scheduler that the stream has ended without a fault.
    fn end_peer(&self) {
        if let Some(peer) = &self.peer {
            peer.end(Ok(()));
        }
    }
}
