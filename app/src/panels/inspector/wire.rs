//! The inspector of a link: its ends, its message kinds and its last messages.

use compose_runtime::ids::Direction;
use egui::{RichText, Ui, vec2};

use super::section::{divider, section};
use crate::command::{CommandQueue, DockTab, ViewCommand};
use crate::document::{BoxInfo, EditCommand, Place, Port, Wire};
use crate::panels::PanelView;
use crate::panels::number_text::{count_text, rate_text};
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL, SIZE_TITLE};
use crate::theme::widgets::{muted, row, sparkline};

/// The number of messages in the list.
const LISTED: usize = 12;

/// Draws the properties of a link.
pub fn wire_ui(ui: &mut Ui, view: &PanelView<'_>, wire: &Wire, commands: &mut CommandQueue) {
    section(ui, "", |ui| {
        ui.label(RichText::new("Link").font(tokens::font_strong(SIZE_TITLE)).color(view.theme.strong));
        for (label, port) in [("from", &wire.from), ("to", &wire.to)] {
            ui.horizontal(|ui| {
                ui.add_sized(vec2(32.0, 20.0), egui::Label::new(RichText::new(label).color(view.theme.muted)));
                let name = view.document.port_name(port);
                if ui.add(egui::Button::new(name).truncate()).clicked() {
                    commands.push(ViewCommand::GoTo(Place::Node(port.node)));
                }
            });
        }
    });
    divider(ui, view);
    section(ui, "CARRIES", |ui| {
        for (label, port) in [("sends", &wire.from), ("accepts", &wire.to)] {
            if let Some(info) = box_of(view, port) {
                row(ui, label, &info.kinds_text());
            }
        }
        if let Some(linkage) = view.live.linkage(wire) {
            row(ui, "delivered", &count_text(linkage.delivered));
            row(ui, "rate", &format!("{} /s", rate_text(view.live.wire_rate(wire))));
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if ui
                .button("All messages")
                .on_hover_text("Shows the last 1 000 messages, with times and a filter")
                .clicked()
            {
                commands.push(ViewCommand::ShowTab(DockTab::Messages));
            }
            if ui.button("Remove link").clicked() {
                commands.edit(EditCommand::Disconnect { wire: wire.clone() });
            }
        });
    });
    divider(ui, view);
    section(ui, "LAST MESSAGES", |ui| last_ui(ui, view, wire));
    let rates = view.live.wire_curve(wire);
    if rates.iter().any(|rate| *rate > 0.0) {
        section(ui, "MESSAGES / S, LAST 10 S", |ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), egui::Sense::hover());
            sparkline(ui.painter(), rect, &rates, view.theme.good);
        });
    }
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
        muted(ui, "Run the system to see the messages of this link.");
        return;
    };
    let samples = view.live.messages(wire).unwrap_or_default();
    if samples.is_empty() {
        let text = if linkage.delivered == 0 {
            "No messages yet."
        } else {
            "No messages were recorded. Run the system again."
        };
        muted(ui, text);
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
