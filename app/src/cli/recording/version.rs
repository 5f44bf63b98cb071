//! The name and version of the format of recordings.

/// Name and version of the format.
pub const FORMAT: &str = "kamaelia-compose-recording/1";
