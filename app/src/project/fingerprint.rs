//! Fingerprint: notices that another program has changed a file.

use serde::{Deserialize, Serialize};

/// The content of a file in a short form, to notice that another program has changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Length in bytes.
    length: u64,
    /// CRC 32 of all bytes.
    crc: u32,
}

impl Fingerprint {
    /// The fingerprint of this content.
    pub fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len() as u64, crc: crc32fast::hash(bytes) }
    }
}
