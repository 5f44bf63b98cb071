//! Gesture: a state machine from pointer and keys to commands.
//!
//! Pure: it is fed inputs that already carry what was hit, and answers with effects. The document is only asked, never
//! changed. A gesture sends one command when it ends; while it goes on, what it would do lives here and nowhere else.

use egui::{Modifiers, Pos2, Rect, Vec2};

use super::hit::Hit;
use super::layout::Layout;
use super::link_check::LinkCheck;
use super::selection::Selection;
use crate::command::AppCommand;
use crate::document::{EditCommand, FrameId, NodeId, Port, Wire};

mod linking;
mod moving;
mod press;

pub use linking::Linking;

/// How far the pointer must go before a press becomes a drag, in points on the screen.
const DRAG_FROM: f32 = 4.0;

/// A button of the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The left one.
    Primary,
    /// The right one.
    Secondary,
    /// The middle one.
    Middle,
}

/// Where the pointer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointerPos {
    /// On the screen.
    pub on_screen: Pos2,
    /// On the canvas.
    pub in_canvas: Pos2,
}

/// Something the user did.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A button went down.
    Press {
        /// Where.
        at: PointerPos,
        /// Which.
        button: Button,
        /// How many presses in quick succession this is, from 1.
        count: u8,
        /// Keys that are held.
        modifiers: Modifiers,
        /// Whether the space bar is held.
        space: bool,
    },
    /// The pointer moved.
    Move {
        /// Where to.
        at: PointerPos,
    },
    /// A button went up.
    Release {
        /// Where.
        at: PointerPos,
        /// Which.
        button: Button,
    },
    /// Escape, or the pointer is gone.
    Cancel,
}

/// What a gesture asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An undoable change.
    Edit(EditCommand),
    /// Something for the application.
    Command(AppCommand),
    /// The canvas moves along.
    Pan(Vec2),
    /// The title of a frame is to be edited.
    EditFrame(FrameId),
    /// The search for a component opens.
    Search {
        /// Where the component goes.
        at: Pos2,
        /// The loose end of a link.
        from: Option<Port>,
    },
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// A button is down and has hardly moved.
    Pressed {
        /// What was pressed.
        hit: Hit,
        /// Where.
        origin: PointerPos,
        /// Keys held at the time.
        modifiers: Modifiers,
        /// Whether a release without a drag reduces the selection to what was pressed.
        reduces: bool,
    },
    /// Nodes and frames follow the pointer.
    Moving {
        /// Which nodes, ascending.
        nodes: Vec<NodeId>,
        /// Which frames.
        frames: Vec<FrameId>,
        /// A corner that stays on the grid.
        anchor: Pos2,
        /// Where it began.
        origin: Pos2,
        /// How far, snapped.
        by: Vec2,
    },
    /// A link is being drawn.
    Linking(Linking),
    /// A rectangle that selects.
    BoxSelect {
        /// One corner.
        origin: Pos2,
        /// The other.
        at: Pos2,
        /// What was selected before and stays.
        base: Selection,
    },
    /// The canvas follows the pointer.
    Panning {
        /// Where the pointer was, on the screen.
        last: Pos2,
        /// The button that ends it.
        button: Button,
    },
    /// A frame is resized.
    Resizing {
        /// Which.
        frame: FrameId,
        /// What it would be.
        rect: Rect,
    },
    /// Links are cut.
    Cutting {
        /// The stroke so far.
        stroke: Vec<Pos2>,
        /// What it has crossed.
        wires: Vec<Wire>,
    },
}

impl Gesture {
    /// Whether it is a drag that goes on beyond the edge of the view.
    pub fn pushes_view(&self) -> bool {
        matches!(self, Self::Moving { .. } | Self::Linking(_) | Self::BoxSelect { .. } | Self::Resizing { .. })
    }

    /// Whether something is under way that Escape would cancel.
    pub fn is_active(&self) -> bool {
        !matches!(self, Self::Idle | Self::Pressed { .. })
    }

    /// How far a node is moved by the gesture.
    pub fn moved_by(&self, node: NodeId) -> Vec2 {
        match self {
            Self::Moving { nodes, by, .. } if nodes.binary_search(&node).is_ok() => *by,
            _ => Vec2::ZERO,
        }
    }

    /// How far a frame is moved by the gesture.
    pub fn frame_moved_by(&self, frame: FrameId) -> Vec2 {
        match self {
            Self::Moving { frames, by, .. } if frames.contains(&frame) => *by,
            _ => Vec2::ZERO,
        }
    }
}

/// What a gesture may ask about.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Where everything is.
    pub layout: &'a Layout,
    /// Which links may be made.
    pub check: LinkCheck<'a>,
}

impl World<'_> {
    /// What is under a place, at this magnification.
    fn hit(&self, at: PointerPos, zoom: f32) -> Hit {
        super::hit::hit(self.layout, at.in_canvas, zoom)
    }
}

/// Takes one input. The selection is changed in place; everything else is asked for.
pub fn step(
    gesture: &mut Gesture,
    selection: &mut Selection,
    input: &Input,
    world: World<'_>,
    zoom: f32,
) -> Vec<Effect> {
    match input {
        Input::Press { at, button, count, modifiers, space } => {
            if gesture.is_active() {
                return Vec::new();
            }
            let hit = world.hit(*at, zoom);
            press::press(
                gesture,
                selection,
                &press::Press { at: *at, button: *button, count: *count, modifiers: *modifiers, space: *space, hit },
                world,
            )
        }
        Input::Move { at } => moved(gesture, selection, *at, world, zoom),
        Input::Release { at, button } => released(gesture, selection, *at, *button, world),
        Input::Cancel => {
            if let Gesture::BoxSelect { base, .. } = gesture {
                *selection = base.clone();
            }
            *gesture = Gesture::Idle;
            Vec::new()
        }
    }
}

fn moved(gesture: &mut Gesture, selection: &mut Selection, at: PointerPos, world: World<'_>, zoom: f32) -> Vec<Effect> {
    match gesture {
        Gesture::Idle => Vec::new(),
        Gesture::Pressed { hit, origin, modifiers: held, .. } => {
            if at.on_screen.distance(origin.on_screen) < DRAG_FROM {
                return Vec::new();
            }
            let (hit, origin, held) = (hit.clone(), *origin, *held);
            *gesture = press::drag(&hit, origin, held, selection, world);
            // The drag has already gone some way.
            if gesture.is_active() { moved(gesture, selection, at, world, zoom) } else { Vec::new() }
        }
        Gesture::Moving { anchor, origin, by, .. } => {
            *by = moving::snapped_by(*anchor, at.in_canvas - *origin);
            Vec::new()
        }
        Gesture::Linking(linking) => {
            linking.follow(at.in_canvas, &world.hit(at, zoom), world);
            Vec::new()
        }
        Gesture::BoxSelect { origin, at: corner, base } => {
            *corner = at.in_canvas;
            *selection = super::hit::inside(world.layout, Rect::from_two_pos(*origin, *corner)).union(base);
            Vec::new()
        }
        Gesture::Panning { last, .. } => {
            let by = at.on_screen - *last;
            *last = at.on_screen;
            vec![Effect::Pan(by)]
        }
        Gesture::Resizing { rect, .. } => {
            *rect = moving::resized(*rect, at.in_canvas);
            Vec::new()
        }
        Gesture::Cutting { stroke, wires } => {
            if let Some(last) = stroke.last().copied() {
                for wire in super::hit::cut_by(world.layout, last, at.in_canvas) {
                    if !wires.contains(&wire) {
                        wires.push(wire);
                    }
                }
            }
            stroke.push(at.in_canvas);
            Vec::new()
        }
    }
}

fn released(
    gesture: &mut Gesture,
    selection: &mut Selection,
    at: PointerPos,
    button: Button,
    world: World<'_>,
) -> Vec<Effect> {
    if let Gesture::Panning { button: ends, .. } = gesture {
        if *ends == button {
            *gesture = Gesture::Idle;
        }
        return Vec::new();
    }
    if button != Button::Primary {
        return Vec::new();
    }
    match std::mem::take(gesture) {
        Gesture::Pressed { hit, modifiers, reduces, .. } => press::click(&hit, modifiers, reduces, selection),
        Gesture::Moving { nodes, frames, by, .. } => moving::finish(&nodes, &frames, by, world),
        Gesture::Linking(linking) => linking.finish(at.in_canvas),
        Gesture::Resizing { frame, rect } => moving::finish_resize(frame, rect, world),
        Gesture::Cutting { wires, .. } => moving::finish_cut(wires),
        Gesture::Idle | Gesture::BoxSelect { .. } | Gesture::Panning { .. } => Vec::new(),
    }
}
