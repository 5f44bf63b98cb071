//! Why a message cannot be encoded, or text cannot be decoded.

use compose_runtime::introspect::tokens::TokenError;

/// Why a message cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CodecError {
    #[error("JSON cannot represent the number {0}")]
    NumberInJson(String),
    #[error("{0} cannot be written as JSON")]
    KindInJson(&'static str),
    #[error("invalid JSON: {0}")]
    InvalidJson(String),
    #[error("a record must be a map, not {0}")]
    NotARecord(&'static str),
    #[error("{0:?} is not a valid key; use only letters, digits, hyphens and underscores")]
    InvalidKey(String),
    #[error("{key} must be text, a number, a boolean, or a list of these, not {kind}")]
    InvalidValue { key: String, kind: &'static str },
    #[error("the list of {0} is empty; leave the key out or give it a value")]
    EmptyList(String),
    #[error("the value of {0} contains a carriage return; use newlines only")]
    CarriageReturn(String),
    #[error("the body must be text, not {0}")]
    InvalidBody(&'static str),
    #[error(transparent)]
    NotWords(#[from] crate::text::WordsError),
    #[error("lists and maps are nested more than {0} deep")]
    DeepJson(usize),
    #[error(transparent)]
    InvalidWords(#[from] TokenError),
    #[error("expected text, not {0}")]
    NotText(&'static str),
    #[error("the text is not valid UTF-8")]
    InvalidUtf8,
}
