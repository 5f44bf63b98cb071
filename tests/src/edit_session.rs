//! An edit session: a window without a screen that makes random edits. The same seed gives the same edits.

use std::path::{Path, PathBuf};

use compose_app::project::{Project, format};
use compose_app::workspace::Workspace;

use crate::arbitrary;

/// A window without a screen.
pub struct EditSession {
    workspace: Workspace,
    random: u64,
    file: PathBuf,
}

impl EditSession {
    /// Starts a session with an empty project that is saved to `file`.
    pub fn new(seed: u64, file: &Path) -> Self {
        let mut workspace = Workspace::new(compose_components::registry());
        workspace.open(Project::new(), Vec::new());
        Self { workspace, random: seed, file: file.to_owned() }
    }

    /// The project, its history and its journal.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The project, its history and its journal, to change them.
    pub fn workspace_mut(&mut self) -> &mut Workspace {
        &mut self.workspace
    }

    /// Does one thing: mostly an edit, sometimes undo or redo, rarely a save. Some edits are refused.
    pub fn step(&mut self, saves: bool) {
        let [kind, a, b, c, choice, ..] = self.next().to_le_bytes();
        match choice {
            0..30 => self.workspace.undo(),
            30..45 => self.workspace.redo(),
            45..50 if saves => self.workspace.save(Some(&self.file)).expect("the project can be saved"),
            45..50 => {}
            _ => {
                let mut copy = self.workspace.document().clone();
                let command = arbitrary::command(&mut copy, (kind, a, b, c));
                self.workspace.edit(command);
            }
        }
    }

    /// What the user can see of the project and its history.
    pub fn seen(workspace: &Workspace) -> String {
        let history = workspace.history();
        let text = format::to_text(workspace.document());
        format!("{:?} {:?}\n{text}", history.undo_label(), history.redo_label())
    }

    /// The generator SplitMix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
