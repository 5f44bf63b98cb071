//! CarriedKinds: the kinds of message seen on links between boxes that accept any kind, so that these links are coloured
//! too.

use std::collections::HashMap;

use compose_runtime::message::Kind;

use super::layout::Layout;
use super::scene::Scene;
use super::view::CanvasView;
use crate::document::Port;

/// The kinds of the last messages, for visible links and boxes that do not declare a kind.
#[derive(Debug, Default)]
pub struct CarriedKinds {
    by_wire: HashMap<usize, Kind>,
    by_port: HashMap<Port, Kind>,
}

impl CarriedKinds {
    /// The kinds in the newest snapshot. They are kept after the end of a run.
    pub fn new(view: &CanvasView<'_>, layout: &Layout, scene: &Scene) -> Self {
        let mut carried = Self::default();
        if view.live.snapshot.is_none() {
            return carried;
        }
        for (index, shape) in scene.wires.iter().filter_map(|n| Some((*n, layout.wires.get(*n)?))) {
            if shape.carries != Kind::Any {
                continue;
            }
            if let Some(last) = view.live.linkage(&shape.wire).and_then(|linkage| linkage.last.as_ref()) {
                let kind = last.message.kind();
                carried.by_wire.insert(index, kind);
                carried.by_port.insert(shape.wire.from.clone(), kind);
                carried.by_port.insert(shape.wire.to.clone(), kind);
            }
        }
        carried
    }

    /// The kind that a link carries; `otherwise` if no message was seen.
    pub fn wire(&self, index: usize, otherwise: Kind) -> Kind {
        self.by_wire.get(&index).copied().unwrap_or(otherwise)
    }

    /// The kind that a box sends or accepts, if a message was seen.
    pub fn port(&self, port: &Port) -> Option<Kind> {
        self.by_port.get(port).copied()
    }
}
