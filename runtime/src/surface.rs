//! Surface: the output that a component shows to the user and the input that it requests, as plain data (R15).
//!
//! Independent of egui. The app draws the surface inside the node and, larger, on the Stage. An action of the user
//! comes back as a message in the component's hidden inbox `_events`. Without a screen, tests and `run` read the
//! surface as data.

use std::sync::Arc;

use crate::message::{ImageFrame, SoundChunk};

/// Names of the keys that [`Surface::Keys`] reports. The window keeps all other keys, among them the function keys, Tab
/// and Escape.
#[rustfmt::skip]
pub const KEYS: &[&str] = &[
    "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Space", "Enter", "Backspace", "Insert", "Delete",
    "Comma", "Period", "Colon", "Semicolon", "Plus", "Minus", "Equals", "Slash", "Backslash", "Pipe", "Quote", "Backtick",
    "Questionmark", "Exclamationmark", "OpenBracket", "CloseBracket", "OpenCurlyBracket", "CloseCurlyBracket",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
];

/// The current display of a component.
#[derive(Debug, Clone, PartialEq)]
pub enum Surface {
    /// A button. A press comes back as [`crate::message::Message::Text`] `"CLICK"`.
    Button {
        /// The text on it.
        caption: String,
    },
    /// A button that distinguishes mouse buttons. A press comes back as the number of the mouse button: 1 left, 2
    /// middle, 3 right. Turning the wheel over it comes back as 4 (up) or 5 (down).
    MouseButtons {
        /// The text on it.
        caption: String,
    },
    /// An area that accepts keyboard input. A key comes back as a list: `"DOWN"` or `"UP"`, and one of [`KEYS`].
    Keys {
        /// The keys to report; if empty, all of [`KEYS`].
        keys: Vec<String>,
    },
    /// A picture, or a plain background while there is none.
    Picture {
        /// The picture.
        image: Option<Arc<ImageFrame>>,
        /// Caption under it, for example the name of the file; may be empty.
        caption: String,
        /// Colour of the background around it, RGB.
        background: [u8; 3],
    },
    /// Lines of text, newest last.
    Text {
        /// The lines, at most a few hundred.
        lines: Vec<String>,
    },
    /// Large text that appears word by word.
    Ticker {
        /// The words that are visible now, separated by single spaces.
        text: String,
        /// Colour of each word, RGB. A word without an entry, or with `None`, gets the text colour of the window.
        colours: Vec<Option<[u8; 3]>>,
    },
    /// Numbers over time, as named series of (seconds, value).
    Plot {
        /// The series in order of their first value.
        series: Vec<PlotSeries>,
        /// Width of the window in seconds.
        window_s: f64,
    },
    /// The level of a sound stream.
    Meter {
        /// Largest sample, 0 to 1.
        peak: f32,
        /// Root mean square, 0 to 1.
        rms: f32,
        /// A short piece of the waveform to draw.
        wave: Option<Arc<SoundChunk>>,
    },
    /// Nodes connected by links, with their positions. An action of the user comes back as a list: `SELECT NODE` with
    /// an id or nothing, `HOLD NODE` with an id, x and y while a node is dragged, `DROP NODE` with the id when it is
    /// released.
    Graph {
        /// The nodes, in drawing order.
        nodes: Vec<GraphNode>,
        /// The links between them.
        links: Vec<GraphLink>,
        /// Index in `nodes` of the selected node.
        selected: Option<usize>,
        /// Caption under it, for example the address it listens on; may be empty.
        caption: String,
    },
    /// Asks for lines of text on the console. A line comes back as text, the end of the input as `ProducerFinished`.
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
    /// Its identity in events.
    pub id: Arc<str>,
    /// Its label.
    pub name: Arc<str>,
    /// Its appearance.
    pub kind: GraphNodeKind,
    /// Its centre in the units of the layout, x to the right, y down. The renderer scales the whole graph to fit.
    pub at: [f32; 2],
}

/// The appearance of a node of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphNodeKind {
    /// A dot; each number has its own colour.
    Plain(usize),
    /// A component of a running system.
    Component,
    /// An inbox of such a component.
    Inbox,
    /// An outbox of such a component.
    Outbox,
}

/// One link of a graph, between two indices of the list of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphLink {
    /// Index of the node where it begins.
    pub from: usize,
    /// Index of the node where it ends.
    pub to: usize,
    /// Its appearance.
    pub kind: GraphLinkKind,
}

/// The appearance of a link of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphLinkKind {
    /// A line with an arrow.
    Plain,
    /// A faint line from a component to its box.
    Belongs,
    /// A data link, outbox to inbox.
    Data,
    /// A passthrough link, inbox to inbox or outbox to outbox.
    Passthrough,
}
