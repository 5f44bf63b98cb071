//! History: undo and redo by name, and whether there is anything to save.
//!
//! Owned beside the document by the code that edits it. Selection, zoom and open panels are not undone.

use std::collections::VecDeque;

use super::{Document, EditCommand, EditError};

/// How many changes can be undone.
pub const DEEPEST: usize = 10_000;

/// What can be undone and redone.
#[derive(Debug, Clone, Default)]
pub struct History {
    undo: VecDeque<Entry>,
    redo: VecDeque<Entry>,
    /// The number of the state below the oldest change that can be undone.
    oldest_state: u64,
    next_change: u64,
    saved_change: Option<u64>,
}

#[derive(Debug, Clone)]
struct Entry {
    label: String,
    /// Number of the change; names the state after it.
    change: u64,
    /// Applied to the document, it undoes (in `undo`) or redoes (in `redo`) the change.
    command: EditCommand,
}

impl History {
    /// Nothing to undo, nothing to save.
    pub fn new() -> Self {
        Self { saved_change: Some(0), ..Self::default() }
    }

    /// Changes the document and remembers how to undo it. On an error nothing has changed.
    pub fn edit(&mut self, document: &mut Document, command: EditCommand) -> Result<(), EditError> {
        if command.is_nothing() {
            return Ok(());
        }
        let label = command.label();
        let inverse = document.apply(command)?;
        self.redo.clear();
        self.next_change += 1;
        self.undo.push_back(Entry { label, change: self.next_change, command: inverse });
        if self.undo.len() > DEEPEST
            && let Some(forgotten) = self.undo.pop_front()
        {
            self.oldest_state = forgotten.change;
        }
        Ok(())
    }

    /// Undoes the last change and returns its name; `None` if there is none.
    pub fn undo(&mut self, document: &mut Document) -> Result<Option<String>, EditError> {
        Self::step(&mut self.undo, &mut self.redo, document)
    }

    /// Redoes the change that was undone last and returns its name; `None` if there is none.
    pub fn redo(&mut self, document: &mut Document) -> Result<Option<String>, EditError> {
        Self::step(&mut self.redo, &mut self.undo, document)
    }

    /// The name of the change that undo would revert.
    pub fn undo_label(&self) -> Option<&str> {
        self.undo.back().map(|entry| entry.label.as_str())
    }

    /// The name of the change that redo would apply again.
    pub fn redo_label(&self) -> Option<&str> {
        self.redo.back().map(|entry| entry.label.as_str())
    }

    /// Whether the document differs from the last saved state.
    pub fn is_unsaved(&self) -> bool {
        self.saved_change != Some(self.current_change())
    }

    /// Records that the document has been saved in its current state.
    pub fn mark_saved(&mut self) {
        self.saved_change = Some(self.current_change());
    }

    /// From now on, undo cannot make the document match its file, for example because the file was damaged.
    pub fn mark_unsaved(&mut self) {
        self.saved_change = None;
    }

    fn current_change(&self) -> u64 {
        self.undo.back().map_or(self.oldest_state, |entry| entry.change)
    }

    fn step(
        from: &mut VecDeque<Entry>,
        onto: &mut VecDeque<Entry>,
        document: &mut Document,
    ) -> Result<Option<String>, EditError> {
        let Some(entry) = from.back() else { return Ok(None) };
        let inverse = document.apply(entry.command.clone())?;
        let Some(entry) = from.pop_back() else { return Ok(None) };
        let label = entry.label.clone();
        onto.push_back(Entry { command: inverse, ..entry });
        Ok(Some(label))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::Node;

    fn add(document: &mut Document, name: &str) -> EditCommand {
        EditCommand::AddNode { node: Node::leaf(document.fresh_id(), name, "PassThrough") }
    }

    #[test]
    fn undo_and_redo_return_the_name_of_the_change() {
        let (mut document, mut history) = (Document::new(), History::new());
        let command = add(&mut document, "a");
        history.edit(&mut document, command).unwrap();
        assert_eq!(history.undo_label(), Some("Add a"));
        assert_eq!(history.undo(&mut document).unwrap().as_deref(), Some("Add a"));
        assert_eq!((document.node_count(), history.redo_label()), (0, Some("Add a")));
        history.redo(&mut document).unwrap();
        assert_eq!(document.node_count(), 1);
        assert_eq!(history.redo(&mut document).unwrap(), None);
    }

    #[test]
    fn a_new_edit_drops_the_changes_that_could_be_redone() {
        let (mut document, mut history) = (Document::new(), History::new());
        for name in ["a", "b"] {
            let command = add(&mut document, name);
            history.edit(&mut document, command).unwrap();
            history.undo(&mut document).unwrap();
        }
        assert_eq!(history.redo_label(), Some("Add b"));
    }

    #[test]
    fn undoing_to_the_saved_state_counts_as_saved() {
        let (mut document, mut history) = (Document::new(), History::new());
        assert!(!history.is_unsaved());
        let command = add(&mut document, "a");
        history.edit(&mut document, command).unwrap();
        history.mark_saved();
        history.undo(&mut document).unwrap();
        assert!(history.is_unsaved());
        history.redo(&mut document).unwrap();
        assert!(!history.is_unsaved());
        // A different change at the same depth does not count as the saved state.
        history.undo(&mut document).unwrap();
        let command = add(&mut document, "b");
        history.edit(&mut document, command).unwrap();
        assert!(history.is_unsaved());
    }

    #[test]
    fn undoing_everything_does_not_reach_the_saved_state_once_older_changes_were_dropped() {
        let (mut document, mut history) = (Document::new(), History::new());
        let command = add(&mut document, "a");
        history.edit(&mut document, command).unwrap();
        history.undo(&mut document).unwrap();
        assert!(!history.is_unsaved());
        let command = add(&mut document, "b");
        history.edit(&mut document, command).unwrap();
        let id = document.find(None, "b").unwrap();
        for step in 0..DEEPEST {
            let moves = vec![(id, [step as f32 + 1.0, 0.0])];
            history.edit(&mut document, EditCommand::MoveNodes { moves }).unwrap();
        }
        while history.undo(&mut document).unwrap().is_some() {}
        assert_eq!(document.node_count(), 1, "the oldest change can no longer be undone");
        assert!(history.is_unsaved());
        history.mark_saved();
        assert!(!history.is_unsaved());
        history.redo(&mut document).unwrap();
        assert!(history.is_unsaved());
    }
}
