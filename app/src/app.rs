//! App: owns all state of the window; eframe `logic` and `ui`; the order of one frame.
//!
//! One frame, always in this order: take the news (snapshot, console, files dropped), draw (which only reads, and queues
//! commands), carry the commands out, sync the running system. Business rules are elsewhere.

pub mod examples;
mod findings;
mod keys;
mod layout;

use std::path::{Path, PathBuf};

use compose_runtime::registry::Registry;
use egui::{Context, Ui, ViewportCommand};

use crate::canvas::CanvasState;
use crate::canvas::selection::Selection;
use crate::command::{AppCommand, CommandQueue, FileCommand, RunCommand};
use crate::dispatch;
use crate::document::{Document, History, NodeId, Wire};
use crate::live::{Live, LiveView};
use crate::notice::Notices;
use crate::panels::PanelsState;
use crate::panels::console::ConsoleLog;
use crate::panels::rates::Rates;
use crate::project::Project;
use crate::session::Session;
use crate::theme::style::{install_fonts, install_theme};
use examples::Examples;
use findings::Findings;

/// The window's state. Fields are open to `dispatch`, which alone changes document, project and live.
pub struct App {
    pub(crate) project: Project,
    pub(crate) history: History,
    pub(crate) live: Live,
    pub(crate) registry: Registry,
    pub(crate) canvas: CanvasState,
    pub(crate) scope: Option<NodeId>,
    pub(crate) panels: PanelsState,
    pub(crate) session: Session,
    pub(crate) session_folder: Option<PathBuf>,
    pub(crate) notices: Notices,
    pub(crate) commands: CommandQueue,
    pub(crate) console: ConsoleLog,
    pub(crate) rates: Rates,
    pub(crate) findings: Findings,
    pub(crate) examples: Examples,
    pub(crate) console_seen: u64,
    pub(crate) tapped: Option<Wire>,
    pub(crate) clipboard: String,
    pub(crate) may_close: bool,
    /// The desktop's file dialog, while it is open; and whether there may be one.
    pub(crate) asked: Option<dispatch::portal::Asked>,
    pub(crate) uses_portal: bool,
    title: String,
}

/// Opens the window, with a project if one is named and running if asked for, and returns when it is closed.
pub fn open_window(path: Option<PathBuf>, run_at_once: bool) -> anyhow::Result<()> {
    let folder = Session::default_folder();
    let session = folder.as_deref().map(Session::load).unwrap_or_default();
    let viewport = egui::ViewportBuilder::default()
        .with_title("Kamaelia Compose")
        .with_app_id("kamaelia-compose")
        .with_inner_size(session.window)
        .with_min_inner_size([640.0, 420.0]);
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        let mut app = App::new(&creation.egui_ctx, session, folder);
        app.uses_portal = dispatch::portal::is_there();
        let is_open = path.is_some_and(|path| dispatch::file::open_named(&mut app, &path));
        if is_open && run_at_once {
            app.push(RunCommand::Run);
        }
        Ok(Box::new(app))
    });
    eframe::run_native("kamaelia-compose", options, create).map_err(|error| {
        anyhow::anyhow!("cannot open a window: {error}; without a screen, use `kamaelia-compose run FILE`")
    })
}

impl App {
    /// The application with an empty project. The session is saved to `session_folder` when it changes.
    pub fn new(ctx: &Context, session: Session, session_folder: Option<PathBuf>) -> Self {
        install_fonts(ctx);
        install_theme(ctx, session.theme, session.text_scale);
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let registry = compose_components::registry();
        let mut canvas = CanvasState::default();
        canvas.minimap_is_shown = session.panels.minimap;
        Self {
            project: Project::new(),
            history: History::new(),
            live: Live::new(registry.clone()),
            registry,
            canvas,
            scope: None,
            panels: PanelsState::default(),
            session,
            session_folder,
            notices: Notices::default(),
            commands: CommandQueue::default(),
            console: ConsoleLog::default(),
            rates: Rates::default(),
            findings: Findings::default(),
            examples: Examples::find(),
            console_seen: 0,
            tapped: None,
            clipboard: String::new(),
            may_close: false,
            asked: None,
            uses_portal: false,
            title: String::new(),
        }
    }

    /// The application for tests: nothing is read from or written to the user's folders.
    pub fn new_for_test(ctx: &Context) -> Self {
        Self::new(ctx, Session::default(), None)
    }

    /// One whole frame, as the window has it.
    pub fn frame(&mut self, ui: &mut Ui) {
        self.logic_of_frame(ui.ctx());
        self.ui_of_frame(ui);
    }

    fn logic_of_frame(&mut self, ctx: &Context) {
        self.take_news(ctx);
    }

    fn ui_of_frame(&mut self, ui: &mut Ui) {
        self.draw(ui);
        dispatch::carry_out(self, ui.ctx());
        dispatch::sync(self, ui.ctx());
    }

    /// Takes what came in since the last frame: snapshot, outcomes, console lines, dropped files, the wish to close.
    fn take_news(&mut self, ctx: &Context) {
        dispatch::run::take_news(self);
        self.findings.update(&self.project, &self.registry, self.live.view());
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        for path in dropped {
            self.push(FileCommand::OpenPath(path));
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.may_close {
            if self.history.is_unsaved() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
            self.push(FileCommand::Quit);
        }
        if let Some(rect) = ctx.input(|input| input.viewport().inner_rect) {
            let size = rect.size() * ctx.zoom_factor();
            self.session.window = [size.x, size.y];
        }
        let title = format!("{}{}", if self.history.is_unsaved() { "• " } else { "" }, self.project.title());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(format!("{title} – Kamaelia Compose")));
            self.title = title;
        }
    }

    /// Draws everything; changes nothing but what the panels themselves remember.
    fn draw(&mut self, ui: &mut Ui) {
        keys::take(self, ui.ctx());
        layout::draw(self, ui);
    }

    /// Asks for something, as a menu would; carried out at the end of the frame.
    pub fn push(&mut self, command: impl Into<AppCommand>) {
        self.commands.push(command);
    }

    /// Opens this document as a project without a file, nothing unsaved.
    pub fn load_document(&mut self, document: Document) {
        dispatch::file::replace(self, Project::of_document(document), Vec::new());
    }

    /// Opens a project file at once; `false` if it cannot be opened.
    pub fn load_file(&mut self, path: &Path) -> bool {
        dispatch::file::open_now(self, path)
    }

    /// What the user made.
    pub fn document(&self) -> &Document {
        &self.project.document
    }

    /// The project with its file.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What can be undone.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.canvas.selection
    }

    /// What the canvas remembers.
    pub fn canvas(&self) -> &CanvasState {
        &self.canvas
    }

    /// The composite that is open.
    pub fn scope(&self) -> Option<NodeId> {
        self.scope
    }

    /// The running system.
    pub fn live(&self) -> &LiveView {
        self.live.view()
    }

    /// Lines of the console.
    pub fn console(&self) -> &ConsoleLog {
        &self.console
    }

    /// Sentences shown at present.
    pub fn notices(&self) -> Vec<String> {
        self.notices.words().map(str::to_owned).collect()
    }

    /// What is wrong, in words.
    pub fn problems(&self) -> Vec<String> {
        self.findings.shown().iter().map(|finding| finding.words.clone()).collect()
    }

    /// What is kept between runs.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Keeps the session; a failure costs nothing of the user's work and is not worth a word.
    pub(crate) fn save_session(&self) {
        if let Some(folder) = &self.session_folder {
            let _ = self.session.save(folder);
        }
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
        self.save_session();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
