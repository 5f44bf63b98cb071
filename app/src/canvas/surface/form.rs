//! SurfaceForm: how much room a component's surface takes inside its node.
//!
//! Pure. The room is known before the component runs, from its type alone, so that pressing run moves nothing.

use egui::Vec2;

/// The forms a surface takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceForm {
    /// A button, in the row of the boxes.
    Button,
    /// A picture.
    Picture,
    /// Lines of text.
    Text,
    /// Words in large type.
    Ticker,
    /// Numbers over time.
    Plot,
    /// A level.
    Meter,
    /// Nodes and links.
    Graph,
    /// A line to type into.
    Prompt,
    /// A place that takes the keyboard.
    Keys,
}

impl SurfaceForm {
    /// What a component of this type will show, as far as one can know before it runs.
    pub fn expected(type_name: &str) -> Self {
        match type_name {
            "Button" | "Multiclick" => Self::Button,
            "KeyEvent" => Self::Keys,
            "Image" => Self::Picture,
            "Ticker" => Self::Ticker,
            "Plot" => Self::Plot,
            "TopologyViewer" | "TopologyViewerServer" | "AxonVisualiser" | "AxonVisualiserServer" => Self::Graph,
            "ConsoleReader" | "Textbox" => Self::Prompt,
            name if name.contains("Output") || name.contains("Meter") => Self::Meter,
            _ => Self::Text,
        }
    }

    /// The room it takes, in canvas units.
    pub fn size(self) -> Vec2 {
        match self {
            Self::Button => Vec2::new(84.0, 20.0),
            Self::Picture => Vec2::new(156.0, 104.0),
            Self::Text => Vec2::new(196.0, 84.0),
            Self::Ticker => Vec2::new(176.0, 64.0),
            Self::Plot => Vec2::new(146.0, 56.0),
            Self::Meter => Vec2::new(126.0, 22.0),
            Self::Graph => Vec2::new(306.0, 204.0),
            Self::Prompt | Self::Keys => Vec2::new(166.0, 24.0),
        }
    }
}
