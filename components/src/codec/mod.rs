//! Codecs: the wire forms that the marshallers offer. Pure functions.

pub mod basic_marshall_component;
pub mod de_marshaller;
mod error;
pub(crate) mod json;
pub mod json_decoder;
pub mod json_encoder;
pub mod marshaller;
pub(crate) mod mime;
mod turn;

use self::error::CodecError;
use compose_runtime::dev::*;
use compose_runtime::introspect::tokens::tokens;

/// The names of the codecs, as choices of a setting.
pub(crate) const CODECS: &[&str] = &["mime", "json", "words"];

/// The setting that selects a codec.
pub(crate) const CODEC: ParamSpec =
    ParamSpec::choice("codec", CODECS, "Wire form: records with a body, JSON, or words");

/// A wire form of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Mime,
    Json,
    Words,
}

impl Codec {
    pub(crate) fn of(params: &Params) -> Self {
        match params.text("codec").as_str() {
            "json" => Self::Json,
            "words" => Self::Words,
            _ => Self::Mime,
        }
    }

    /// A message as one wire text.
    pub(crate) fn write(self, message: &Message) -> Result<String, CodecError> {
        match self {
            Self::Mime => mime::write(message),
            Self::Json => json::to_json(message).map(|value| value.to_string()),
            Self::Words => Ok(crate::text::line_of(message)?),
        }
    }

    /// One wire text as a message. A byte-order mark at its start is not part of it.
    pub(crate) fn read(self, wire: &Message) -> Result<Message, CodecError> {
        let Some(bytes) = wire.as_bytes() else { return Err(CodecError::NotText(wire.kind().name())) };
        let text = crate::text::without_mark(std::str::from_utf8(bytes).map_err(|_| CodecError::InvalidUtf8)?);
        match self {
            Self::Mime => Ok(mime::read(text)),
            Self::Json => serde_json::from_str(text)
                .map(json::from_json)
                .map_err(|error| CodecError::InvalidJson(error.to_string())),
            Self::Words => Ok(Message::list(tokens(text)?.into_iter().map(Message::from))),
        }
    }
}
