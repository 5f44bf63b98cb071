//! Base: a whole project as the first entry of a journal, with the identities that later edits refer to.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::stored_path::StoredPath;
use crate::document::{Document, EditCommand, Frame, Meta, Node, Wire};
use crate::project::{Fingerprint, Project};

/// The version of the format. A journal of another version is kept but not read.
pub const VERSION: u32 = 1;

/// A whole project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// The version of the format.
    pub version: u32,
    /// The file of the project.
    path: Option<StoredPath>,
    /// The content of the file when it was read or saved.
    fingerprint: Option<Fingerprint>,
    /// Whether part of the file could not be read.
    is_damaged: bool,
    /// Whether the project differs from its file.
    pub is_unsaved: bool,
    meta: Meta,
    /// A composite comes before its members.
    nodes: Vec<Node>,
    frames: Vec<Frame>,
    wires: Vec<Wire>,
}

impl Base {
    /// The whole content of a project.
    pub fn of_project(project: &Project, is_unsaved: bool) -> Self {
        let document = &project.document;
        let mut nodes: Vec<Node> = document.all_nodes().cloned().collect();
        nodes.sort_by_cached_key(|node| document.scopes_around(node.id).len());
        let scopes = std::iter::once(None).chain(nodes.iter().map(|node| Some(node.id)));
        Self {
            version: VERSION,
            path: project.path().map(StoredPath::from),
            fingerprint: project.fingerprint(),
            is_damaged: project.is_damaged(),
            is_unsaved,
            meta: document.meta().clone(),
            frames: scopes.flat_map(|scope| document.frames_in(scope)).cloned().collect(),
            wires: document.all_wires().cloned().collect(),
            nodes,
        }
    }

    /// The project. Parts that the document refuses are left out; a base made from a document has no such parts.
    pub fn into_project(self) -> Project {
        let mut document = Document::new();
        let meta = std::iter::once(EditCommand::SetMeta { meta: self.meta });
        let nodes = self.nodes.into_iter().map(|node| EditCommand::AddNode { node });
        let frames = self.frames.into_iter().map(|frame| EditCommand::AddFrame { frame });
        let wires = self.wires.into_iter().map(|wire| EditCommand::Connect { wire });
        for command in meta.chain(nodes).chain(frames).chain(wires) {
            let _ = document.apply(command);
        }
        let path: Option<PathBuf> = self.path.map(|path| path.to_path());
        Project::recovered(document, path, self.fingerprint, self.is_damaged)
    }
}
