//! The state of the named commands in menus and palettes: which are possible now, which settings their entries show,
//! and their current names. The table of commands lists what each command depends on.

use super::PanelView;
use crate::command::{CommandInfo, Naming, Needs, Shows};
use crate::document::Node;
use crate::wording::lower_first;

/// Whether a command has an effect now.
pub fn can(info: &CommandInfo, view: &PanelView<'_>) -> bool {
    let (selection, live) = (view.selection, view.live);
    match info.needs {
        Needs::Nothing => true,
        Needs::EditToUndo => view.history.undo_label().is_some(),
        Needs::EditToRedo => view.history.redo_label().is_some(),
        Needs::SelectedNodes => !selection.nodes.is_empty(),
        Needs::Selection => !selection.is_empty(),
        Needs::OneNode => selection.only_node().is_some(),
        Needs::OneComposite => {
            selection.only_node().and_then(|id| view.document.node(id)).is_some_and(Node::is_composite)
        }
        Needs::Recovery => view.has_recoveries,
        Needs::OpenComposite => view.scope.is_some(),
        Needs::NothingRunning => !live.is_running() || live.is_paused() || live.has_ended(),
        Needs::System => live.is_running(),
        Needs::LivingSystem => live.is_running() && !live.has_ended(),
    }
}

/// Whether the setting that the menu entry of a command shows is on; `None` if it shows none.
pub fn is_on(info: &CommandInfo, view: &PanelView<'_>) -> Option<bool> {
    let panels = &view.session.panels;
    match info.shows {
        Shows::Nothing => None,
        Shows::Palette => Some(panels.palette),
        Shows::Inspector => Some(panels.inspector),
        Shows::Dock => Some(panels.dock),
        Shows::Outline => Some(panels.outline),
        Shows::Stage => Some(panels.stage),
        Shows::Minimap => Some(panels.minimap),
        Shows::Tab(tab) => Some(panels.dock && panels.tab == tab),
        Shows::Speed(speed) => Some(view.speed == speed),
    }
}

/// The current name of a command. For example, the name of undo includes the edit that it would undo.
pub fn name_now(info: &CommandInfo, view: &PanelView<'_>) -> String {
    let edit = match info.naming {
        Naming::Fixed => None,
        Naming::EditToUndo => view.history.undo_label(),
        Naming::EditToRedo => view.history.redo_label(),
        Naming::PauseOrResume if view.live.is_paused() => return "Resume".to_owned(),
        Naming::PauseOrResume => None,
    };
    edit.map_or_else(|| info.name.to_owned(), |edit| format!("{}: {}", info.name, lower_first(edit)))
}
