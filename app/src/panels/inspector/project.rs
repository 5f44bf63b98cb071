//! The inspector of the project, shown if nothing is selected: name, description and parameters.

use egui::{ComboBox, RichText, TextEdit, Ui};

use super::section::{divider, section};
use crate::command::CommandQueue;
use crate::document::{EditCommand, Meta, Parameter, ParameterKind};
use crate::panels::PanelView;
use crate::panels::value_text::{read_any, write_any};
use crate::theme::icons::Icon;
use crate::theme::tokens::{self, SIZE_SMALL, SIZE_TITLE};
use crate::theme::widgets::{icon_button, muted, wrong};

/// The name, default and help text being typed, by index of the parameter.
pub type ParameterDrafts = std::collections::BTreeMap<usize, [String; 3]>;

/// Draws the properties of the project.
pub fn project_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    about: &mut Option<(String, String)>,
    parameters: &mut ParameterDrafts,
    commands: &mut CommandQueue,
) {
    let meta = view.document.meta();
    let (mut name, mut description) = about.clone().unwrap_or_else(|| (meta.name.clone(), meta.description.clone()));
    section(ui, "", |ui| {
        ui.label(RichText::new("Project").font(tokens::font_strong(SIZE_TITLE)).color(view.theme.strong));
        muted(ui, "Select a component, a link or a frame to see everything about it.");
    });
    divider(ui, view);
    section(ui, "ABOUT", |ui| {
        let label = ui.label("name");
        let field = TextEdit::singleline(&mut name).desired_width(f32::INFINITY).hint_text(view.project_name());
        let first = ui.add(field).labelled_by(label.id);
        ui.add_space(4.0);
        let label = ui.label("description");
        let field = TextEdit::multiline(&mut description)
            .desired_width(f32::INFINITY)
            .desired_rows(4)
            .hint_text("What this project does");
        let second = ui.add(field).labelled_by(label.id);
        if first.changed() || second.changed() {
            *about = Some((name, description));
        }
        if first.lost_focus() || second.lost_focus() {
            flush(view, about, &mut ParameterDrafts::new(), commands);
        }
    });
    divider(ui, view);
    section(ui, "PARAMETERS", |ui| parameters_ui(ui, view, parameters, commands));
}

/// Queues one edit for all texts that are being typed. The texts of a parameter that are not valid stay.
pub fn flush(
    view: &PanelView<'_>,
    about: &mut Option<(String, String)>,
    parameters: &mut ParameterDrafts,
    commands: &mut CommandQueue,
) {
    let mut meta = view.document.meta().clone();
    if let Some((name, description)) = about.take() {
        (meta.name, meta.description) = (name, description);
    }
    parameters.retain(|index, texts| {
        let Some(parameter) = meta.parameters.get_mut(*index) else { return false };
        let is_valid = refusal(view, *index, parameter, texts).is_none();
        if is_valid {
            *parameter = changed(parameter, texts.clone());
        }
        !is_valid
    });
    if meta != *view.document.meta() {
        commands.edit(EditCommand::SetMeta { meta });
    }
}

/// The parameter with these texts: its name, its default and its help.
fn changed(parameter: &Parameter, [name, value, help]: [String; 3]) -> Parameter {
    let default = parameter.kind.read(&value).unwrap_or_else(|| read_any(&value));
    Parameter { name, default, help, ..parameter.clone() }
}

fn parameters_ui(ui: &mut Ui, view: &PanelView<'_>, drafts: &mut ParameterDrafts, commands: &mut CommandQueue) {
    let meta = view.document.meta();
    muted(ui, "Values that settings use as ${name}; a run may override them.");
    ui.add_space(4.0);
    for (index, parameter) in meta.parameters.iter().enumerate() {
        ui.push_id(index, |ui| parameter_ui(ui, view, index, parameter, drafts, commands));
    }
    if ui.button("Add parameter").clicked() {
        let mut meta = meta.clone();
        let name = free_name(&meta);
        meta.parameters.push(Parameter {
            name,
            kind: ParameterKind::Text,
            default: "".into(),
            help: String::new(),
            extra: serde_json::Map::new(),
        });
        commands.edit(EditCommand::SetMeta { meta });
    }
}

fn free_name(meta: &Meta) -> String {
    let mut number = 1;
    loop {
        let name = format!("parameter{number}");
        if meta.parameter(&name).is_none() {
            return name;
        }
        number += 1;
    }
}

fn parameter_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    index: usize,
    parameter: &Parameter,
    drafts: &mut ParameterDrafts,
    commands: &mut CommandQueue,
) {
    let stored = [parameter.name.clone(), write_value(parameter), parameter.help.clone()];
    let mut texts = drafts.get(&index).cloned().unwrap_or_else(|| stored.clone());
    let mut change: Option<Parameter> = None;
    let mut is_removed = false;
    let [name, value, help] = &mut texts;
    let mut responses = Vec::new();
    ui.horizontal(|ui| {
        let space = ui.available_width() - 112.0;
        let field = TextEdit::singleline(name).desired_width(space).font(tokens::font_mono(SIZE_SMALL));
        responses.push(ui.add(field).accessible_name(format!("Name of parameter {}", index + 1)));
        let combo = ComboBox::from_id_salt("kind").width(62.0).selected_text(parameter.kind.name());
        let response = combo.show_ui(ui, |ui| {
            for kind in ParameterKind::ALL {
                if ui.selectable_label(kind == parameter.kind, kind.name()).clicked() {
                    let default = kind.read(&write_value(parameter)).unwrap_or_else(|| zero(kind));
                    change = Some(Parameter { kind, default, ..parameter.clone() });
                }
            }
        });
        response.response.accessible_name(format!("Kind of {}", parameter.name));
        let label = format!("Remove parameter {}", parameter.name);
        is_removed = icon_button(ui, Icon::Cross, &label, "Removes this parameter").clicked();
    });
    let field = TextEdit::singleline(value).desired_width(f32::INFINITY).font(tokens::font_mono(SIZE_SMALL));
    responses.push(ui.add(field.hint_text("default")).accessible_name(format!("Default of {}", parameter.name)));
    let field = TextEdit::singleline(help).desired_width(f32::INFINITY).hint_text("one line of help");
    responses.push(ui.add(field).accessible_name(format!("Help of {}", parameter.name)));
    let refusal = refusal(view, index, parameter, &texts);
    if let Some(refusal) = &refusal {
        wrong(ui, refusal.clone());
    }
    if responses.iter().any(egui::Response::changed) {
        drafts.insert(index, texts.clone());
    }
    if responses.iter().any(egui::Response::lost_focus) && refusal.is_none() && texts != stored {
        drafts.remove(&index);
        change = Some(changed(parameter, texts));
    }
    if is_removed || change.is_some() {
        let mut meta = view.document.meta().clone();
        if is_removed {
            meta.parameters.remove(index);
            drafts.clear();
        } else if let (Some(change), Some(parameter)) = (change, meta.parameters.get_mut(index)) {
            *parameter = change;
        }
        commands.edit(EditCommand::SetMeta { meta });
    }
    ui.add_space(10.0);
}

fn write_value(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterKind::Text => parameter.default.to_string(),
        _ => write_any(&parameter.default),
    }
}

fn zero(kind: ParameterKind) -> compose_runtime::params::ParamValue {
    match kind {
        ParameterKind::Text | ParameterKind::Any => "".into(),
        ParameterKind::Bool => false.into(),
        ParameterKind::Int => 0_i64.into(),
        ParameterKind::Float => 0.0.into(),
    }
}

fn refusal(view: &PanelView<'_>, index: usize, parameter: &Parameter, texts: &[String; 3]) -> Option<String> {
    let [name, value, _] = texts;
    let is_valid = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter));
    if !is_valid {
        return Some("A name may contain only letters, digits, _ and -.".to_owned());
    }
    let mut others = view.document.meta().parameters.iter().enumerate().filter(|(other, _)| *other != index);
    if others.any(|(_, other)| other.name == *name) {
        return Some(format!("There is already a parameter {name}."));
    }
    let fits = parameter.kind.read(value).is_some();
    (!fits).then(|| format!("The default must be of kind {}.", parameter.kind.name()))
}
