//! The marker that a DataChunker puts before messages and a DataDeChunker looks for.

use compose_runtime::dev::*;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
pub(super) const SYNC: ParamSpec =
    ParamSpec::text("syncmessage", "XXXXXXXXXXXXXXXXXXXXXXXX", "The marker; the same at both ends");
/// Stands before a byte that is not what it seems.
pub(super) const ESCAPE: u8 = b'\\';

/// The marker of the settings.
pub(super) fn sync_of(params: &Params) -> Result<Vec<u8>, ParamError> {
    let sync = params.text("syncmessage").into_bytes();
    if sync.is_empty() || sync.contains(&ESCAPE) {
        return Err(ParamError::Other("syncmessage: a text without backslashes is expected".to_owned()));
    }
    Ok(sync)
}
