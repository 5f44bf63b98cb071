//! The layout of the window.

use egui::{CentralPanel, Frame, Margin, Panel, Pos2, Rect, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::canvas::{CanvasView, canvas_ui};
use crate::command::{AppCommand, EditAction};
use crate::panels::{
    PanelView, breadcrumbs, command_palette, dialogs, dock, inspector, menu_bar, notices, outline, palette, stage,
    status_bar, tool_bar, welcome,
};
use crate::session::Panels;
use crate::theme::tokens::{HAIRLINE, RADIUS_NODE, Tokens};
use crate::view_state::{ViewParts, ViewState};
use crate::workspace::Workspace;

/// Heights of the menu bar, the tool bar and the status bar.
const MENU_HEIGHT: f32 = 38.0;
const TOOL_HEIGHT: f32 = 36.0;
const STATUS_HEIGHT: f32 = 26.0;

/// Draws the whole window. Returns which panels are open after drawing, and their sizes.
pub fn draw(workspace: &Workspace, view_state: &mut ViewState, ui: &mut Ui) -> Panels {
    let theme = Tokens::of(ui.ctx());
    let scope = view_state.scope();
    let ViewParts { canvas, panels: state, session, commands, examples } = view_state.parts();
    let selection = canvas.selection().clone();
    let view = PanelView {
        document: workspace.document(),
        history: workspace.history(),
        path: workspace.project().path(),
        scope,
        selection: &selection,
        registry: workspace.registry(),
        live: workspace.live(),
        findings: workspace.findings(),
        notices: workspace.notices(),
        speed: workspace.speed(),
        has_recoveries: !workspace.recoveries().is_empty(),
        zoom: canvas.zoom(scope),
        examples,
        session,
        theme: &theme,
    };
    if commands.iter().any(AppCommand::needs_drafts) {
        flush(&view, state, commands);
    }
    let mut panels = session.panels;
    let bar = |margin| Frame::new().fill(theme.panel).inner_margin(margin);

    Panel::top("menu").exact_size(MENU_HEIGHT).frame(bar(Margin { left: 8, right: 8, top: 7, bottom: 0 })).show(
        ui,
        |ui| {
            menu_bar::menu_bar_ui(ui, &view, commands);
        },
    );
    Panel::bottom("status").exact_size(STATUS_HEIGHT).frame(bar(Margin::symmetric(8, 0))).show(ui, |ui| {
        status_bar::status_bar_ui(ui, &view, commands);
    });
    let side = Panel::left("palette").default_size(panels.palette_width).size_range(150.0..=480.0);
    let shown = side.frame(bar(Margin { left: 8, right: 8, top: 10, bottom: 0 })).show_collapsible(
        ui,
        &mut panels.palette,
        |ui| {
            if view.session.panels.outline {
                let height = ui.available_height() * 0.45;
                Panel::bottom("outline")
                    .default_size(height)
                    .resizable(true)
                    .frame(bar(Margin::symmetric(0, 8)))
                    .show(ui, |ui| outline::outline_ui(ui, &view, commands));
            }
            contained(ui, |ui| palette::palette_ui(ui, &view, &mut state.palette, commands));
        },
    );
    if let Some(shown) = shown {
        panels.palette_width = shown.response.rect.width();
    }
    let side = Panel::right("inspector").default_size(panels.inspector_width).size_range(220.0..=640.0);
    let shown = side.frame(bar(Margin::ZERO)).show_collapsible(ui, &mut panels.inspector, |ui| {
        contained(ui, |ui| inspector::inspector_ui(ui, &view, &mut state.inspector, commands));
    });
    if let Some(shown) = shown {
        panels.inspector_width = shown.response.rect.width();
    }
    let below = Panel::bottom("dock").resizable(true).default_size(panels.dock_height).size_range(90.0..=700.0);
    let shown = below.frame(bar(Margin::ZERO)).show_collapsible(ui, &mut panels.dock, |ui| {
        contained(ui, |ui| dock::dock_ui(ui, &view, state, commands));
    });
    if let Some(shown) = shown {
        panels.dock_height = shown.response.rect.height();
    }
    let centre = CentralPanel::default().frame(Frame::new().fill(theme.background)).show(ui, |ui| {
        let area = ui.max_rect();
        if panels.stage {
            stage::stage_ui(ui, &view, &mut state.stage, commands);
        } else {
            let view_of_canvas = CanvasView {
                document: view.document,
                scope: view.scope,
                registry: view.registry,
                minimap_is_shown: view.session.panels.minimap,
                covered_top: TOOL_HEIGHT + if view.scope.is_some() { 40.0 } else { 12.0 },
                live: view.live,
                theme: &theme,
            };
            canvas_ui(ui, &view_of_canvas, canvas, commands);
            over_canvas(ui, area, &view, commands);
        }
    });
    dialogs::dialogs_ui(ui, &view, &mut state.dialogs, commands);
    command_palette::command_palette_ui(ui, &view, &mut state.command_palette, commands);
    if commands.iter().any(AppCommand::needs_drafts) {
        flush(&view, state, commands);
    }
    let escape_is_taken = ui.ctx().text_edit_focused()
        || canvas.takes_keys()
        || state.dialogs.is_open()
        || state.command_palette.is_open
        || egui::Popup::is_any_open(ui.ctx());
    canvas.set_escape_is_taken(escape_is_taken);
    drop_hint(ui, &theme);
    notices::notices_ui(ui, &view, centre.response.rect.center_bottom() - vec2(0.0, 12.0), commands);
    panels
}

/// Draws a hint while a file is dragged over the window.
fn drop_hint(ui: &Ui, theme: &Tokens) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("drop"));
    let painter = ui.ctx().layer_painter(layer);
    let rect = ui.max_rect();
    painter.rect_filled(rect, 0.0, theme.background.gamma_multiply(0.8));
    let font = crate::theme::tokens::font_strong(18.0);
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, "Drop the file to open this project", font, theme.strong);
}

/// Draws into the available area only. Content that is too wide is clipped and does not widen the panel.
fn contained(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let space = ui.available_rect_before_wrap();
    let mut inside = ui.new_child(UiBuilder::new().max_rect(space));
    inside.shrink_clip_rect(space);
    add(&mut inside);
    ui.take_available_space();
}

/// Draws the tool bar, the breadcrumbs and the hints of an empty canvas over the canvas.
fn over_canvas(ui: &mut Ui, area: Rect, view: &PanelView<'_>, commands: &mut crate::command::CommandQueue) {
    let theme = view.theme;
    let bar = Rect::from_min_size(area.min + vec2(6.0, 7.0), vec2(area.width() - 12.0, TOOL_HEIGHT));
    floating(ui, "tool bar", bar, |ui| {
        let frame = Frame::new().fill(theme.panel).corner_radius(RADIUS_NODE);
        let frame = frame.stroke(egui::Stroke::new(HAIRLINE, theme.line)).inner_margin(Margin::symmetric(8, 0));
        frame.show(ui, |ui| {
            let inside = bar.size() - vec2(18.0, 2.0);
            ui.set_min_size(inside);
            ui.set_max_size(inside);
            ui.shrink_clip_rect(bar.expand(4.0));
            tool_bar::tool_bar_ui(ui, view, commands);
        });
    });
    if view.scope.is_some() {
        let at = Rect::from_min_size(pos2(area.left() + 14.0, bar.bottom() + 6.0), vec2(area.width() - 28.0, 24.0));
        floating(ui, "breadcrumbs", at, |ui| breadcrumbs::breadcrumbs_ui(ui, view, commands));
    }
    let is_empty =
        view.document.nodes_in(view.scope).next().is_none() && view.document.frames_in(view.scope).next().is_none();
    if is_empty && !egui::DragAndDrop::has_any_payload(ui.ctx()) {
        let size = Vec2::new(440.0, 220.0).min(area.size());
        let at: Pos2 = area.center() - size / 2.0 + vec2(0.0, 10.0);
        let rect = Rect::from_min_size(at, size);
        floating(ui, "welcome", rect, |ui| {
            // A double-click between the widgets works as on the canvas.
            let background = ui.interact(rect, ui.scope_id().with("background"), egui::Sense::click());
            if background.double_clicked() {
                commands.push(EditAction::AddComponent);
            }
            welcome::welcome_ui(ui, view, commands);
        });
    }
}

/// Draws an area over the canvas that receives pointer events.
fn floating(ui: &Ui, name: &str, rect: Rect, add: impl FnOnce(&mut Ui)) {
    let area = egui::Area::new(egui::Id::unique(name)).order(egui::Order::Middle).fixed_pos(rect.min);
    area.movable(false).constrain(false).show(ui.ctx(), |ui| {
        ui.set_max_size(rect.size());
        add(ui);
    });
}

/// Queues edits for the drafts, before the commands that are already queued.
fn flush(view: &PanelView<'_>, state: &mut crate::panels::PanelsState, commands: &mut crate::command::CommandQueue) {
    let waiting = commands.take();
    state.inspector.flush(view, commands);
    for command in waiting {
        commands.push(command);
    }
}
