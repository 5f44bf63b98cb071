//! Kind: the kinds of message, for describing boxes and colouring links.

use super::Message;

/// The kinds of message, for describing boxes and colouring links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Any message.
    Any,
    /// [`Message::Nothing`]
    Nothing,
    /// [`Message::Bool`]
    Bool,
    /// [`Message::Int`]
    Int,
    /// [`Message::Float`]
    Float,
    /// [`Message::Text`]
    Text,
    /// [`Message::Bytes`]
    Bytes,
    /// [`Message::List`]
    List,
    /// [`Message::Map`]
    Map,
    /// [`Message::Time`]
    Time,
    /// [`Message::Image`]
    Image,
    /// [`Message::Sound`]
    Sound,
    /// [`Message::Resource`]
    Resource,
    /// [`Message::ProducerFinished`] and [`Message::Shutdown`]
    Control,
}

impl Kind {
    /// The name shown to users.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Nothing => "event",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::List => "list",
            Self::Map => "map",
            Self::Time => "time",
            Self::Image => "image",
            Self::Sound => "sound",
            Self::Resource => "resource",
            Self::Control => "control",
        }
    }
}

impl Message {
    /// The kind of this message; never [`Kind::Any`].
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Nothing => Kind::Nothing,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
            Self::Time(_) => Kind::Time,
            Self::Image(_) => Kind::Image,
            Self::Sound(_) => Kind::Sound,
            Self::Resource(_) => Kind::Resource,
            Self::ProducerFinished | Self::Shutdown => Kind::Control,
        }
    }
}
