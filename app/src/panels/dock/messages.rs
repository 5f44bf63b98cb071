//! The last messages of the selected link, with times and values. The list can be filtered and held.

use std::sync::Arc;

use compose_runtime::introspect::snapshot::DeliverySample;
use egui::{Key, RichText, ScrollArea, TextEdit, Ui, vec2};

use crate::document::Wire;
use crate::panels::PanelView;
use crate::panels::number_text::{count_text, rate_text};
use crate::theme::icons::Icon;
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{empty, icon_button};

/// How many characters of a message are searched and shown.
const LONGEST_TEXT: usize = 20_000;

/// The state of the list.
#[derive(Debug, Default)]
pub struct MessagesState {
    filter: String,
    held: Option<Arc<Vec<DeliverySample>>>,
    wire: Option<Wire>,
    chosen: Option<u64>,
}

/// Draws the list.
pub fn messages_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut MessagesState) {
    let Some(wire) = view.selection.only_wire() else {
        empty(ui, "Click a link on the canvas to see its last messages.");
        return;
    };
    if state.wire.as_ref() != Some(wire) {
        *state = MessagesState { wire: Some(wire.clone()), ..MessagesState::default() };
    }
    let tap = view.live.messages(wire);
    bar_ui(ui, view, wire, state, tap.as_ref());
    let Some(samples) = state.held.clone().or(tap) else {
        let text = if view.live.linkage(wire).is_some_and(|linkage| linkage.delivered > 0) {
            "No messages were recorded before the link was selected. Run the system again to see them here."
        } else if view.live.is_running() {
            "Waiting for the first message on this link."
        } else {
            "The system is not running. Press F5 to run it and see the messages of this link here."
        };
        empty(ui, text);
        return;
    };
    rows_ui(ui, view, state, &samples);
}

fn bar_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    wire: &Wire,
    state: &mut MessagesState,
    tap: Option<&Arc<Vec<DeliverySample>>>,
) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        let name = view.document.wire_name(wire).replace("->", "→");
        ui.label(RichText::new(name).font(tokens::font_strong(SIZE_BODY)).color(view.theme.strong));
        if let Some(linkage) = view.live.linkage(wire) {
            let text =
                format!("{} so far · {} /s", count_text(linkage.delivered), rate_text(view.live.wire_rate(wire)));
            ui.label(RichText::new(text).size(SIZE_SMALL).color(view.theme.muted));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(8.0);
            let mut is_held = state.held.is_some();
            if ui.toggle_value(&mut is_held, "Hold").on_hover_text("Freezes the list").changed() {
                state.held = if is_held { Some(tap.cloned().unwrap_or_default()) } else { None };
            }
            if state.chosen.is_some() && icon_button(ui, Icon::Cross, "Close message", "").clicked() {
                state.chosen = None;
            }
            let field = TextEdit::singleline(&mut state.filter).hint_text("Filter…").desired_width(160.0);
            ui.add(field).accessible_name("Filter messages");
        });
    });
    if ui.input(|input| input.key_pressed(Key::Escape)) && !state.filter.is_empty() {
        state.filter.clear();
    }
    ui.add_space(2.0);
}

fn rows_ui(ui: &mut Ui, view: &PanelView<'_>, state: &mut MessagesState, samples: &[DeliverySample]) {
    let needle = state.filter.to_lowercase();
    let shown: Vec<&DeliverySample> = samples
        .iter()
        .rev()
        .filter(|sample| {
            needle.is_empty() || sample.message.to_clipped_string(LONGEST_TEXT).to_lowercase().contains(&needle)
        })
        .collect();
    if shown.is_empty() {
        empty(ui, if needle.is_empty() { "No messages yet." } else { "No message matches." });
        return;
    }
    let row = 19.0;
    let whole = state.chosen.and_then(|chosen| shown.iter().find(|sample| sample.sequence == chosen).copied());
    let width = if whole.is_some() { ui.available_width() * 0.55 } else { ui.available_width() };
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(width, height), egui::Layout::top_down(egui::Align::Min), |ui| {
            // `show_rows` expects rows without gaps.
            ui.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::vertical().id_salt("list").auto_shrink(false).show_rows(ui, row, shown.len(), |ui, rows| {
                for sample in shown.iter().skip(rows.start).take(rows.len()) {
                    sample_ui(ui, view, sample, row, &mut state.chosen);
                }
            });
        });
        if let Some(sample) = whole {
            ScrollArea::both().id_salt("whole").auto_shrink(false).show(ui, |ui| {
                let details =
                    format!("{} · pass {} · {}", sample.message.kind().name(), sample.pass, size_text(sample));
                ui.label(RichText::new(details).size(SIZE_SMALL).color(view.theme.muted));
                let text = sample.message.to_clipped_string(LONGEST_TEXT);
                let text = RichText::new(text).font(tokens::font_mono(SIZE_SMALL)).color(view.theme.text);
                ui.add(egui::Label::new(text).selectable(true));
            });
        }
    });
}

fn size_text(sample: &DeliverySample) -> String {
    format!("{} bytes", count_text(sample.message.payload_len() as u64))
}

fn sample_ui(ui: &mut Ui, view: &PanelView<'_>, sample: &DeliverySample, row: f32, chosen: &mut Option<u64>) {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), row), egui::Sense::click());
    let label = sample.message.label(120);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ListItem, true, &label));
    if response.hovered() || response.has_focus() || *chosen == Some(sample.sequence) {
        ui.painter().rect_filled(rect.shrink2(vec2(8.0, 0.0)), 4.0, theme.hover);
    }
    if response.clicked() {
        *chosen = if *chosen == Some(sample.sequence) { None } else { Some(sample.sequence) };
    }
    let middle = rect.center().y;
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mono = tokens::font_mono(SIZE_SMALL);
    let left = egui::Align2::LEFT_CENTER;
    let time = format!("{:.3}", sample.at.as_secs_f64());
    painter.text(egui::pos2(rect.left() + 82.0, middle), egui::Align2::RIGHT_CENTER, time, mono.clone(), theme.muted);
    let number = count_text(sample.sequence);
    painter.text(egui::pos2(rect.left() + 142.0, middle), egui::Align2::RIGHT_CENTER, number, mono.clone(), theme.dim);
    let kind = theme.kind(sample.message.kind());
    painter.circle_filled(egui::pos2(rect.left() + 158.0, middle), 3.0, kind);
    painter.text(egui::pos2(rect.left() + 170.0, middle), left, label, mono, theme.text);
}
