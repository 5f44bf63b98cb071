//! Pictures: from bytes and files to frames.

pub mod decode;
