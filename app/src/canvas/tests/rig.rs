//! Rig: the canvas without a window. It takes events, records commands, and applies edits as `dispatch` does.

use compose_runtime::component::{BoxSpec, Category, ComponentSpec};
use compose_runtime::message::Kind;
use compose_runtime::registry::Registry;
use egui::{Context, Event, FullOutput, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};

use crate::canvas::camera::Camera;
use crate::canvas::{CanvasState, CanvasView, canvas_ui};
use crate::command::{AppCommand, CommandQueue, EditAction};
use crate::document::{Document, EditCommand, Node, NodeId, Wire};
use crate::live::LiveView;
use crate::theme::style;
use crate::theme::tokens::{ThemeName, Tokens};

pub static SOURCE: ComponentSpec = ComponentSpec {
    type_name: "Source",
    category: Category::Sources,
    summary: "Sends text",
    outboxes: &[BoxSpec::new("outbox", "Lines").kinds(&[Kind::Text])],
    ..ComponentSpec::EMPTY
};

pub static PASS: ComponentSpec = ComponentSpec {
    type_name: "Pass",
    summary: "Passes messages on",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    outboxes: &[BoxSpec::new("outbox", "The same")],
    ..ComponentSpec::EMPTY
};

pub static LOUDSPEAKER: ComponentSpec = ComponentSpec {
    type_name: "Loudspeaker",
    category: Category::SoundAndPictures,
    summary: "Plays sound",
    inboxes: &[BoxSpec::new("inbox", "Sound").kinds(&[Kind::Sound])],
    has_surface: true,
    ..ComponentSpec::EMPTY
};

pub struct Rig {
    pub ctx: Context,
    pub document: Document,
    pub registry: Registry,
    pub live: LiveView,
    pub state: CanvasState,
    pub scope: Option<NodeId>,
    /// Commands that were not edits, in order.
    pub asked: Vec<AppCommand>,
    /// Edits, in order; they were applied.
    pub edits: Vec<EditCommand>,
    pub time: f64,
    theme: Tokens,
}

pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for spec in [&SOURCE, &PASS, &LOUDSPEAKER] {
        registry.register(spec).unwrap();
    }
    registry
}

pub fn viewport() -> Rect {
    Rect::from_min_size(Pos2::ZERO, Vec2::new(1000.0, 700.0))
}

impl Rig {
    /// A canvas at 100 %, with its point (0, 0) at the point (0, 0) of the screen.
    pub fn new() -> Self {
        let ctx = Context::default();
        style::install_fonts(&ctx);
        style::install_theme(&ctx, ThemeName::Dark, 1.0);
        let mut state = CanvasState::default();
        state.set_camera(None, Camera { centre_in_canvas: viewport().center(), zoom: 1.0 });
        Self {
            ctx,
            document: Document::new(),
            registry: registry(),
            live: LiveView::default(),
            state,
            scope: None,
            asked: Vec::new(),
            edits: Vec::new(),
            time: 0.0,
            theme: Tokens::of_theme(ThemeName::Dark),
        }
    }

    pub fn add(&mut self, name: &str, type_name: &str, x: f32, y: f32) -> NodeId {
        let id = self.document.fresh_id();
        let node = Node::leaf(id, name, type_name).inside(self.scope).at([x, y]);
        self.document.apply(EditCommand::AddNode { node }).unwrap();
        id
    }

    pub fn link(&mut self, from: NodeId, outbox: &str, to: NodeId, inbox: &str) -> Wire {
        let wire = Wire::data(from, outbox, to, inbox);
        self.document.apply(EditCommand::Connect { wire: wire.clone() }).unwrap();
        wire
    }

    /// Runs one frame some time after the last, so that two presses do not become a double press.
    pub fn frame(&mut self, events: Vec<Event>) -> FullOutput {
        self.time += 0.6;
        self.frame_soon(events)
    }

    pub fn frame_soon(&mut self, events: Vec<Event>) -> FullOutput {
        self.time += 0.02;
        let mut queue = CommandQueue::default();
        let input = RawInput { screen_rect: Some(viewport()), time: Some(self.time), events, ..RawInput::default() };
        let output = self.ctx.clone().run_ui(input, |ui| {
            let view = CanvasView {
                document: &self.document,
                scope: self.scope,
                registry: &self.registry,
                minimap_is_shown: false,
                covered_top: 0.0,
                live: &self.live,
                theme: &self.theme,
            };
            canvas_ui(ui, &view, &mut self.state, &mut queue);
        });
        for command in queue.take() {
            match command {
                AppCommand::Edit(EditAction::Apply(edit)) => {
                    self.document.apply(edit.clone()).unwrap();
                    self.edits.push(edit);
                }
                other => self.asked.push(other),
            }
        }
        output
    }

    pub fn run(&mut self, events: Vec<Event>) {
        self.frame(events).drop_without_applying_deltas();
    }

    pub fn run_soon(&mut self, events: Vec<Event>) {
        self.frame_soon(events).drop_without_applying_deltas();
    }

    pub fn press(&mut self, pos: Pos2, button: PointerButton, modifiers: Modifiers) {
        self.run(vec![Event::PointerMoved(pos), Event::PointerButton { pos, button, pressed: true, modifiers }]);
    }

    pub fn release(&mut self, pos: Pos2, button: PointerButton) {
        let modifiers = Modifiers::NONE;
        self.run(vec![Event::PointerMoved(pos), Event::PointerButton { pos, button, pressed: false, modifiers }]);
    }

    pub fn click(&mut self, pos: Pos2, modifiers: Modifiers) {
        self.press(pos, PointerButton::Primary, modifiers);
        self.release(pos, PointerButton::Primary);
    }

    pub fn double_click(&mut self, pos: Pos2) {
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.run(vec![Event::PointerMoved(pos), button(true), button(false)]);
        self.run_soon(vec![button(true), button(false)]);
    }

    pub fn drag(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        self.press(from, PointerButton::Primary, modifiers);
        self.run(vec![Event::PointerMoved(from.lerp(to, 0.5))]);
        self.run(vec![Event::PointerMoved(to)]);
        self.release(to, PointerButton::Primary);
    }

    pub fn key(&mut self, key: egui::Key) {
        let event =
            |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
        self.run(vec![event(true), event(false)]);
    }

    pub fn type_text(&mut self, text: &str) {
        self.run(vec![Event::Text(text.to_owned())]);
    }

    /// The view of the open scope.
    pub fn camera(&self) -> Camera {
        self.state.camera(self.scope)
    }

    /// The centre of a box's dot.
    pub fn dot(&self, node: NodeId, name: &str) -> Pos2 {
        let shape = self.state.layout.node(node).unwrap();
        shape.ports.iter().find(|port| &*port.port.name == name).unwrap().centre
    }

    /// The centre of a node's header.
    pub fn header(&self, node: NodeId) -> Pos2 {
        let shape = self.state.layout.node(node).unwrap();
        Pos2::new(shape.rect.center().x, shape.rect.top() + 12.0)
    }
}
