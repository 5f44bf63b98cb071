//! Reading a project file: any text gives a document that can be saved and read again.

use compose_app::document::Document;
use compose_app::project::clipboard::paste;
use compose_app::project::format::{from_text, to_text};
use compose_fuzz::{damaged, panics_in, seeds};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_damaged_project_gives_a_document_that_can_be_saved(bytes in damaged(seeds("projects"))) {
        let (document, _) = from_text(&String::from_utf8_lossy(&bytes));
        let (again, problems) = from_text(&to_text(&document));
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(to_text(&again), to_text(&document));
    }

    #[test]
    fn a_damaged_clipboard_is_pasted_or_refused(bytes in damaged(seeds("projects"))) {
        let text = String::from_utf8_lossy(&bytes);
        let panics = panics_in(|| drop(paste(&Document::default(), &text, None, [1.0, 1.0])));
        prop_assert_eq!(panics, 0);
    }
}
