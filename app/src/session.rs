//! Session: settings of the window that are kept between runs. Not part of any project.
//!
//! Stored as JSON in the user's configuration folder. A file that cannot be read is ignored. Writing is atomic, and
//! errors while saving are ignored, because the session contains none of the user's work.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::command::DockTab;
use crate::project::Recent;
use crate::theme::tokens::ThemeName;

/// The names of the files in the session's folder.
const SESSION: &str = "session.json";
const RECENT: &str = "recent.json";

/// Which panels are open, and their sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// The palette on the left.
    pub palette: bool,
    /// The inspector on the right.
    pub inspector: bool,
    /// The panel at the bottom.
    pub dock: bool,
    /// The outline below the palette.
    pub outline: bool,
    /// The stage.
    pub stage: bool,
    /// The overview in the corner of the canvas.
    pub minimap: bool,
    /// The visible tab of the bottom panel.
    pub tab: DockTab,
    /// Width of the palette.
    pub palette_width: f32,
    /// Width of the inspector.
    pub inspector_width: f32,
    /// Height of the bottom panel.
    pub dock_height: f32,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            palette: true,
            inspector: true,
            dock: true,
            outline: false,
            stage: false,
            minimap: true,
            tab: DockTab::default(),
            palette_width: 220.0,
            inspector_width: 274.0,
            dock_height: 168.0,
        }
    }
}

/// The settings kept between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Colour theme.
    pub theme: ThemeName,
    /// Scale of the whole window; 1 is normal.
    pub text_scale: f32,
    /// Open panels.
    pub panels: Panels,
    /// Titles of the collapsed categories of the palette.
    pub folded: BTreeSet<String>,
    /// Recent projects; stored in a separate file.
    #[serde(skip)]
    pub recent: Recent,
    /// Size of the window.
    pub window: [f32; 2],
}

impl Default for Session {
    fn default() -> Self {
        Self {
            theme: ThemeName::default(),
            text_scale: 1.0,
            panels: Panels::default(),
            folded: BTreeSet::new(),
            recent: Recent::default(),
            window: [1366.0, 768.0],
        }
    }
}

impl Session {
    /// The folder for the session; `None` if the user has no configuration folder.
    pub fn default_folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "kamaelia-compose").map(|folders| folders.config_dir().to_owned())
    }

    /// Loads the session. Parts that cannot be read have their default values.
    pub fn load(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(SESSION)).unwrap_or_default();
        let mut session: Self = serde_json::from_str(&text).unwrap_or_default();
        session.recent = Recent::load(&folder.join(RECENT));
        session.limit_sizes();
        session
    }

    /// Saves the session.
    pub fn save(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        written.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        written.persist(folder.join(SESSION)).map_err(|error| error.error)?;
        self.recent.save(&folder.join(RECENT))
    }

    fn limit_sizes(&mut self) {
        let limited = |value: f32, least: f32, most: f32, normal: f32| {
            if value.is_finite() { value.clamp(least, most) } else { normal }
        };
        self.text_scale = limited(self.text_scale, 0.8, 2.0, 1.0);
        let panels = &mut self.panels;
        // A project always opens with the canvas.
        panels.stage = false;
        panels.palette_width = limited(panels.palette_width, 160.0, 480.0, 220.0);
        panels.inspector_width = limited(panels.inspector_width, 220.0, 640.0, 274.0);
        panels.dock_height = limited(panels.dock_height, 90.0, 700.0, 168.0);
        self.window = self.window.map(|side| limited(side, 480.0, 8000.0, 1024.0));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_session_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("deep");
        let mut session = Session { theme: ThemeName::Light, ..Session::default() };
        session.panels.tab = DockTab::Components;
        session.folded.insert("Text".to_owned());
        session.recent.add(Path::new("/none/a.json"));
        session.save(&folder).unwrap();
        assert_eq!(Session::load(&folder), session);
    }

    #[test]
    fn damaged_files_are_ignored_and_sizes_are_limited() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join(SESSION), "{ nonsense").unwrap();
        assert_eq!(Session::load(folder), Session::default());
        std::fs::write(folder.join(SESSION), r#"{"text_scale": 1e9, "new_key": 1}"#).unwrap();
        assert_eq!(Session::load(folder).text_scale, 2.0);
    }
}
