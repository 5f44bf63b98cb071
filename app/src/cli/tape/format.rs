//! The name and version of the recording format.

/// Name and version of the format.
pub const FORMAT: &str = "kamaelia-compose-recording/1";
