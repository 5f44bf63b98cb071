//! Frames: the messages on the socket between a component's proxy and its child process.

use std::collections::BTreeMap;

use crate::component::{Fault, Outcome};
use crate::introspect::record::Recordable;
use crate::message::Message;

/// One frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// To the child, first: the component to run.
    Start { type_name: String, name: String, base_folder: String, seed: u64, params: BTreeMap<String, Message> },
    /// To the child: a message for this inbox.
    Put(String, Message),
    /// To the child: the stream of this inbox has ended.
    Ended(String),
    /// To the child: a message for `control`.
    Control(Message),
    /// To the child: the parent has delivered one message from the outboxes.
    Delivered,
    /// To the parent: a message from this outbox.
    Out(String, Message),
    /// To the parent: one message has arrived in this inbox.
    Took(String),
    /// To the parent: a line for the console.
    Print(String),
    /// To the parent: a note.
    Note(String),
    /// To the parent, last: how the component ended.
    Outcome(Outcome),
}

impl Recordable for Frame {
    fn to_message(&self) -> Message {
        let frame = |name: &str, rest: Vec<Message>| Message::envelope([vec![Message::text(name)], rest].concat());
        match self {
            Self::Start { type_name, name, base_folder, seed, params } => {
                let params = Message::envelope_map(params.clone());
                let texts = [type_name, name, base_folder].map(Message::text);
                frame("start", [texts.to_vec(), vec![Message::Int(seed.cast_signed()), params]].concat())
            }
            Self::Put(inbox, message) => frame("put", vec![Message::text(inbox), message.clone()]),
            Self::Ended(inbox) => frame("ended", vec![Message::text(inbox)]),
            Self::Control(message) => frame("control", vec![message.clone()]),
            Self::Delivered => frame("delivered", vec![]),
            Self::Out(outbox, message) => frame("out", vec![Message::text(outbox), message.clone()]),
            Self::Took(inbox) => frame("took", vec![Message::text(inbox)]),
            Self::Print(line) => frame("print", vec![Message::text(line)]),
            Self::Note(text) => frame("note", vec![Message::text(text)]),
            Self::Outcome(Ok(())) => frame("done", vec![]),
            Self::Outcome(Err(fault)) => frame("failed", vec![Message::text(fault.text())]),
        }
    }

    fn from_message(message: &Message) -> Option<Self> {
        let Message::List(items) = message else { return None };
        let (kind, rest) = items.split_first()?;
        let text = |message: &Message| message.as_text().map(str::to_owned);
        Some(match (kind.as_text()?, rest) {
            ("start", [type_name, name, base_folder, Message::Int(seed), Message::Map(params)]) => Self::Start {
                type_name: text(type_name)?,
                name: text(name)?,
                base_folder: text(base_folder)?,
                seed: seed.cast_unsigned(),
                params: (***params).clone(),
            },
            ("put", [inbox, message]) => Self::Put(text(inbox)?, message.clone()),
            ("ended", [inbox]) => Self::Ended(text(inbox)?),
            ("control", [message]) => Self::Control(message.clone()),
            ("delivered", []) => Self::Delivered,
            ("out", [outbox, message]) => Self::Out(text(outbox)?, message.clone()),
            ("took", [inbox]) => Self::Took(text(inbox)?),
            ("print", [line]) => Self::Print(text(line)?),
            ("note", [note]) => Self::Note(text(note)?),
            ("done", []) => Self::Outcome(Ok(())),
            ("failed", [fault]) => Self::Outcome(Err(Fault::new(text(fault)?))),
            _ => return None,
        })
    }
}
