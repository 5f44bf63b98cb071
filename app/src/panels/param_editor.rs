//! One editor for each kind of setting. Shows, takes and checks; what is right goes to the queue, what is wrong stays.

use std::collections::BTreeMap;

use compose_runtime::component::ComponentSpec;
use compose_runtime::message::Message;
use compose_runtime::params::{ParamKind, ParamSpec, ParamValue};
use egui::{ComboBox, Key, RichText, TextEdit, Ui, vec2};

use super::PanelView;
use super::param_draft::{check, read, write};
use crate::command::{AppCommand, CommandQueue};
use crate::document::{EditCommand, Node, NodeId};
use crate::panels::file_dialog::FileAim;
use crate::theme::icons::Icon;
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{icon_button, muted, wrong};

/// Texts being typed, by setting.
pub type Drafts = BTreeMap<&'static str, String>;

/// Which file an editor would like to have, for the file dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWish {
    /// Whose setting.
    pub node: NodeId,
    /// Which setting.
    pub param: String,
    /// To read or to write.
    pub aim: FileAim,
    /// Extensions without dots; empty means any.
    pub extensions: Vec<String>,
}

/// Draws name, editor, help and reason of one setting. Gives the wish for a file, if there is one.
pub fn param_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    component: &'static ComponentSpec,
    spec: &'static ParamSpec,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) -> Option<FileWish> {
    let given = node.params().get(spec.name);
    let value = given.cloned().or_else(|| spec.default.value()).unwrap_or_default();
    let mut wish = None;
    let name = name_ui(ui, view, node, spec, given.is_some(), drafts, commands);
    let uses_parameter = matches!(&value, Message::Text(text) if text.contains("${"));
    match spec.kind {
        ParamKind::Bool if !uses_parameter => bool_ui(ui, spec, &value, node.id, commands),
        ParamKind::Choice(words) if !uses_parameter => choice_ui(ui, spec, words, &value, node.id, commands),
        _ => wish = text_ui(ui, view, node, component, spec, &value, name, drafts, commands),
    }
    if spec.kind != ParamKind::Bool || uses_parameter {
        muted(ui, spec.help);
    }
    ui.add_space(6.0);
    wish
}

fn name_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    spec: &'static ParamSpec,
    is_given: bool,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) -> egui::Id {
    ui.horizontal(|ui| {
        let ink = if is_given { view.theme.strong } else { view.theme.text };
        let font = if is_given { tokens::font_strong(SIZE_BODY) } else { tokens::font(SIZE_BODY) };
        let label = ui.label(RichText::new(spec.name).font(font).color(ink));
        if spec.live && view.live.is_running() {
            let words = RichText::new("live").size(tokens::SIZE_TINY).color(view.theme.good);
            ui.label(words).on_hover_text("A change takes effect without a restart");
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let has_default = spec.default.value().is_some();
            if (is_given && has_default) || drafts.contains_key(spec.name) {
                let name = format!("Default for {}", spec.name);
                if icon_button(ui, Icon::Undo, &name, "Goes back to the default").clicked() {
                    drafts.remove(spec.name);
                    if is_given && has_default {
                        let name = spec.name.to_owned();
                        commands.edit(EditCommand::SetParam { id: node.id, name, value: None });
                    }
                }
            }
            if !spec.unit.is_empty() {
                ui.label(RichText::new(spec.unit).size(SIZE_SMALL).color(view.theme.muted));
            }
        });
        label.id
    })
    .inner
}

fn bool_ui(ui: &mut Ui, spec: &ParamSpec, value: &ParamValue, node: NodeId, commands: &mut CommandQueue) {
    let mut is_on = matches!(value, Message::Bool(true));
    let response = ui.horizontal_wrapped(|ui| ui.checkbox(&mut is_on, spec.help)).inner;
    if response.accessible_name(spec.name).changed() {
        set(spec, node, Message::Bool(is_on), commands);
    }
}

fn choice_ui(
    ui: &mut Ui,
    spec: &ParamSpec,
    words: &'static [&'static str],
    value: &ParamValue,
    node: NodeId,
    commands: &mut CommandQueue,
) {
    let now = value.as_text().unwrap_or_default().to_owned();
    let combo = ComboBox::from_id_salt(spec.name).width(ui.available_width()).selected_text(&now);
    let response = combo.show_ui(ui, |ui| {
        for word in words {
            if ui.selectable_label(*word == now, *word).clicked() {
                set(spec, node, Message::text(word), commands);
            }
        }
    });
    response.response.accessible_name(spec.name);
}

fn set(spec: &ParamSpec, node: NodeId, value: ParamValue, commands: &mut CommandQueue) {
    let value = (spec.default.value().as_ref() != Some(&value)).then_some(value);
    commands.edit(EditCommand::SetParam { id: node, name: spec.name.to_owned(), value });
}

#[expect(clippy::too_many_arguments, reason = "one text field needs all of it; a struct would only rename them")]
fn text_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    component: &'static ComponentSpec,
    spec: &'static ParamSpec,
    value: &ParamValue,
    label: egui::Id,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) -> Option<FileWish> {
    let stored = write(spec, value);
    let mut text = drafts.get(spec.name).cloned().unwrap_or_else(|| stored.clone());
    let reason = drafts.get(spec.name).and_then(|draft| judge(view, node, component, spec, draft).err());
    let wants_file = matches!(spec.kind, ParamKind::FileToRead(_) | ParamKind::FileToWrite);
    let is_long = matches!(spec.kind, ParamKind::LongText | ParamKind::List);
    let is_code = is_long || matches!(spec.kind, ParamKind::Expression | ParamKind::Any);
    let mut wish = None;
    let rows = text.lines().count().clamp(2, 8);
    let response = ui
        .horizontal_top(|ui| {
            if reason.is_some() {
                let stroke = egui::Stroke::new(1.2, view.theme.bad);
                ui.visuals_mut().widgets.inactive.bg_stroke = stroke;
                ui.visuals_mut().selection.stroke = stroke;
            }
            let room = if wants_file { 36.0 } else { 0.0 };
            let field = if is_long {
                TextEdit::multiline(&mut text).desired_rows(rows)
            } else {
                TextEdit::singleline(&mut text)
            };
            let font = if is_code { tokens::font_mono(SIZE_SMALL) } else { tokens::font(SIZE_BODY) };
            let field = field
                .id(egui::Id::unique(("param", node.id.0, spec.name)))
                .font(font)
                .desired_width(ui.available_width() - room)
                .margin(vec2(8.0, 4.0))
                .hint_text(hint(spec));
            let response = ui.add(field).labelled_by(label);
            if wants_file {
                let name = format!("Choose file for {}", spec.name);
                if icon_button(ui, Icon::Folder, &name, "Chooses a file").clicked() {
                    wish = Some(file_wish(node.id, spec));
                }
            }
            response
        })
        .inner;
    if response.changed() {
        drafts.insert(spec.name, text);
    }
    let is_given_up = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
    if is_given_up {
        drafts.remove(spec.name);
    } else if response.lost_focus() {
        commit(view, node, component, spec, drafts, commands);
    }
    if let Some(reason) = reason {
        wrong(ui, format!("{} {reason}", spec.name));
    }
    wish
}

fn hint(spec: &ParamSpec) -> &'static str {
    match spec.kind {
        ParamKind::List => "one value a line",
        ParamKind::Expression => "an expression over msg",
        ParamKind::FileToRead(_) | ParamKind::FileToWrite => "path, relative to the project",
        _ => "",
    }
}

fn file_wish(node: NodeId, spec: &ParamSpec) -> FileWish {
    let (aim, extensions) = match spec.kind {
        ParamKind::FileToRead(extensions) => (FileAim::Read, extensions.iter().map(|&word| word.to_owned()).collect()),
        _ => (FileAim::Write, Vec::new()),
    };
    FileWish { node, param: spec.name.to_owned(), aim, extensions }
}

fn judge(
    view: &PanelView<'_>,
    node: &Node,
    component: &ComponentSpec,
    spec: &ParamSpec,
    text: &str,
) -> Result<Option<ParamValue>, String> {
    read(spec, text).and_then(|value| check(view.document, node, component, spec, value))
}

/// Sends a draft on its way if it is right and changes something; a wrong one stays.
pub fn commit(
    view: &PanelView<'_>,
    node: &Node,
    component: &ComponentSpec,
    spec: &'static ParamSpec,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) {
    let Some(text) = drafts.get(spec.name) else { return };
    if let Ok(value) = judge(view, node, component, spec, text) {
        drafts.remove(spec.name);
        if node.params().get(spec.name) != value.as_ref() {
            commands.push(AppCommand::Edit(EditCommand::SetParam { id: node.id, name: spec.name.to_owned(), value }));
        }
    }
}
