//! The boxes of a component in the inspector: their message kinds, fill levels and inbox limits.

use std::collections::BTreeMap;

use compose_runtime::component::{BoxSpec, FullPolicy};
use compose_runtime::ids::Direction;
use compose_runtime::introspect::snapshot::{ComponentView, State};
use compose_runtime::topology::InboxLimit;
use egui::{ComboBox, RichText, TextEdit, Ui, pos2, vec2};

use crate::command::{CommandQueue, ViewCommand};
use crate::document::{BoxInfo, EditCommand, Node, Port};
use crate::panels::PanelView;
use crate::panels::number_text::count_text;
use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL};
use crate::theme::widgets::{muted, wrong};
use crate::wording::upper_first;

/// Draws the inboxes and outboxes. `limits` holds the limits being typed.
pub fn boxes_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    limits: &mut BTreeMap<String, String>,
    commands: &mut CommandQueue,
) {
    let (inboxes, outboxes) = view.document.boxes_of(node.id, view.registry);
    // Messages pass through the boxes of a composite, which neither queue nor count them.
    let live = view.live.component(node.id).filter(|_| !node.is_composite());
    for info in inboxes.iter().filter(|info| !info.is_hidden()) {
        inbox_ui(ui, view, node, info, live, limits, commands);
    }
    for info in outboxes.iter().filter(|info| !info.is_hidden()) {
        let sent = live.and_then(|live| live.outboxes.iter().find(|outbox| outbox.name == info.name));
        let numbers = sent.map_or_else(String::new, |outbox| format!("{} sent", count_text(outbox.sent)));
        head_ui(ui, view, info, Direction::Outbox, &numbers);
        if let Some(lost) = sent.map(|outbox| outbox.discarded).filter(|lost| *lost > 0) {
            muted(ui, format!("{} discarded because no link was connected", count_text(lost)));
        }
        help_ui(ui, info);
    }
}

fn head_ui(ui: &mut Ui, view: &PanelView<'_>, info: &BoxInfo, direction: Direction, numbers: &str) {
    let is_quiet = info.is_about_ending();
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(9.0, 16.0), egui::Sense::hover());
        let colour = view.theme.kinds(&info.kinds);
        match direction {
            Direction::Inbox => ui.painter().circle_stroke(rect.center(), 3.5, egui::Stroke::new(1.5, colour)),
            Direction::Outbox => ui.painter().circle_filled(rect.center(), 4.0, colour),
        };
        let ink = if is_quiet { view.theme.muted } else { view.theme.strong };
        let font = if is_quiet { tokens::font(SIZE_BODY) } else { tokens::font_strong(SIZE_BODY) };
        ui.label(RichText::new(&*info.name).font(font).color(ink));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(numbers).size(SIZE_SMALL).color(view.theme.muted)).truncate());
        });
    });
}

fn help_ui(ui: &mut Ui, info: &BoxInfo) {
    if !info.is_about_ending() {
        let text = if info.help.is_empty() { info.kinds_text() } else { info.help.clone() };
        muted(ui, text).on_hover_text(format!("Carries {}", info.kinds_text()));
        ui.add_space(4.0);
    }
}

fn inbox_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    info: &BoxInfo,
    live: Option<&ComponentView>,
    limits: &mut BTreeMap<String, String>,
    commands: &mut CommandQueue,
) {
    let inbox = live.and_then(|live| live.inboxes.iter().find(|inbox| inbox.name == info.name));
    let numbers = match (inbox, info.capacity) {
        (Some(inbox), Some(most)) => format!("{} of {most} · {} taken", inbox.depth, count_text(inbox.taken)),
        (Some(inbox), None) => format!("{} · {} taken", inbox.depth, count_text(inbox.taken)),
        (None, _) if node.is_composite() => String::new(),
        (None, Some(most)) => format!("holds {most}"),
        (None, None) => "no limit".to_owned(),
    };
    head_ui(ui, view, info, Direction::Inbox, &numbers);
    if let (Some(inbox), Some(most)) = (inbox, info.capacity) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), egui::Sense::hover());
        let fill = (inbox.depth as f32 / most.max(1) as f32).min(1.0);
        ui.painter().rect_filled(rect, 2.0, view.theme.raised);
        let filled = egui::Rect::from_min_max(rect.min, pos2(rect.left() + rect.width() * fill, rect.bottom()));
        ui.painter().rect_filled(filled, 2.0, view.theme.pressure(fill));
        if inbox.dropped > 0 {
            let has_crashed = live.is_some_and(|live| matches!(live.state, State::Crashed(_)));
            let why = if has_crashed { "the component has crashed" } else { "the inbox was full" };
            wrong(ui, format!("{} dropped because {why}", count_text(inbox.dropped)));
        }
    }
    help_ui(ui, info);
    if info.is_about_ending() {
        return;
    }
    ui.push_id(("limit", &*info.name), |ui| {
        ui.horizontal(|ui| {
            if !node.is_composite() {
                limit_ui(ui, view, node, info, limits, commands);
            }
            if view.live.is_running() {
                let port = Port::inbox(node.id, &*info.name);
                if ui.button("Send…").on_hover_text("Sends a message to this inbox").clicked() {
                    commands.push(ViewCommand::AskMessage(port));
                }
            }
        });
        if let Some(Err(error)) = limits.get(&*info.name).map(|text| read_limit(text)) {
            wrong(ui, format!("{}.", upper_first(&error.to_string())));
        }
    });
    ui.add_space(6.0);
}

/// The text is not a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the limit must be a whole number from 1, or empty for no limit")]
struct NotALimit;

/// Parses a typed limit. An empty text means no limit.
fn read_limit(text: &str) -> Result<Option<usize>, NotALimit> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().ok().filter(|most| *most > 0).map(Some).ok_or(NotALimit)
}

fn limit_ui(
    ui: &mut Ui,
    view: &PanelView<'_>,
    node: &Node,
    info: &BoxInfo,
    limits: &mut BTreeMap<String, String>,
    commands: &mut CommandQueue,
) {
    let name: &str = &info.name;
    let policy = policy_of(view, node, name);
    let stored = info.capacity.map_or_else(String::new, |most| most.to_string());
    let mut text = limits.get(name).cloned().unwrap_or(stored);
    let field = TextEdit::singleline(&mut text).desired_width(44.0).hint_text("none");
    let response = ui.add(field).accessible_name(format!("Limit of {name}"));
    let response = response.on_hover_text("How many messages the inbox holds; empty for no limit");
    if response.changed() {
        limits.insert(name.to_owned(), text.clone());
    }
    if response.lost_focus() {
        send(view, node, info, limits, commands);
    }
    let combo = ComboBox::from_id_salt("policy").width(96.0).selected_text(policy_text(policy));
    let response = combo.show_ui(ui, |ui| {
        for choice in [FullPolicy::Block, FullPolicy::DropOldest, FullPolicy::DropNewest, FullPolicy::Fail] {
            if ui.selectable_label(choice == policy, policy_text(choice)).clicked() && choice != policy {
                set_limit(view, node, name, InboxLimit { capacity: info.capacity, policy: choice }, commands);
            }
        }
    });
    response
        .response
        .accessible_name(format!("When {name} is full"))
        .on_hover_text("What happens when the inbox is full");
}

fn declared(view: &PanelView<'_>, node: &Node, inbox: &str) -> Option<&'static BoxSpec> {
    view.registry.get(node.type_name()).ok()?.find_box(Direction::Inbox, inbox)
}

/// What happens when an inbox is full.
fn policy_of(view: &PanelView<'_>, node: &Node, inbox: &str) -> FullPolicy {
    let own = node.limits.get(inbox).map(|limit| limit.policy);
    own.or(declared(view, node, inbox).map(|spec| spec.policy)).unwrap_or_default()
}

/// Queues an edit for the limit typed for an inbox, if it is valid. Invalid text stays.
fn send(
    view: &PanelView<'_>,
    node: &Node,
    info: &BoxInfo,
    limits: &mut BTreeMap<String, String>,
    commands: &mut CommandQueue,
) {
    let name: &str = &info.name;
    let Some(Ok(capacity)) = limits.get(name).map(|text| read_limit(text)) else { return };
    limits.remove(name);
    if capacity != info.capacity {
        set_limit(view, node, name, InboxLimit { capacity, policy: policy_of(view, node, name) }, commands);
    }
}

/// Queues edits for all valid limits that are being typed.
pub fn flush(view: &PanelView<'_>, node: &Node, limits: &mut BTreeMap<String, String>, commands: &mut CommandQueue) {
    if limits.is_empty() {
        return;
    }
    for info in &view.document.boxes_of(node.id, view.registry).0 {
        send(view, node, info, limits, commands);
    }
}

fn set_limit(view: &PanelView<'_>, node: &Node, inbox: &str, limit: InboxLimit, commands: &mut CommandQueue) {
    let is_declared =
        declared(view, node, inbox).is_some_and(|spec| spec.capacity == limit.capacity && spec.policy == limit.policy);
    let limit = (!is_declared).then_some(limit);
    commands.edit(EditCommand::SetLimit { id: node.id, inbox: inbox.to_owned(), limit });
}

fn policy_text(policy: FullPolicy) -> &'static str {
    match policy {
        FullPolicy::Block => "sender waits",
        FullPolicy::DropOldest => "drop oldest",
        FullPolicy::DropNewest => "drop newest",
        FullPolicy::Fail => "send fails",
    }
}
