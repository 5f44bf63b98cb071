//! Calls from a thread to the scheduler's side, and their form in a recording (R2).
//!
//! All calls pass through one queue, in order. A [`Call`] is plain data and has an answer. A job is code, which cannot be
//! recorded, so a replay omits its effects.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::BoxIo;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::introspect::record::Recordable;
use crate::message::Message;
use crate::surface::Surface;
use crate::topology::LinkageDesc;

/// The answer to a call or a job, of any type.
pub(super) type Answer = Box<dyn Any + Send>;

type JobFuture = Pin<Box<dyn Future<Output = Answer>>>;

/// Code that runs on the scheduler's thread.
pub(super) type ThreadJob = Box<dyn FnOnce(BoxIo) -> JobFuture + Send>;

/// An item from the thread to the scheduler.
pub(super) enum FromThread {
    Send(Arc<str>, Message),
    /// Send to the same outbox as last time. Both sides count the owners of a name, so an item that carries a name
    /// takes twice as long.
    SendAgain(Message),
    Show(Surface),
    Print(String),
    Sleep(Duration),
    Pause(Option<Duration>),
    Call(Call),
    Job(ThreadJob),
    /// Has no effect except waiting for space in the queue.
    Nothing,
}

/// A call that has an answer.
pub(super) enum Call {
    Link(BoxAddr, BoxAddr),
    Unlink(LinkageDesc),
    AddInbox(String),
    AddOutbox(String),
    DeleteInbox(String),
    DeleteOutbox(String),
    Now,
    Sync,
}

impl Call {
    /// Carries out the call. The answer has the return type of the `BoxIo` method with the same name.
    pub async fn carry_out(self, io: &BoxIo) -> Answer {
        match self {
            Self::Link(from, to) => Box::new(io.link(from, to).await),
            Self::Unlink(linkage) => {
                io.unlink(linkage).await;
                Box::new(())
            }
            Self::AddInbox(requested) => Box::new(io.add_inbox(&requested)),
            Self::AddOutbox(requested) => Box::new(io.add_outbox(&requested)),
            Self::DeleteInbox(name) => Box::new(io.delete_inbox(&name).await),
            Self::DeleteOutbox(name) => Box::new(io.delete_outbox(&name).await),
            Self::Now => Box::new(io.now()),
            Self::Sync => {
                io.sync().await;
                Box::new(())
            }
        }
    }

    fn to_message(&self) -> Message {
        let list = |name: &str, rest: Vec<Message>| Message::envelope([vec![Message::text(name)], rest].concat());
        match self {
            Self::Link(from, to) => list("link", vec![addr_to_message(from), addr_to_message(to)]),
            Self::Unlink(link) => list("unlink", vec![addr_to_message(&link.from), addr_to_message(&link.to)]),
            Self::AddInbox(name) => list("add inbox", vec![name.as_str().into()]),
            Self::AddOutbox(name) => list("add outbox", vec![name.as_str().into()]),
            Self::DeleteInbox(name) => list("delete inbox", vec![name.as_str().into()]),
            Self::DeleteOutbox(name) => list("delete outbox", vec![name.as_str().into()]),
            Self::Now => list("now", vec![]),
            Self::Sync => list("sync", vec![]),
        }
    }

    fn from_parts(name: &str, first: Option<&Message>, second: Option<&Message>) -> Option<Self> {
        let text = || Some(first?.as_text()?.to_owned());
        Some(match name {
            "link" => Self::Link(addr_from_message(first?)?, addr_from_message(second?)?),
            "unlink" => Self::Unlink(LinkageDesc { from: addr_from_message(first?)?, to: addr_from_message(second?)? }),
            "add inbox" => Self::AddInbox(text()?),
            "add outbox" => Self::AddOutbox(text()?),
            "delete inbox" => Self::DeleteInbox(text()?),
            "delete outbox" => Self::DeleteOutbox(text()?),
            "now" => Self::Now,
            "sync" => Self::Sync,
            _ => return None,
        })
    }
}

fn addr_to_message(addr: &BoxAddr) -> Message {
    let is_inbox = addr.direction == Direction::Inbox;
    Message::envelope([Message::Int(addr.component.0.cast_signed()), is_inbox.into(), Message::text(&addr.name)])
}

fn addr_from_message(message: &Message) -> Option<BoxAddr> {
    let Message::List(items) = message else { return None };
    let [Message::Int(id), Message::Bool(is_inbox), Message::Text(name)] = items.as_slice() else { return None };
    let component = ComponentId(id.cast_unsigned());
    let name = name.clone();
    Some(if *is_inbox { BoxAddr::inbox(component, name) } else { BoxAddr::outbox(component, name) })
}

/// Each item is recorded as a list of its name and its arguments. A surface cannot be recorded, so a replay does not show it.
impl Recordable for FromThread {
    fn to_message(&self) -> Message {
        match self {
            Self::Send(outbox, message) => {
                Message::envelope(["send".into(), Message::Text(outbox.clone()), message.clone()])
            }
            Self::SendAgain(message) => Message::envelope(["send again".into(), message.clone()]),
            Self::Show(_) => Message::envelope(["show".into()]),
            Self::Print(line) => Message::envelope(["print".into(), line.as_str().into()]),
            Self::Sleep(span) => Message::envelope(["sleep".into(), Message::Time(*span)]),
            Self::Pause(None) => Message::envelope(["pause".into()]),
            Self::Pause(Some(span)) => Message::envelope(["pause".into(), Message::Time(*span)]),
            Self::Call(call) => call.to_message(),
            Self::Job(_) => Message::envelope(["job".into()]),
            Self::Nothing => Message::envelope(["nothing".into()]),
        }
    }

    fn from_message(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        match (items.first()?.as_text()?, items.get(1), items.get(2)) {
            ("send", Some(outbox), Some(message)) => Some(Self::Send(outbox.as_text()?.into(), message.clone())),
            ("send again", Some(message), _) => Some(Self::SendAgain(message.clone())),
            ("print", Some(line), _) => Some(Self::Print(line.as_text()?.to_owned())),
            ("sleep", Some(Message::Time(span)), _) => Some(Self::Sleep(*span)),
            ("pause", None, _) => Some(Self::Pause(None)),
            ("pause", Some(Message::Time(span)), _) => Some(Self::Pause(Some(*span))),
            ("nothing", ..) => Some(Self::Nothing),
            (name, first, second) => Call::from_parts(name, first, second).map(Self::Call),
        }
    }
}
