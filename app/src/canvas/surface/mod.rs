//! Surfaces: the displays and controls of components, drawn inside their nodes and enlarged on the Stage.
//!
//! One function draws both; `scale` is the zoom of the canvas or the scale of the Stage. The user's actions are
//! returned as messages for the component.

use compose_runtime::message::Message;
use compose_runtime::surface::Surface;
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, StrokeKind, TextEdit, Ui, Vec2, WidgetInfo};

use crate::theme::tokens::{self, Tokens};

mod form;
mod keys_and_mouse;
mod node_graph;
mod plots;
pub mod slot;
mod text;

pub use form::SurfaceForm;
pub use keys_and_mouse::has_keyboard;
pub use slot::Slot;

use self::node_graph::Diagram;
use self::slot::{centred, pressable, sized};

/// Draws a surface and returns the user's actions on it as messages, in order.
pub fn surface_ui(ui: &mut Ui, slot: Slot<'_>, surface: &Surface) -> Vec<Message> {
    let theme = Tokens::of(ui.ctx());
    if slot.rect.width() < 4.0 || slot.rect.height() < 4.0 {
        return Vec::new();
    }
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(slot.rect.expand(1.0)));
    match surface {
        Surface::Button { caption } => return button_ui(ui, &slot, caption, &theme).into_iter().collect(),
        Surface::MouseButtons { caption } => return keys_and_mouse::mouse_buttons_ui(ui, &slot, caption, &theme),
        Surface::Keys { keys } => return keys_and_mouse::keys_ui(ui, &slot, keys, &theme),
        Surface::Prompt { prompt } => return prompt_ui(ui, slot, prompt, &theme).into_iter().collect(),
        Surface::Picture { image, caption, background } => {
            let radius = CornerRadius::same((3.0 * slot.scale) as u8);
            painter.rect_filled(slot.rect, radius, tokens::background_of(*background));
            if let Some(image) = image
                && let Some(texture) = slot.pictures.texture(ui.ctx(), image)
            {
                let size = texture.size_vec2();
                let fit = (slot.rect.width() / size.x).min(slot.rect.height() / size.y);
                let rect = Rect::from_center_size(slot.rect.center(), size * fit);
                let uv = Rect::from_min_max(egui::Pos2::ZERO, egui::Pos2::new(1.0, 1.0));
                painter.image(texture.id(), rect, uv, tokens::UNTINTED);
            }
            if !caption.is_empty() {
                text::caption(&painter, slot.rect, slot.scale, caption, &theme);
            }
        }
        Surface::Text { lines } => text::lines(&painter, slot.rect, slot.scale, lines, &theme),
        Surface::Ticker { text, colours } => {
            text::ticker(&painter, slot.rect, slot.scale, text, colours, &theme);
        }
        Surface::Plot { series, window_s } => plots::plot(&painter, slot.rect, slot.scale, series, *window_s, &theme),
        Surface::Meter { peak, rms, wave } => {
            plots::meter(&painter, slot.rect, slot.scale, *peak, *rms, wave.as_deref(), &theme);
        }
        Surface::Graph { nodes, links, selected, caption } => {
            let diagram = Diagram { nodes, links, selected: *selected, caption };
            let sense = if slot.on_stage { Sense::click_and_drag() } else { Sense::hover() };
            let response = ui.interact(slot.rect, slot.id, sense);
            let label = node_graph::spoken(slot.name, diagram);
            response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Image, true, &label));
            return node_graph::diagram_ui(ui, &painter, &slot, diagram, &response, &theme).into_iter().collect();
        }
    }
    let label = spoken(slot.name, surface);
    ui.interact(slot.rect, slot.id, Sense::hover())
        .widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Label, true, &label));
    Vec::new()
}

/// Draws a placeholder for the surface of a component that is not running.
pub fn placeholder(painter: &egui::Painter, rect: Rect, scale: f32, form: SurfaceForm, caption: &str, theme: &Tokens) {
    let radius = CornerRadius::same((4.0 * scale) as u8);
    if form == SurfaceForm::Button {
        painter.rect(rect, radius, theme.selection_background.gamma_multiply(0.6), Stroke::NONE, StrokeKind::Inside);
        centred(painter, rect, scale, caption, tokens::font_strong(11.0), theme.muted);
        return;
    }
    painter.rect(rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let label = match form {
        SurfaceForm::Picture => "picture",
        SurfaceForm::Text => "text",
        SurfaceForm::Ticker => "ticker",
        SurfaceForm::Plot => "plot",
        SurfaceForm::Meter => "level",
        SurfaceForm::Graph => "graph",
        SurfaceForm::Prompt => "type here once it runs",
        SurfaceForm::Keys => "keys",
        SurfaceForm::Button => "",
    };
    centred(painter, rect, scale, label, tokens::font(10.5), theme.dim);
}

fn button_ui(ui: &Ui, slot: &Slot<'_>, caption: &str, theme: &Tokens) -> Option<Message> {
    pressable(ui, slot, caption, theme).clicked().then(|| Message::text("CLICK"))
}

fn prompt_ui(ui: &mut Ui, slot: Slot<'_>, prompt: &str, theme: &Tokens) -> Option<Message> {
    let radius = CornerRadius::same((4.0 * slot.scale) as u8);
    ui.painter().rect(slot.rect, radius, theme.background, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let font = sized(tokens::font_mono(11.0), slot.scale);
    if font.size < 6.0 {
        return None;
    }
    let edit = TextEdit::singleline(slot.draft)
        .id(slot.id)
        .font(font.clone())
        .frame(egui::Frame::NONE)
        .hint_text(egui::RichText::new(prompt).font(font.clone()).color(theme.dim))
        .align(Align2::LEFT_CENTER)
        .margin(Vec2::ZERO);
    let response = ui.place(slot.rect.shrink2(Vec2::new(6.0, 1.0) * slot.scale), edit);
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, slot.name));
    let sent = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if !sent {
        return None;
    }
    response.request_focus();
    Some(Message::text(std::mem::take(slot.draft)))
}

fn spoken(name: &str, surface: &Surface) -> String {
    match surface {
        Surface::Button { caption } | Surface::MouseButtons { caption } => caption.clone(),
        Surface::Keys { keys } => keys_and_mouse::label(name, keys),
        Surface::Picture { caption, .. } => format!("picture of {name}: {caption}"),
        Surface::Text { lines } => format!("text of {name}: {}", lines.last().map_or("", String::as_str)),
        Surface::Ticker { text, .. } => format!("ticker of {name}: {text}"),
        Surface::Plot { series, .. } => {
            let last = series.iter().filter_map(|one| one.points.last()).map(|point| format!("{:.3}", point[1]));
            format!("plot of {name}: {}", last.collect::<Vec<_>>().join(", "))
        }
        Surface::Meter { peak, .. } => format!("level of {name}: {:.0} %", peak * 100.0),
        Surface::Graph { nodes, links, selected, caption } => {
            node_graph::spoken(name, Diagram { nodes, links, selected: *selected, caption })
        }
        Surface::Prompt { prompt } => format!("{name}: {prompt}"),
    }
}
