//! What a thread asks of the scheduler's side, and how that is written down for a replay (R2).
//!
//! Everything here travels in the thread's one ordered queue. A [`Call`] is plain data with an answer; a job is code, and
//! cannot be written down: a replay does without what it did.

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

/// An answer, whatever it is.
pub(super) type Answer = Box<dyn Any + Send>;

type JobFuture = Pin<Box<dyn Future<Output = Answer>>>;

/// Code to be run on the scheduler's thread.
pub(super) type ThreadJob = Box<dyn FnOnce(BoxIo) -> JobFuture + Send>;

/// From the thread to the scheduler, in the order of its calls.
pub(super) enum FromThread {
    Send(Arc<str>, Message),
    Show(Surface),
    Print(String),
    Sleep(Duration),
    Pause(Option<Duration>),
    Call(Call),
    Job(ThreadJob),
    /// Only takes room, and gives it back.
    Nothing,
}

/// Something with an answer.
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
    /// Does it. The type of the answer is the one of the method of the same name of `BoxIo`.
    pub async fn carry_out(self, io: &BoxIo) -> Answer {
        match self {
            Self::Link(from, to) => Box::new(io.link(from, to).await),
            Self::Unlink(linkage) => {
                io.unlink(linkage).await;
                Box::new(())
            }
            Self::AddInbox(wished) => Box::new(io.add_inbox(&wished)),
            Self::AddOutbox(wished) => Box::new(io.add_outbox(&wished)),
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
        let word = |word: &str, rest: Vec<Message>| Message::list([vec![Message::text(word)], rest].concat());
        match self {
            Self::Link(from, to) => word("link", vec![addr_to_message(from), addr_to_message(to)]),
            Self::Unlink(link) => word("unlink", vec![addr_to_message(&link.from), addr_to_message(&link.to)]),
            Self::AddInbox(name) => word("add inbox", vec![name.as_str().into()]),
            Self::AddOutbox(name) => word("add outbox", vec![name.as_str().into()]),
            Self::DeleteInbox(name) => word("delete inbox", vec![name.as_str().into()]),
            Self::DeleteOutbox(name) => word("delete outbox", vec![name.as_str().into()]),
            Self::Now => word("now", vec![]),
            Self::Sync => word("sync", vec![]),
        }
    }

    fn from_words(word: &str, first: Option<&Message>, second: Option<&Message>) -> Option<Self> {
        let name = || Some(first?.as_text()?.to_owned());
        Some(match word {
            "link" => Self::Link(addr_from_message(first?)?, addr_from_message(second?)?),
            "unlink" => Self::Unlink(LinkageDesc { from: addr_from_message(first?)?, to: addr_from_message(second?)? }),
            "add inbox" => Self::AddInbox(name()?),
            "add outbox" => Self::AddOutbox(name()?),
            "delete inbox" => Self::DeleteInbox(name()?),
            "delete outbox" => Self::DeleteOutbox(name()?),
            "now" => Self::Now,
            "sync" => Self::Sync,
            _ => return None,
        })
    }
}

fn addr_to_message(addr: &BoxAddr) -> Message {
    let is_inbox = addr.direction == Direction::Inbox;
    Message::list([Message::Int(addr.component.0.cast_signed()), is_inbox.into(), Message::text(&addr.name)])
}

fn addr_from_message(message: &Message) -> Option<BoxAddr> {
    let Message::List(items) = message else { return None };
    let [Message::Int(id), Message::Bool(is_inbox), Message::Text(name)] = items.as_slice() else { return None };
    let component = ComponentId(id.cast_unsigned());
    let name = name.clone();
    Some(if *is_inbox { BoxAddr::inbox(component, name) } else { BoxAddr::outbox(component, name) })
}

/// What a thread does is written down as a list: a word and what belongs to it. A surface cannot be written down; a
/// replay does without.
impl Recordable for FromThread {
    fn to_message(&self) -> Message {
        match self {
            Self::Send(outbox, message) => {
                Message::list(["send".into(), Message::Text(outbox.clone()), message.clone()])
            }
            Self::Show(_) => Message::list(["show".into()]),
            Self::Print(line) => Message::list(["print".into(), line.as_str().into()]),
            Self::Sleep(span) => Message::list(["sleep".into(), Message::Time(*span)]),
            Self::Pause(None) => Message::list(["pause".into()]),
            Self::Pause(Some(span)) => Message::list(["pause".into(), Message::Time(*span)]),
            Self::Call(call) => call.to_message(),
            Self::Job(_) => Message::list(["job".into()]),
            Self::Nothing => Message::list(["nothing".into()]),
        }
    }

    fn from_message(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        match (items.first()?.as_text()?, items.get(1), items.get(2)) {
            ("send", Some(outbox), Some(message)) => Some(Self::Send(outbox.as_text()?.into(), message.clone())),
            ("print", Some(line), _) => Some(Self::Print(line.as_text()?.to_owned())),
            ("sleep", Some(Message::Time(span)), _) => Some(Self::Sleep(*span)),
            ("pause", None, _) => Some(Self::Pause(None)),
            ("pause", Some(Message::Time(span)), _) => Some(Self::Pause(Some(*span))),
            ("nothing", ..) => Some(Self::Nothing),
            (word, first, second) => Call::from_words(word, first, second).map(Self::Call),
        }
    }
}
