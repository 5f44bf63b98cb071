//! A test of the application with the command and the panel of the guide; it is compiled in the copy of the tree.

use compose_app::command::{AppCommand, COMMANDS, DockTab, EditAction, ViewCommand};

const COMMAND: EditAction = EditAction::SelectSources;

// The compiler evaluates this: the table has a row for the command, and the tab is the last one.
const _: () = assert!(COMMAND.has_row());
const _: () = assert!(matches!(DockTab::ALL, [.., DockTab::Types]));

#[test]
fn the_command_and_the_tab_of_the_guide_can_be_picked_by_name() {
    let command_of = |name| COMMANDS.iter().find(|info| info.name == name).map(|info| info.command.clone());
    assert_eq!(command_of("Select sources"), Some(AppCommand::Edit(COMMAND)));
    assert_eq!(command_of("Types"), Some(AppCommand::View(ViewCommand::ShowTab(DockTab::Types))));
}
