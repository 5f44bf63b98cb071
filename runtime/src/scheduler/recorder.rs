//! Recorder: records every event that enters a run from outside, if the run is recorded. `tape` is its counterpart in a
//! replay.

use std::cell::RefCell;

use crate::introspect::record::{Event, RecordFn, Recorded};

/// The recording side of a run.
pub(crate) struct Recorder {
    record: Option<RefCell<RecordFn>>,
}

impl Recorder {
    pub fn new(record: Option<RecordFn>) -> Self {
        Self { record: record.map(RefCell::new) }
    }

    pub fn is_recording(&self) -> bool {
        self.record.is_some()
    }

    /// Records an event that entered after `pass` passes; `event` is built only if the run is recorded.
    pub fn record(&self, pass: u64, event: impl FnOnce() -> Event) {
        if let Some(record) = &self.record {
            (record.borrow_mut())(Recorded { pass, event: event() });
        }
    }
}
