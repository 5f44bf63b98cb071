//! Kamaelia Compose, the application: the document, its file, the bridge to the running system, the command line and,
//! with feature `gui`, the window.
//!
//! Reading order: `document` (the model), `project` (the file), `journal` (unsaved edits on disk), `live` (the running
//! system), `workspace` (all of them together), `cli`; then the window: `command`, `canvas`, `panels`, `view_state`, `dispatch`, `app`. Modules
//! before `command` do not use egui. Drawing code cannot change the document: it queues commands, which `dispatch`
//! carries out after drawing.

pub mod cli;
pub mod document;
pub mod journal;
pub mod live;
pub mod project;

#[cfg(feature = "gui")]
pub mod app;
#[cfg(feature = "gui")]
pub mod canvas;
#[cfg(feature = "gui")]
pub mod command;
#[cfg(feature = "gui")]
pub mod dispatch;
#[cfg(feature = "gui")]
pub mod fuzzy;
#[cfg(feature = "gui")]
pub mod panels;
#[cfg(feature = "gui")]
pub mod session;
#[cfg(feature = "gui")]
pub mod theme;
#[cfg(feature = "gui")]
pub mod view_state;
pub mod wording;
pub mod workspace;
