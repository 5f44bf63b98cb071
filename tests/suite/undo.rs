//! Property of the document: after any edits, undoing them one by one restores every earlier state, and redoing them
//! restores every later state. A rejected edit changes nothing.

use compose_app::document::{Document, History};
use compose_tests::arbitrary::{KINDS, command, content};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_redo_restore_every_state(
        edits in prop::collection::vec((0..KINDS, any::<u8>(), any::<u8>(), any::<u8>()), 1..80),
    ) {
        let (mut document, mut history) = (Document::new(), History::new());
        let mut states = vec![content(&document)];
        for numbers in edits {
            let before = content(&document);
            let edit = command(&mut document, numbers);
            let undoable = history.undo_label().map(str::to_owned);
            match history.edit(&mut document, edit) {
                Ok(()) => states.push(content(&document)),
                Err(_) => {
                    prop_assert_eq!(&content(&document), &before, "a rejected edit changes nothing");
                    prop_assert_eq!(history.undo_label().map(str::to_owned), undoable);
                }
            }
        }
        for state in states.iter().rev().skip(1) {
            prop_assert!(history.undo(&mut document).unwrap().is_some());
            prop_assert_eq!(&content(&document), state);
        }
        prop_assert!(history.undo(&mut document).unwrap().is_none(), "nothing is left to undo");
        prop_assert!(!history.is_unsaved(), "the document is as it was opened");
        for state in states.iter().skip(1) {
            prop_assert!(history.redo(&mut document).unwrap().is_some());
            prop_assert_eq!(&content(&document), state);
        }
    }
}
