//! App: the window, as an eframe application.
//!
//! Order of a frame: take new data (snapshot, console, dropped files); draw, which only reads and queues commands;
//! carry out the commands; sync the running system. Application logic is elsewhere.

pub mod frame_memory;

mod keys;
mod layout;

use std::path::{Path, PathBuf};

use egui::{Context, Ui, ViewportCommand};

use crate::canvas::CanvasState;
use crate::canvas::selection::Selection;
use crate::command::{AppCommand, FileCommand, RunCommand};
use crate::dispatch::{self, Target};
use crate::document::{Document, History, NodeId};
use crate::live::{Console, LiveView};
use crate::project::Project;
use crate::session::Session;
use crate::theme::style::{install_fonts, install_theme};
use crate::view_state::ViewState;
use crate::workspace::Workspace;

/// The window: the workspace and its view.
pub struct App {
    workspace: Workspace,
    view: ViewState,
    title: String,
}

/// Opens the window, optionally with a project that starts at once. Returns when the window is closed.
pub fn open_window(path: Option<PathBuf>, run_at_once: bool) -> anyhow::Result<()> {
    frame_memory::keep_frame_memory();
    let folder = Session::default_folder();
    let session = folder.as_deref().map(Session::load).unwrap_or_default();
    let viewport = egui::ViewportBuilder::default()
        .with_title("Kamaelia Compose")
        .with_app_id("kamaelia-compose")
        .with_inner_size(session.window)
        .with_min_inner_size([640.0, 420.0]);
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let ctx = &creation.egui_ctx;
        let mut app = App::new(ctx, session, folder);
        let is_open = path.is_some_and(|path| dispatch::file::open_named(&mut app.target(ctx), &path));
        if is_open && run_at_once {
            app.push(RunCommand::Run);
        }
        Ok(Box::new(app))
    });
    eframe::run_native("kamaelia-compose", options, create).map_err(|error| {
        anyhow::anyhow!("cannot open a window: {error}; without a display, use `kamaelia-compose run FILE`")
    })
}

impl App {
    /// Creates the application with an empty project. Changes to the session are saved to `session_folder`.
    pub fn new(ctx: &Context, session: Session, session_folder: Option<PathBuf>) -> Self {
        install_fonts(ctx);
        install_theme(ctx, session.theme, session.text_scale);
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let mut workspace = Workspace::new(compose_components::registry());
        if let Some(folder) = &session_folder {
            let ctx = ctx.clone();
            workspace.protect(&folder.join("journal"), move || ctx.request_repaint());
        }
        let has_recoveries = !workspace.recoveries().is_empty();
        let mut app = Self { workspace, view: ViewState::new(session, session_folder), title: String::new() };
        if has_recoveries {
            app.push(FileCommand::ShowRecoveries);
        }
        app
    }

    fn target<'a>(&'a mut self, ctx: &'a Context) -> Target<'a> {
        Target { workspace: &mut self.workspace, view: &mut self.view, ctx }
    }

    /// Creates the application for tests. It does not access the user's folders.
    pub fn new_for_test(ctx: &Context) -> Self {
        Self::new(ctx, Session::default(), None)
    }

    /// Runs one whole frame.
    pub fn frame(&mut self, ui: &mut Ui) {
        self.logic_of_frame(ui.ctx());
        self.ui_of_frame(ui);
    }

    fn logic_of_frame(&mut self, ctx: &Context) {
        self.take_new_data(ctx);
    }

    fn ui_of_frame(&mut self, ui: &mut Ui) {
        self.draw(ui);
        dispatch::carry_out(&mut self.target(ui.ctx()));
        let looked_at = self.view.canvas().selection().only_wire();
        if let Some(wait) = self.workspace.end_frame(looked_at) {
            ui.ctx().request_repaint_after(wait);
        }
    }

    /// Takes the data that arrived since the last frame: snapshot, failures, console lines, dropped files, close
    /// requests.
    fn take_new_data(&mut self, ctx: &Context) {
        self.workspace.begin_frame();
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        for path in dropped {
            self.push(FileCommand::OpenPath(path));
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.view.may_close() {
            if self.workspace.history().is_unsaved() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
            self.push(FileCommand::Quit);
        }
        if let Some(rect) = ctx.input(|input| input.viewport().inner_rect) {
            let size = rect.size() * ctx.zoom_factor();
            self.view.session_mut().window = [size.x, size.y];
        }
        let title = format!(
            "{}{}",
            if self.workspace.history().is_unsaved() { "• " } else { "" },
            self.workspace.project().title()
        );
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(format!("{title} – Kamaelia Compose")));
            self.title = title;
        }
    }

    /// Draws the window. Changes only the state of the view.
    fn draw(&mut self, ui: &mut Ui) {
        keys::take(&mut self.view, ui.ctx());
        *self.view.open_panels() = layout::draw(&self.workspace, &mut self.view, ui);
    }

    /// Queues a command, which is carried out at the end of the frame.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.view.push(command);
    }

    /// Opens a document as a project without a file and without unsaved changes.
    pub fn load_document(&mut self, document: Document) {
        dispatch::file::replace(&mut self.workspace, &mut self.view, Project::of_document(document), Vec::new());
    }

    /// Opens a project file; `false` if it cannot be opened.
    pub fn load_file(&mut self, path: &Path) -> bool {
        dispatch::file::open_now(&mut self.workspace, &mut self.view, path)
    }

    /// The open document.
    pub fn document(&self) -> &Document {
        self.workspace.document()
    }

    /// The open project.
    pub fn project(&self) -> &Project {
        self.workspace.project()
    }

    /// The undo history.
    pub fn history(&self) -> &History {
        self.workspace.history()
    }

    /// The selection.
    pub fn selection(&self) -> &Selection {
        self.view.canvas().selection()
    }

    /// The state of the canvas.
    pub fn canvas(&self) -> &CanvasState {
        self.view.canvas()
    }

    /// The open composite; `None` at the top level.
    pub fn scope(&self) -> Option<NodeId> {
        self.view.scope()
    }

    /// The running system.
    pub fn live(&self) -> &LiveView {
        self.workspace.live()
    }

    /// The console.
    pub fn console(&self) -> &Console {
        self.workspace.live().console()
    }

    /// The text of each notice that is shown now.
    pub fn notices(&self) -> Vec<String> {
        self.workspace.notices().shown().iter().map(|notice| notice.text().to_owned()).collect()
    }

    /// The text of each problem.
    pub fn problems(&self) -> Vec<String> {
        self.workspace.findings().iter().map(|finding| finding.text.clone()).collect()
    }

    /// The settings that are kept between sessions.
    pub fn session(&self) -> &Session {
        self.view.session()
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.logic_of_frame(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.ui_of_frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.view.save_session();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
