//! The inspector of a composite: its content, and its additional boxes, which can be added, renamed and removed.
//!
//! Every composite has `inbox`, `outbox`, `control` and `signal`; they are not listed here.

use std::collections::BTreeMap;

use compose_runtime::ids::Direction;
use egui::{TextEdit, Ui};

use super::section::section;
use crate::command::{CommandQueue, ViewCommand};
use crate::document::{EditCommand, Node, NodeBody, edits};
use crate::panels::PanelView;
use crate::theme::icons::Icon;
use crate::theme::widgets::{icon_button, muted};

/// The box names being typed, by direction (true for inboxes) and index.
pub type BoxDrafts = BTreeMap<(bool, usize), String>;

/// Draws the sections that only composites have.
pub fn composite_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    drafts: &mut BoxDrafts,
    commands: &mut CommandQueue,
) {
    let NodeBody::Composite { inboxes, outboxes, is_template } = &node.body else { return };
    section(ui, "COMPOSITE", |ui| {
        let inside = crate::document::command::components(view.document.nodes_in(Some(node.id)).count());
        if view.scope == Some(node.id) {
            muted(ui, format!("{inside} inside, shown on the canvas."));
            if ui.button("Leave").on_hover_text("Goes back to the surrounding graph").clicked() {
                commands.push(ViewCommand::LeaveScope);
            }
        } else {
            muted(ui, format!("{inside} inside. Double-click it on the canvas to open it."));
            if ui.button("Open").clicked() {
                commands.push(ViewCommand::EnterScope(node.id));
            }
        }
        let mut is_template = *is_template;
        let label = "Template: does not run itself; chassis create instances of it";
        if ui.checkbox(&mut is_template, label).changed() {
            commands.edit(EditCommand::SetTemplate { id: node.id, is_template });
        }
    });
    section(ui, "ADDITIONAL BOXES", |ui| {
        let lists = [(Direction::Inbox, inboxes), (Direction::Outbox, outboxes)];
        for (direction, names) in lists {
            for (index, name) in names.iter().enumerate() {
                box_ui(ui, view, node, (direction, index, name), drafts, commands);
            }
        }
        ui.horizontal(|ui| {
            for (direction, names) in lists {
                let kind = direction_name(direction);
                let tooltip = format!("Adds an {kind}, which can be linked inside and outside");
                if ui.button(format!("Add {kind}")).on_hover_text(tooltip).clicked() {
                    let mut changed = [inboxes.clone(), outboxes.clone()];
                    let [ins, outs] = &mut changed;
                    let list = if direction == Direction::Inbox { ins } else { outs };
                    list.push(free_name(kind, names));
                    set(view, node, changed, commands);
                }
            }
        });
    });
}

const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbox => "inbox",
        Direction::Outbox => "outbox",
    }
}

/// A free name. Numbers start at 2, because `inbox` and `outbox` always exist.
fn free_name(kind: &str, taken: &[String]) -> String {
    let mut number = 2;
    loop {
        let name = format!("{kind}{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

fn set(view: &PanelView<'_>, node: &Node, [inboxes, outboxes]: [Vec<String>; 2], commands: &mut CommandQueue) {
    commands.edit(edits::set_boxes(view.document, node.id, inboxes, outboxes));
}

/// Queues an edit for the name that is being typed. Only the field with the focus has a draft.
pub fn flush(view: &PanelView<'_>, node: &Node, drafts: &mut BoxDrafts, commands: &mut CommandQueue) {
    let NodeBody::Composite { inboxes, outboxes, .. } = &node.body else { return };
    let Some(((is_inbox, index), text)) = drafts.pop_first() else { return };
    let (direction, names) = if is_inbox { (Direction::Inbox, inboxes) } else { (Direction::Outbox, outboxes) };
    if let Some(name) = names.get(index).filter(|name| *name != text.trim()) {
        commands.edit(edits::rename_box(view.document, node, direction, name, text.trim()));
    }
}

fn box_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    (direction, index, name): (Direction, usize, &String),
    drafts: &mut BoxDrafts,
    commands: &mut CommandQueue,
) {
    let NodeBody::Composite { inboxes, outboxes, .. } = &node.body else { return };
    let kind = direction_name(direction);
    let key = (direction == Direction::Inbox, index);
    ui.horizontal(|ui| {
        ui.add_sized([46.0, 20.0], egui::Label::new(kind).selectable(false));
        let mut text = drafts.get(&key).unwrap_or(name).clone();
        let field = TextEdit::singleline(&mut text).desired_width(ui.available_width() - 30.0);
        let response = ui.add(field).accessible_name(format!("Name of {kind} {name}"));
        let response = response.on_hover_text("The name of the box. Links keep working when you change it.");
        if response.changed() {
            drafts.insert(key, text);
        }
        if response.lost_focus() {
            if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
                drafts.remove(&key);
            }
            flush(view, node, drafts, commands);
        }
        let label = format!("Remove {kind} {name}");
        if icon_button(ui, Icon::Cross, &label, "Removes this box and its links").clicked() {
            drafts.clear();
            let without = |names: &[String], of: Direction| -> Vec<String> {
                names.iter().filter(|other| of != direction || *other != name).cloned().collect()
            };
            set(view, node, [without(inboxes, Direction::Inbox), without(outboxes, Direction::Outbox)], commands);
        }
    });
}
