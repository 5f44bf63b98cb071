//! Test helper for all file readers: starts a component that reads a temporary file.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use compose_runtime::dev::*;
use compose_runtime::testing::Rig;

/// Starts the component on a file with these contents. The file is deleted when the returned `NamedTempFile` is
/// dropped.
pub fn reading(
    spec: &'static ComponentSpec,
    contents: &[u8],
    more: &[(&str, Message)],
) -> (tempfile::NamedTempFile, Rig) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(contents).unwrap();
    let mut params = vec![("filename", Message::text(file.path().display().to_string()))];
    params.extend_from_slice(more);
    (file, Rig::new(spec, &params))
}
