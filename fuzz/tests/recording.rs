//! The reader of recordings: any bytes are either read or refused with the number of the line.

use compose_app::cli::recording::Recording;
use compose_fuzz::{damaged, panics_in, seeds};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_damaged_recording_is_read_or_refused(bytes in damaged(seeds("recordings"))) {
        let mut outcome = None;
        let panics = panics_in(|| outcome = Some(Recording::read(bytes.as_slice())));
        prop_assert_eq!(panics, 0);
        if let Some(Ok(recording)) = outcome {
            prop_assert!(recording.events.is_sorted_by_key(|recorded| recorded.pass));
        }
    }
}

#[test]
fn an_undamaged_recording_is_read_to_its_end() {
    for bytes in seeds("recordings") {
        assert!(Recording::read(bytes.as_slice()).is_ok_and(|recording| recording.end.is_some()));
    }
}
