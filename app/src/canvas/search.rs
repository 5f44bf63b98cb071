//! Search: the user types the name of a component and presses Enter to add it, linked if a link was waiting.

use compose_runtime::component::ComponentSpec;
use compose_runtime::ids::Direction;
use compose_runtime::message::Kind;
use egui::{Align2, Area, Frame, Id, Key, Order, Pos2, Rect, Sense, TextEdit, Ui, Vec2, WidgetInfo};

use super::link_check::LinkCheck;
use super::node_shape::GRID;
use super::view::CanvasView;
use crate::command::{CommandQueue, EditAction, ViewCommand};
use crate::document::{COMPOSITE, EditCommand, Node, Port, Wire};
use crate::fuzzy::Query;
use crate::theme::tokens;

/// The state of the open search.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The position of the new component.
    pub at: Pos2,
    /// The fixed end of a waiting link. Only components that fit it are offered.
    pub from: Option<Port>,
    query: String,
    chosen: usize,
    is_new: bool,
}

/// A component that the search offers.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Its name in the registry; `Composite` for a nested graph.
    pub type_name: &'a str,
    /// What it does.
    pub summary: &'a str,
    /// Its description, unless it is a nested graph.
    pub spec: Option<&'static ComponentSpec>,
}

/// The maximum number of offers shown at once.
const MOST_SHOWN: usize = 9;
const WIDTH: f32 = 320.0;

impl Search {
    /// A search for a component at this position.
    pub fn new(at: Pos2, from: Option<Port>) -> Self {
        Self { at, from, query: String::new(), chosen: 0, is_new: true }
    }
}

/// Draws the search and handles its keys. Returns `false` when it should close.
pub fn search_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    search: &mut Search,
    at_on_screen: Pos2,
    viewport: Rect,
    commands: &mut CommandQueue,
) -> bool {
    let offers = offers(view, search);
    // The press that opened the search must not close it.
    let opened_now = search.is_new;
    search.chosen = search.chosen.min(offers.len().saturating_sub(1));
    let mut open = !ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape));
    let (up, down, enter) = ui.input_mut(|input| {
        let mut take = |key| input.consume_key(egui::Modifiers::NONE, key);
        (take(Key::ArrowUp), take(Key::ArrowDown) || take(Key::Tab), take(Key::Enter))
    });
    if down && !offers.is_empty() {
        search.chosen = (search.chosen + 1) % offers.len();
    }
    if up && !offers.is_empty() {
        search.chosen = (search.chosen + offers.len() - 1) % offers.len();
    }
    let mut picked = if enter { offers.get(search.chosen).copied() } else { None };
    let height = 320.0_f32.min(viewport.height() - 16.0);
    let corner = Pos2::new(
        at_on_screen.x.clamp(viewport.left() + 8.0, (viewport.right() - WIDTH - 24.0).max(viewport.left() + 8.0)),
        at_on_screen.y.clamp(viewport.top() + 8.0, (viewport.bottom() - height).max(viewport.top() + 8.0)),
    );
    let area = Area::new(Id::unique("canvas search")).order(Order::Foreground).fixed_pos(corner);
    let response = area.show(ui.ctx(), |ui| {
        let theme = view.theme;
        Frame::popup(ui.style()).fill(theme.panel).show(ui, |ui| {
            ui.set_width(WIDTH);
            let hint = match &search.from {
                Some(port) => format!("Add a component that fits {}…", port.name),
                None => "Add a component…".to_owned(),
            };
            let edit = ui.add(
                TextEdit::singleline(&mut search.query)
                    .id(Id::unique("canvas search text"))
                    .hint_text(hint)
                    .desired_width(f32::INFINITY),
            );
            edit.widget_info(|| {
                WidgetInfo::labeled(egui::accesskit::Role::SearchInput, true, "Search for a component")
            });
            search.is_new = false;
            if !edit.has_focus() {
                // Also needed after the release of the press that opened the search, which egui treats as a click
                // elsewhere.
                edit.request_focus();
            }
            if edit.changed() {
                search.chosen = 0;
            }
            ui.add_space(2.0);
            if offers.is_empty() {
                ui.colored_label(theme.muted, "No component with this name fits here");
            }
            let first = search.chosen.saturating_sub(MOST_SHOWN - 1);
            for (index, offer) in offers.iter().enumerate().skip(first).take(MOST_SHOWN) {
                if offer_ui(ui, view, offer, index == search.chosen) {
                    picked = Some(*offer);
                }
            }
            if offers.len() > MOST_SHOWN {
                let more = format!("{} more; type to narrow them down", offers.len() - MOST_SHOWN);
                ui.label(egui::RichText::new(more).color(theme.dim).size(tokens::SIZE_TINY));
            }
        });
    });
    if let Some(offer) = picked {
        add(view, search, &offer, commands);
        open = false;
    }
    let clicked_elsewhere =
        ui.input(|input| input.pointer.any_pressed()) && !response.response.rect.contains(pointer(ui)) && !opened_now;
    open && !clicked_elsewhere
}

fn pointer(ui: &Ui) -> Pos2 {
    ui.input(|input| input.pointer.interact_pos()).unwrap_or_default()
}

fn offer_ui(ui: &mut Ui, view: &CanvasView<'_>, offer: &Offer<'_>, is_chosen: bool) -> bool {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 28.0), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(egui::accesskit::Role::ListBoxOption, true, is_chosen, offer.type_name));
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(rect, 4, theme.hover);
    }
    let colour = offer.spec.map_or(theme.muted, |spec| theme.category(spec.category));
    ui.painter().rect_filled(
        Rect::from_center_size(rect.left_center() + Vec2::new(12.0, 0.0), Vec2::splat(9.0)),
        2,
        colour,
    );
    let name = ui.painter().text(
        rect.left_center() + Vec2::new(24.0, 0.0),
        Align2::LEFT_CENTER,
        offer.type_name,
        tokens::font_strong(tokens::SIZE_BODY),
        theme.strong,
    );
    let mut job = egui::text::LayoutJob::simple_singleline(
        offer.summary.to_owned(),
        tokens::font(tokens::SIZE_SMALL),
        theme.muted,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.right() - name.right() - 18.0).max(1.0));
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.anchor_size(Pos2::new(name.right() + 10.0, rect.center().y), galley.size()).min;
    ui.painter().galley(at, galley, theme.muted);
    response.clicked()
}

/// The components that match the query and fit the waiting link, best match first.
pub fn offers<'a>(view: &CanvasView<'a>, search: &Search) -> Vec<Offer<'a>> {
    let waiting = search.from.as_ref().map(|port| waiting_kinds(view, port));
    let composite = Offer { type_name: COMPOSITE, summary: "A graph of components inside one component", spec: None };
    let fitting = view
        .registry
        .iter()
        .map(|spec| Offer { type_name: spec.type_name, summary: spec.summary, spec: Some(spec) })
        .chain([composite])
        .filter(|offer| waiting.as_ref().is_none_or(|waiting| fitting_box(offer.spec, waiting).is_some()));
    Query::new(&search.query).ranked(fitting, |offer| (offer.type_name, [offer.summary]))
}

/// The direction and the kinds of message for which a link waits.
struct Waiting {
    needed_side: Direction,
    kinds: Vec<Kind>,
    about_ending: bool,
}

fn waiting_kinds(view: &CanvasView<'_>, port: &Port) -> Waiting {
    let check = LinkCheck { document: view.document, registry: view.registry, scope: view.scope };
    let kinds = view.document.box_at(port, view.registry).map(|info| info.kinds).unwrap_or_default();
    let needed_side = if check.is_source(port) { Direction::Inbox } else { Direction::Outbox };
    Waiting { needed_side, kinds, about_ending: port.is_about_ending() }
}

/// The first box of a component that accepts the waiting link.
fn fitting_box(spec: Option<&'static ComponentSpec>, waiting: &Waiting) -> Option<&'static str> {
    if waiting.about_ending {
        return Some(if waiting.needed_side == Direction::Inbox { "control" } else { "signal" });
    }
    let Some(spec) = spec else {
        return Some(if waiting.needed_side == Direction::Inbox { "inbox" } else { "outbox" });
    };
    let boxes = if waiting.needed_side == Direction::Inbox { spec.inboxes } else { spec.outboxes };
    let any = |kinds: &[Kind]| kinds.is_empty() || kinds.contains(&Kind::Any);
    boxes
        .iter()
        .filter(|info| !info.name.starts_with('_'))
        .find(|info| {
            any(info.kinds) || any(&waiting.kinds) || info.kinds.iter().any(|kind| waiting.kinds.contains(kind))
        })
        .map(|info| info.name)
}

fn add(view: &CanvasView<'_>, search: &Search, offer: &Offer<'_>, commands: &mut CommandQueue) {
    let at = super::camera::snapped(search.at, GRID);
    let link = search.from.as_ref().and_then(|port| {
        let waiting = waiting_kinds(view, port);
        Some((port, waiting.needed_side, fitting_box(offer.spec, &waiting)?))
    });
    let Some((port, needed_side, name)) = link else {
        commands.push(EditAction::AddNode { type_name: offer.type_name.to_owned(), pos_in_canvas: Some([at.x, at.y]) });
        return;
    };
    // Place the box, not the corner of the node, near the pointer.
    let node = linked_node(
        view,
        offer.type_name,
        [at.x - if needed_side == Direction::Outbox { 160.0 } else { 0.0 }, at.y - 50.0],
    );
    let id = node.id;
    let new = Port { node: id, direction: needed_side, name: name.into() };
    let wire = match needed_side {
        Direction::Inbox => Wire { from: port.clone(), to: new },
        Direction::Outbox => Wire { from: new, to: port.clone() },
    };
    let label = format!("Add {}, linked", node.name);
    commands.edit(EditCommand::batch(label, vec![EditCommand::AddNode { node }, EditCommand::Connect { wire }]));
    commands.push(ViewCommand::SelectNodes(vec![id]));
}

fn linked_node(view: &CanvasView<'_>, type_name: &str, pos_in_canvas: [f32; 2]) -> Node {
    let id = view.document.next_free_id();
    let name = view.document.name_for_new(view.scope, type_name);
    let node = if type_name == COMPOSITE { Node::composite(id, name) } else { Node::leaf(id, name, type_name) };
    node.inside(view.scope).at(pos_in_canvas)
}
