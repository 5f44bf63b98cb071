//! Carried: what links whose boxes take anything have really carried, so that they too have the colour of their messages.

use std::collections::HashMap;

use compose_runtime::message::Kind;

use super::layout::Layout;
use super::scene::Scene;
use super::view::CanvasView;
use crate::document::Port;

/// Kinds of the last messages, for links and boxes in view that do not say themselves what they carry.
#[derive(Debug, Default)]
pub struct Carried {
    by_wire: HashMap<usize, Kind>,
    by_port: HashMap<Port, Kind>,
}

impl Carried {
    /// What the newest snapshot says; it stays after the end of a run.
    pub fn new(view: &CanvasView<'_>, layout: &Layout, scene: &Scene) -> Self {
        let mut carried = Self::default();
        if view.live.snapshot.is_none() {
            return carried;
        }
        for (number, shape) in scene.wires.iter().filter_map(|n| Some((*n, layout.wires.get(*n)?))) {
            if shape.carries != Kind::Any {
                continue;
            }
            if let Some(last) = view.live.linkage(&shape.wire).and_then(|linkage| linkage.last.as_ref()) {
                let kind = last.message.kind();
                carried.by_wire.insert(number, kind);
                carried.by_port.insert(shape.wire.from.clone(), kind);
                carried.by_port.insert(shape.wire.to.clone(), kind);
            }
        }
        carried
    }

    /// What a link carries; `otherwise` if that was not seen.
    pub fn wire(&self, number: usize, otherwise: Kind) -> Kind {
        self.by_wire.get(&number).copied().unwrap_or(otherwise)
    }

    /// What a box gives or takes, if it was seen.
    pub fn port(&self, port: &Port) -> Option<Kind> {
        self.by_port.get(port).copied()
    }
}
