//! Opens the file of a writer that has the setting `filename`, on the thread of the writer.

use std::fs::File;
use std::path::Path;

use compose_runtime::dev::*;

use super::faults::{self, Writer};
use super::open::{WriteMode, is_pipe, to_write};

/// Opens a file for writing. Opening a named pipe waits for a reader, which is reported on the console.
pub(super) fn open(io: &mut ThreadIo, path: &Path, mode: WriteMode, any_kind: bool) -> Result<File, Fault> {
    if any_kind && mode != WriteMode::New && is_pipe(path) {
        let note =
            format!("this is a named pipe; the component waits until another program reads it: {}", path.display());
        io.on_scheduler(move |io| async move { io.note(&note) });
    }
    to_write(path, mode, any_kind).map_err(|error| faults::writing(path, &error, Writer::OneFile))
}
