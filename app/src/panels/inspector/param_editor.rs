//! The editors for all kinds of settings. Valid values are queued as edits; invalid text stays in the field.

use std::collections::BTreeMap;

use compose_runtime::component::ComponentSpec;
use compose_runtime::message::Message;
use compose_runtime::params::{ParamKind, ParamSpec, ParamValue};
use egui::{ComboBox, Key, RichText, TextEdit, Ui, vec2};

use super::param_draft::{DraftError, check, read, write};
use crate::command::CommandQueue;
use crate::document::{EditCommand, Node, NodeId};
use crate::panels::PanelView;
use crate::panels::file_dialog::FileAim;
use crate::theme::icons::Icon;
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{icon_button, muted, switch, wrong};

/// The text being typed, by setting.
pub type Drafts = BTreeMap<&'static str, String>;

/// A request of an editor to choose a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// The component.
    pub node: NodeId,
    /// The setting.
    pub param: String,
    /// Whether the file is read or written.
    pub aim: FileAim,
    /// The accepted extensions, without dots; if empty, all files are accepted.
    pub extensions: Vec<String>,
}

/// One setting of one component, for its editor.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The data that panels read.
    pub view: &'a PanelView<'a>,
    /// The component.
    pub node: &'a Node,
    /// The description of the component type.
    pub component: &'static ComponentSpec,
    /// The description of the setting.
    pub spec: &'static ParamSpec,
}

/// The width of the name column, if name and editor are on one line.
const NAME_WIDTH: f32 = 92.0;

/// Draws the name, editor, help and error of one setting. Returns a request for a file, if there is one.
pub fn param_ui(
    ui: &mut Ui,
    setting: Setting<'_>,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) -> Option<FileRequest> {
    let spec = setting.spec;
    let value = setting.value();
    let uses_parameter = matches!(&value, Message::Text(text) if text.contains("${"));
    let mut request = None;
    let mut editor = |ui: &mut Ui, label: egui::Id| match spec.kind {
        ParamKind::Bool if !uses_parameter => bool_ui(ui, setting, &value, commands),
        ParamKind::Choice(choices) if !uses_parameter => choice_ui(ui, setting, choices, &value, commands),
        ParamKind::Template if !uses_parameter => {
            let names = setting.view.document.template_names();
            choice_ui(ui, setting, &names.iter().map(String::as_str).collect::<Vec<_>>(), &value, commands);
        }
        _ => request = text_ui(ui, setting, &value, label, drafts, commands),
    };
    let name = setting.name_galley(ui);
    if setting.is_short() && name <= NAME_WIDTH {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let size = vec2(NAME_WIDTH, 22.0);
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            let label = ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_width(NAME_WIDTH);
                name_ui(ui, setting)
            });
            ui.vertical(|ui| editor(ui, label.inner));
        });
    } else {
        let label = ui.horizontal(|ui| name_ui(ui, setting)).inner;
        editor(ui, label);
    }
    if let Some(draft) = drafts.get(spec.name)
        && let Err(error) = setting.parse(draft)
    {
        wrong(ui, format!("{} {error}", spec.name));
    }
    if setting.given().is_none() && spec.default.value().is_none() && !drafts.contains_key(spec.name) {
        wrong(ui, format!("{} is required", spec.name));
    }
    if spec.kind != ParamKind::Bool || uses_parameter {
        muted(ui, spec.help);
    }
    ui.add_space(6.0);
    request
}

impl Setting<'_> {
    fn value(&self) -> ParamValue {
        self.given().cloned().or_else(|| self.spec.default.value()).unwrap_or_default()
    }

    fn given(&self) -> Option<&ParamValue> {
        self.node.params().get(self.spec.name)
    }

    /// Whether name and editor fit on one line.
    fn is_short(&self) -> bool {
        matches!(
            self.spec.kind,
            ParamKind::Text
                | ParamKind::Bool
                | ParamKind::Int { .. }
                | ParamKind::Float { .. }
                | ParamKind::Choice(_)
                | ParamKind::Template
        )
    }

    fn name_text(&self) -> RichText {
        let is_given = self.given().is_some();
        let ink = if is_given { self.view.theme.strong } else { self.view.theme.text };
        let font = if is_given { tokens::font_strong(SIZE_BODY) } else { tokens::font(SIZE_BODY) };
        RichText::new(self.spec.name).font(font).color(ink)
    }

    fn name_galley(&self, ui: &Ui) -> f32 {
        let font = tokens::font_strong(SIZE_BODY);
        ui.painter().layout_no_wrap(self.spec.name.to_owned(), font, self.view.theme.text).size().x
    }

    fn parse(&self, text: &str) -> Result<Option<ParamValue>, DraftError> {
        let value = read(self.spec, text)?;
        check(self.view.document, self.node, self.component, self.spec, value)
    }

    fn set(&self, value: ParamValue, commands: &mut CommandQueue) {
        let value = (self.spec.default.value().as_ref() != Some(&value)).then_some(value);
        commands.edit(EditCommand::SetParam { id: self.node.id, name: self.spec.name.to_owned(), value });
    }

    /// Queues an edit for a valid draft that changes the value. Returns whether the draft is valid, so that it can be
    /// discarded.
    pub fn send(&self, drafts: &Drafts, commands: &mut CommandQueue) -> bool {
        let Some(Ok(value)) = drafts.get(self.spec.name).map(|text| self.parse(text)) else { return false };
        if self.given() != value.as_ref() {
            let name = self.spec.name.to_owned();
            commands.edit(EditCommand::SetParam { id: self.node.id, name, value });
        }
        true
    }
}

fn name_ui(ui: &mut Ui, setting: Setting<'_>) -> egui::Id {
    let response = ui.label(setting.name_text());
    let default = setting.spec.default.value();
    let default = default.map_or_else(|| "required".to_owned(), |value| format!("default {}", value.label(40)));
    let live = if setting.spec.live { "; changes take effect without a restart" } else { "" };
    response.on_hover_text(format!("{default}{live}")).id
}

fn bool_ui(ui: &mut Ui, setting: Setting<'_>, value: &ParamValue, commands: &mut CommandQueue) {
    let mut is_on = matches!(value, Message::Bool(true));
    ui.horizontal_top(|ui| {
        if switch(ui, &mut is_on, setting.spec.name).changed() {
            setting.set(Message::Bool(is_on), commands);
        }
        ui.vertical(|ui| {
            ui.add_space(3.0);
            muted(ui, setting.spec.help);
        });
    });
}

fn choice_ui(ui: &mut Ui, setting: Setting<'_>, choices: &[&str], value: &ParamValue, commands: &mut CommandQueue) {
    let now = value.as_text().unwrap_or_default().to_owned();
    let combo = ComboBox::from_id_salt(setting.spec.name).width(ui.available_width()).selected_text(&now);
    let response = combo.show_ui(ui, |ui| {
        for choice in choices {
            if ui.selectable_label(*choice == now, *choice).clicked() {
                setting.set(Message::text(choice), commands);
            }
        }
    });
    response.response.accessible_name(setting.spec.name);
}

fn text_ui(
    ui: &mut Ui,
    setting: Setting<'_>,
    value: &ParamValue,
    label: egui::Id,
    drafts: &mut Drafts,
    commands: &mut CommandQueue,
) -> Option<FileRequest> {
    let Setting { view, node, spec, .. } = setting;
    let mut text = drafts.get(spec.name).cloned().unwrap_or_else(|| write(spec, value));
    let is_invalid = drafts.get(spec.name).is_some_and(|draft| setting.parse(draft).is_err());
    let wants_file = matches!(spec.kind, ParamKind::FileToRead(_) | ParamKind::FileToWrite);
    let can_reset = drafts.contains_key(spec.name) || (setting.given().is_some() && spec.default.value().is_some());
    let is_long = matches!(spec.kind, ParamKind::LongText | ParamKind::List);
    let is_code = is_long || matches!(spec.kind, ParamKind::Expression | ParamKind::Any);
    let rows = text.lines().count().clamp(2, 8);
    let mut request = None;
    let align = if is_long { egui::Align::Min } else { egui::Align::Center };
    let height = if is_long { 0.0 } else { 22.0 };
    let layout = egui::Layout::left_to_right(align);
    let response = ui.allocate_ui_with_layout(vec2(ui.available_width(), height), layout, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let unit = ui.painter().layout_no_wrap(spec.unit.to_owned(), tokens::font(SIZE_SMALL), view.theme.muted);
        let unit_space = if spec.unit.is_empty() { 0.0 } else { unit.size().x + 4.0 };
        let space = unit_space + if wants_file { 30.0 } else { 0.0 } + if can_reset { 30.0 } else { 0.0 };
        let field =
            if is_long { TextEdit::multiline(&mut text).desired_rows(rows) } else { TextEdit::singleline(&mut text) };
        let field = field
            .id(egui::Id::unique(("param", node.id.0, spec.name)))
            .font(if is_code { tokens::font_mono(SIZE_SMALL) } else { tokens::font(SIZE_BODY) })
            .desired_width(ui.available_width() - space)
            .margin(vec2(8.0, 3.0))
            .hint_text(hint(spec));
        let response = ui
            .scope(|ui| {
                if is_invalid {
                    let stroke = egui::Stroke::new(1.5, view.theme.bad);
                    ui.visuals_mut().widgets.inactive.bg_stroke = stroke;
                    ui.visuals_mut().selection.stroke = stroke;
                }
                ui.add(field).labelled_by(label)
            })
            .inner;
        if !spec.unit.is_empty() {
            ui.label(RichText::new(spec.unit).size(SIZE_SMALL).color(view.theme.muted));
        }
        if wants_file && icon_button(ui, Icon::Folder, &format!("Choose file for {}", spec.name), "").clicked() {
            request = Some(file_request(node.id, spec));
        }
        let reset = format!("Default for {}", spec.name);
        if can_reset && icon_button(ui, Icon::Undo, &reset, "Resets the setting to its default").clicked() {
            drafts.remove(spec.name);
            if setting.given().is_some() && spec.default.value().is_some() {
                commands.edit(EditCommand::SetParam { id: node.id, name: spec.name.to_owned(), value: None });
            }
        }
        response
    });
    let response = response.inner;
    if response.changed() {
        drafts.insert(spec.name, text);
    }
    let is_cancelled = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
    if is_cancelled || response.lost_focus() && setting.send(drafts, commands) {
        drafts.remove(spec.name);
    }
    request
}

fn hint(spec: &ParamSpec) -> &'static str {
    match spec.kind {
        ParamKind::List => "one value per line",
        ParamKind::Expression => "an expression that uses msg",
        ParamKind::FileToRead(_) | ParamKind::FileToWrite => "path, relative to the project folder",
        _ => "",
    }
}

fn file_request(node: NodeId, spec: &ParamSpec) -> FileRequest {
    let (aim, extensions) = match spec.kind {
        ParamKind::FileToRead(extensions) => {
            (FileAim::Read, extensions.iter().map(|&extension| extension.to_owned()).collect())
        }
        _ => (FileAim::Write, Vec::new()),
    };
    FileRequest { node, param: spec.name.to_owned(), aim, extensions }
}
