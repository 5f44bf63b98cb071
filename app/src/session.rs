//! Session: what is kept between runs of the window. Not part of any project.
//!
//! JSON in the configuration folder of the user. A file that cannot be read counts as none; writing is atomic, and a
//! failure is not worth more than a line: nothing of the user's work is in here.

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

/// Which panels are open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// The palette at the left.
    pub palette: bool,
    /// The inspector at the right.
    pub inspector: bool,
    /// The panel below.
    pub dock: bool,
    /// The outline, under the palette.
    pub outline: bool,
    /// The stage.
    pub stage: bool,
    /// The overview in the corner of the canvas.
    pub minimap: bool,
    /// Which tab of the panel below is shown.
    pub tab: DockTab,
    /// Width of the palette.
    pub palette_width: f32,
    /// Width of the inspector.
    pub inspector_width: f32,
    /// Height of the panel below.
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

/// What is kept between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Colours.
    pub theme: ThemeName,
    /// Size of everything; 1 is normal.
    pub text_scale: f32,
    /// Open panels.
    pub panels: Panels,
    /// Titles of the palette's categories that are folded away.
    pub folded: BTreeSet<String>,
    /// Recent projects; kept in a file of their own.
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
    /// The folder it is kept in; `None` if this user has no such place.
    pub fn default_folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "kamaelia-compose").map(|folders| folders.config_dir().to_owned())
    }

    /// Reads it; what cannot be read is as at the first time.
    pub fn load(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(SESSION)).unwrap_or_default();
        let mut session: Self = serde_json::from_str(&text).unwrap_or_default();
        session.recent = Recent::load(&folder.join(RECENT));
        session.make_sane();
        session
    }

    /// Writes it.
    pub fn save(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        written.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        written.persist(folder.join(SESSION)).map_err(|error| error.error)?;
        self.recent.save(&folder.join(RECENT))
    }

    fn make_sane(&mut self) {
        let tame = |value: f32, least: f32, most: f32, normal: f32| {
            if value.is_finite() { value.clamp(least, most) } else { normal }
        };
        self.text_scale = tame(self.text_scale, 0.8, 2.0, 1.0);
        let panels = &mut self.panels;
        // A project opens on its canvas.
        panels.stage = false;
        panels.palette_width = tame(panels.palette_width, 160.0, 480.0, 220.0);
        panels.inspector_width = tame(panels.inspector_width, 220.0, 640.0, 274.0);
        panels.dock_height = tame(panels.dock_height, 90.0, 700.0, 168.0);
        self.window = self.window.map(|side| tame(side, 480.0, 8000.0, 1024.0));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded() {
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
    fn nonsense_counts_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join(SESSION), "{ nonsense").unwrap();
        assert_eq!(Session::load(folder), Session::default());
        std::fs::write(folder.join(SESSION), r#"{"text_scale": 1e9, "new_key": 1}"#).unwrap();
        assert_eq!(Session::load(folder).text_scale, 2.0);
    }
}
