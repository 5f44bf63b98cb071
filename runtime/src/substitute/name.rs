//! Name: how a setting refers to a value, and the error if there is none.

/// The beginning of a name.
pub(super) const NAME: &str = "${";

/// A setting names a parameter that the project does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no project parameter {name}")]
pub struct UnknownParameter {
    /// The name in the setting.
    pub name: String,
}
