//! SurfaceForm: the form of a component's surface, and its size inside the node.
//!
//! Pure. Both follow from the type of the component alone, so that the layout does not change when it starts to run.

use egui::Vec2;

/// The form of a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceForm {
    /// A button, in the row of the boxes.
    Button,
    /// A picture.
    Picture,
    /// Lines of text.
    Text,
    /// Text in large type.
    Ticker,
    /// Numbers over time.
    Plot,
    /// A level.
    Meter,
    /// A graph of nodes and links.
    Graph,
    /// An input line.
    Prompt,
    /// An area that receives key strokes.
    Keys,
}

impl SurfaceForm {
    /// The form that a component of this type is expected to show.
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

    /// Its size, in canvas units.
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
