//! Surface: what a component shows or asks, as plain data (R15).
//!
//! No egui here. The app draws it inside the node and, large, on the Stage; what the user does comes back as a message
//! in the component's hidden `_events` inbox. With no screen the surface is a record that tests and `run` can read.

use std::sync::Arc;

use crate::message::{ImageFrame, SoundChunk};

/// What one component shows at present.
#[derive(Debug, Clone, PartialEq)]
pub enum Surface {
    /// A button. A press comes back as [`crate::message::Message::Text`] `"CLICK"`.
    Button {
        /// The words on it.
        caption: String,
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
        /// The words that are visible now.
        text: String,
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
