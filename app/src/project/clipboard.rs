//! Clipboard: converts a selection to text in the format of project files, and back.
//!
//! Pure. Any text is safe to paste: text that is not a project is refused with a reason, and nothing runs.

use std::collections::BTreeSet;

use super::format::{from_text, to_text};
use crate::document::fragment::{Inserted, extract, insert};
use crate::document::{Document, EditError, FrameId, NodeId};

/// The text of some nodes with their members, the wires among them, and some frames.
pub fn copy(document: &Document, nodes: &BTreeSet<NodeId>, frames: &BTreeSet<FrameId>) -> String {
    to_text(&extract(document, nodes, frames))
}

/// The edit that pastes text into a graph, moved by `offset`. Parts that cannot be read are left out.
pub fn paste(document: &Document, text: &str, scope: Option<NodeId>, offset: [f32; 2]) -> Result<Inserted, EditError> {
    let (fragment, problems) = from_text(text);
    if fragment.node_count() == 0 && fragment.frames_in(None).next().is_none() {
        let reason = problems.first().map_or_else(|| "copy some first".to_owned(), |problem| problem.message.clone());
        return Err(EditError::NoFragment(reason));
    }
    Ok(insert(document, &fragment, scope, offset, "Paste"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::{EditCommand, Node, Wire};

    #[test]
    fn copied_components_can_be_pasted() {
        let mut document = Document::new();
        for (id, name) in [(1, "a"), (2, "b")] {
            let node = Node::leaf(NodeId(id), name, "PassThrough").param("x", 2.0);
            document.apply(EditCommand::AddNode { node }).unwrap();
        }
        let wire = Wire::data(NodeId(1), "outbox", NodeId(2), "inbox");
        document.apply(EditCommand::Connect { wire }).unwrap();
        let text = copy(&document, &BTreeSet::from([NodeId(1), NodeId(2)]), &BTreeSet::new());
        let pasted = paste(&document, &text, None, [10.0, 10.0]).unwrap();
        document.apply(pasted.command).unwrap();
        assert_eq!((document.node_count(), document.all_wires().count()), (4, 2));
    }

    #[test]
    fn other_text_is_refused_with_a_reason() {
        for text in ["", "hello", "{}", "[1]", "{\"components\": 5}"] {
            let error = paste(&Document::new(), text, None, [0.0, 0.0]).unwrap_err().to_string();
            assert!(error.starts_with("there are no components in the clipboard: "), "{error}");
        }
    }
}
