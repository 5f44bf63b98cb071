//! PaintMemory: the data that drawing keeps between frames, so that it need not be rebuilt in each frame.
//!
//! Everything here can be rebuilt from the document and the snapshots, except the texts typed into prompts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use egui::Mesh;

use super::activity::Activity;
use super::paint::far::FarCache;
use super::pictures::Pictures;
use super::traffic::Traffic;
use crate::document::{NodeId, Port};

/// The data that drawing keeps.
#[derive(Debug, Default)]
pub struct PaintMemory {
    /// The messages that move along links.
    pub traffic: Traffic,
    /// Which components had a turn recently.
    pub activity: Activity,
    /// The textures of pictures.
    pub pictures: Pictures,
    /// The texts typed into prompts and not sent yet.
    pub prompts: HashMap<NodeId, String>,
    /// The boxes that accept the link being made.
    pub fits: Option<LinkFits>,
    /// The mesh of the distant view.
    pub far: FarCache,
    /// The mesh of the minimap, and the stamp of the layout it was made for.
    pub minimap: Option<(u64, Arc<Mesh>)>,
}

/// The boxes that accept the link being made; determined once per gesture.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkFits {
    /// The fixed end of the link.
    pub from: Port,
    /// The stamp of the layout it was determined for.
    pub stamp: u64,
    /// The boxes that accept the link.
    pub fitting: HashSet<Port>,
}
