//! The marker that DataChunker puts before messages and DataDeChunker searches for.

use compose_runtime::dev::*;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
pub(super) const SYNC: ParamSpec =
    ParamSpec::text("syncmessage", "XXXXXXXXXXXXXXXXXXXXXXXX", "The marker; it must be the same at both ends");
/// Precedes an escaped byte.
pub(super) const ESCAPE: u8 = b'\\';

/// Reads the marker from the settings.
pub(super) fn sync_of(params: &Params) -> Result<Vec<u8>, ParamError> {
    let sync = params.text("syncmessage").into_bytes();
    if sync.is_empty() || sync.contains(&ESCAPE) {
        return Err(ParamError::Other(
            "syncmessage is empty or contains a backslash; give a text without backslashes".to_owned(),
        ));
    }
    Ok(sync)
}
