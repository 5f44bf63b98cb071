//! The inspector of one link: its ends, what it may carry, what it carried last.

use compose_runtime::ids::Direction;
use egui::{RichText, Ui, vec2};

use super::{divider, section};
use crate::command::{AppCommand, CommandQueue, DockTab, Place};
use crate::document::{BoxInfo, EditCommand, Port, Wire};
use crate::panels::PanelView;
use crate::panels::rates::{count_text, rate_text};
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL, SIZE_TITLE};
use crate::theme::widgets::{muted, row, sparkline};

/// How many of the last values are listed.
const LISTED: usize = 12;

/// Draws everything about one link.
pub fn wire_ui(ui: &mut Ui, view: &PanelView<'_>, wire: &Wire, commands: &mut CommandQueue) {
    section(ui, "", |ui| {
        ui.label(RichText::new("Link").font(tokens::font_strong(SIZE_TITLE)).color(view.theme.strong));
        for (word, port) in [("from", &wire.from), ("to", &wire.to)] {
            ui.horizontal(|ui| {
                ui.add_sized(vec2(32.0, 20.0), egui::Label::new(RichText::new(word).color(view.theme.muted)));
                let name = view.document.port_name(port);
                if ui.add(egui::Button::new(name).truncate()).clicked() {
                    commands.push(AppCommand::GoTo(Place::Node(port.node)));
                }
            });
        }
    });
    divider(ui, view);
    section(ui, "CARRIES", |ui| {
        for (word, port) in [("gives", &wire.from), ("takes", &wire.to)] {
            if let Some(info) = box_of(view, port) {
                row(ui, word, &info.kinds_in_words());
            }
        }
        if let Some(linkage) = view.live.linkage(wire) {
            row(ui, "delivered", &count_text(linkage.delivered));
            row(ui, "rate", &format!("{} /s", rate_text(view.live.wire_rate(wire))));
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if ui.button("All messages").on_hover_text("The last 1 000, with time and filter").clicked() {
                commands.push(AppCommand::ShowTab(DockTab::Messages));
            }
            if ui.button("Remove link").clicked() {
                commands.edit(EditCommand::Disconnect { wire: wire.clone() });
            }
        });
    });
    divider(ui, view);
    section(ui, "LAST MESSAGES", |ui| last_ui(ui, view, wire));
    if let Some(rates) = recent_rates(view, wire) {
        section(ui, "MESSAGES / S, LAST 10 S", |ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), egui::Sense::hover());
            sparkline(ui.painter(), rect, &rates, view.theme.good);
        });
    }
}

/// How many moments the curve of a link has, and how much time it covers.
const MOMENTS: usize = 40;
const SPAN_S: f64 = 10.0;

/// Messages a second at some moments of the last seconds, from the messages that were kept.
fn recent_rates(view: &PanelView<'_>, wire: &Wire) -> Option<Vec<f32>> {
    let now = view.live.snapshot.as_ref()?.clock.as_secs_f64();
    let tap = view.live.linkage(wire)?.tap.as_deref()?;
    let mut rates = vec![0.0; MOMENTS];
    for sample in tap {
        let age = (now - sample.at.as_secs_f64()) / SPAN_S * MOMENTS as f64;
        let place = MOMENTS.checked_sub(1 + age.max(0.0) as usize);
        if let Some(rate) = place.and_then(|place| rates.get_mut(place)) {
            *rate += (MOMENTS as f64 / SPAN_S) as f32;
        }
    }
    (tap.len() > 1).then_some(rates)
}

fn box_of(view: &PanelView<'_>, port: &Port) -> Option<BoxInfo> {
    let (inboxes, outboxes) = view.document.boxes_of(port.node, view.registry);
    let boxes = match port.direction {
        Direction::Inbox => inboxes,
        Direction::Outbox => outboxes,
    };
    boxes.into_iter().find(|info| info.name == port.name)
}

fn last_ui(ui: &mut Ui, view: &PanelView<'_>, wire: &Wire) {
    let Some(linkage) = view.live.linkage(wire) else {
        muted(ui, "Run the system to see what travels here.");
        return;
    };
    let tapped = linkage.tap.as_deref().map_or(&[][..], Vec::as_slice);
    let samples = if tapped.is_empty() { linkage.last.as_slice() } else { tapped };
    if samples.is_empty() {
        muted(ui, "No message yet.");
    }
    for sample in samples.iter().rev().take(LISTED) {
        ui.horizontal(|ui| {
            let time = format!("{:.3}", sample.at.as_secs_f64());
            ui.label(RichText::new(time).font(tokens::font_mono(SIZE_SMALL)).color(view.theme.muted));
            let colour = view.theme.kind(sample.message.kind());
            let (rect, _) = ui.allocate_exact_size(vec2(6.0, 14.0), egui::Sense::hover());
            ui.painter().circle_filled(rect.center(), 3.0, colour);
            let value =
                RichText::new(sample.message.label(60)).font(tokens::font_mono(SIZE_BODY)).color(view.theme.text);
            ui.add(egui::Label::new(value).truncate());
        });
    }
}
