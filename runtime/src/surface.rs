//! Surface: what a component shows or asks, as plain data (R15).
//!
//! No egui here. The app draws it inside the node and, large, on the Stage; what the user does comes back as a message
//! in the component's hidden `_events` inbox. With no screen the surface is a record that tests and `run` can read.

use std::sync::Arc;

use crate::message::{ImageFrame, SoundChunk};

/// Names of the keys that a place for keys reports. The others, among them function keys, Tab and Escape, stay with the
/// window.
#[rustfmt::skip]
pub const KEYS: &[&str] = &[
    "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Space", "Enter", "Backspace", "Insert", "Delete",
    "Comma", "Period", "Colon", "Semicolon", "Plus", "Minus", "Equals", "Slash", "Backslash", "Pipe", "Quote", "Backtick",
    "Questionmark", "Exclamationmark", "OpenBracket", "CloseBracket", "OpenCurlyBracket", "CloseCurlyBracket",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
];

/// What one component shows at present.
#[derive(Debug, Clone, PartialEq)]
pub enum Surface {
    /// A button. A press comes back as [`crate::message::Message::Text`] `"CLICK"`.
    Button {
        /// The words on it.
        caption: String,
    },
    /// A button that tells presses apart. A press comes back as the number of the mouse button: 1 left, 2 middle, 3
    /// right; a turn of the wheel over it as 4 (up) or 5 (down).
    MouseButtons {
        /// The words on it.
        caption: String,
    },
    /// A place that takes the keyboard. A stroke comes back as a list: `"DOWN"` or `"UP"`, and one of [`KEYS`].
    Keys {
        /// The keys that mean something here; every key does if there are none.
        keys: Vec<String>,
    },
    /// A picture, or a plain ground while there is none.
    Picture {
        /// The picture.
        image: Option<Arc<ImageFrame>>,
        /// Words under it, for example the file's name; may be empty.
        caption: String,
        /// Ground around it, RGB.
        background: [u8; 3],
    },
    /// Lines of text, newest last.
    Text {
        /// The lines, at most a few hundred.
        lines: Vec<String>,
    },
    /// Words in large type that appear one at a time.
    Ticker {
        /// The words that are visible now, with a space between two.
        text: String,
        /// Colours of the words in their order, RGB; where there is none, or the list ends, the window's own.
        colours: Vec<Option<[u8; 3]>>,
    },
    /// Numbers over time: named series of (seconds, value).
    Plot {
        /// The series in the order they appeared.
        series: Vec<PlotSeries>,
        /// Width of the window in seconds.
        window_s: f64,
    },
    /// Level of a stream of sound.
    Meter {
        /// Largest sample, 0 to 1.
        peak: f32,
        /// Root mean square, 0 to 1.
        rms: f32,
        /// A short piece of the wave for drawing.
        wave: Option<Arc<SoundChunk>>,
    },
    /// Nodes joined by links, laid out already. What the user does on it comes back as a list: `SELECT NODE` with an id or
    /// nothing, `HOLD NODE` with an id, x and y while a node is dragged, `DROP NODE` with the id when it is let go.
    Graph {
        /// The nodes, in the order in which they are drawn.
        nodes: Vec<GraphNode>,
        /// The links between them.
        links: Vec<GraphLink>,
        /// Which node is picked, by its place in `nodes`.
        selected: Option<usize>,
        /// Words under it, for example where it listens; may be empty.
        caption: String,
    },
    /// Asks for lines of text on the console. A line comes back as text; the end of input as `ProducerFinished`.
    Prompt {
        /// Shown before the cursor.
        prompt: String,
    },
}

/// One line of a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotSeries {
    /// Its name; empty if there is only one.
    pub name: String,
    /// (seconds on the runtime's clock, value), oldest first.
    pub points: Vec<[f64; 2]>,
}

/// One node of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphNode {
    /// What stands for it in events.
    pub id: Arc<str>,
    /// Its label.
    pub name: Arc<str>,
    /// How it looks.
    pub kind: GraphNodeKind,
    /// Its centre in the units of the layout, x to the right, y down. Whoever draws it scales all of it to fit.
    pub at: [f32; 2],
}

/// How a node of a graph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphNodeKind {
    /// A dot, in a colour for each number.
    Plain(usize),
    /// A component of a running system.
    Component,
    /// One of its inboxes.
    Inbox,
    /// One of its outboxes.
    Outbox,
}

/// One link of a graph, from one place in the list of nodes to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphLink {
    /// Where it begins.
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// How it looks.
    pub kind: GraphLinkKind,
}

/// How a link of a graph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphLinkKind {
    /// A line with an arrow.
    Plain,
    /// A quiet line from a component to its box.
    Belongs,
    /// A link that messages travel, outbox to inbox.
    Data,
    /// A link that only passes through, inbox to inbox or outbox to outbox.
    Passthrough,
}
