//! Linking: a link that is being drawn or moved to another box.

use std::collections::BTreeSet;

use egui::Pos2;

use super::effect::Effect;
use super::world::World;
use crate::canvas::hit::Hit;
use crate::document::{EditCommand, NodeId, Port, Wire};

/// A link that follows the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Linking {
    /// The end that is fixed.
    pub from: Port,
    /// Where the loose end is.
    pub at: Pos2,
    /// The link that is moved, if it exists already.
    pub picked_up: Option<Wire>,
    /// The box under the pointer and what would come of a release there.
    pub over: Option<(Port, Result<Wire, String>)>,
    /// Whether the fixed end gives messages.
    pub gives: bool,
}

impl Linking {
    /// A new link.
    pub(super) fn from_port(from: Port, at: Pos2, world: World<'_>) -> Self {
        let gives = world.check.gives(&from);
        Self { from, at, picked_up: None, over: None, gives }
    }

    /// An existing link, taken by one end.
    pub(super) fn picked_up(wire: Wire, stays: Port, at: Pos2, world: World<'_>) -> Self {
        let gives = world.check.gives(&stays);
        Self { from: stays, at, picked_up: Some(wire), over: None, gives }
    }

    /// The pointer moved. A node takes the link at its nearest box that fits.
    pub(super) fn follow(&mut self, at: Pos2, hit: &Hit, world: World<'_>) {
        self.at = at;
        self.over = match hit {
            Hit::Port(port) if *port == self.from => None,
            Hit::Port(port) => Some((port.clone(), self.verdict(port, world))),
            Hit::Node(node) | Hit::Surface(node) => self.best_on(*node, world),
            _ => None,
        };
    }

    /// Whether a release on this box would make a link.
    pub fn fits(&self, port: &Port, world: World<'_>) -> bool {
        *port != self.from && self.verdict(port, world).is_ok()
    }

    /// The commands that end it at `at`.
    pub(super) fn finish(self, at: Pos2) -> Vec<Effect> {
        match (self.over, self.picked_up) {
            (Some((_, Ok(wire))), None) => vec![Effect::Edit(EditCommand::Connect { wire })],
            (Some((_, Ok(wire))), Some(old)) if wire == old => Vec::new(),
            (Some((_, Ok(wire))), Some(old)) => vec![Effect::Edit(EditCommand::Batch {
                label: "Move link".to_owned(),
                commands: vec![EditCommand::Disconnect { wire: old }, EditCommand::Connect { wire }],
            })],
            (Some((_, Err(_))), _) => Vec::new(),
            (None, Some(old)) => vec![Effect::Edit(EditCommand::Disconnect { wire: old })],
            (None, None) => vec![Effect::Search { at, from: Some(self.from) }],
        }
    }

    fn verdict(&self, port: &Port, world: World<'_>) -> Result<Wire, String> {
        world.check.verdict(&self.from, port, self.picked_up.as_ref())
    }

    fn best_on(&self, node: NodeId, world: World<'_>) -> Option<(Port, Result<Wire, String>)> {
        let shape = world.layout.node(node)?;
        let mut fitting: Vec<_> = shape.ports.iter().filter(|port| !port.quiet && port.port != self.from).collect();
        fitting.sort_by(|a, b| a.centre.distance(self.at).total_cmp(&b.centre.distance(self.at)));
        // Nothing is surprising about a component's only box of that side; anything else is left to the box itself.
        let sides: BTreeSet<_> = fitting.iter().map(|port| port.port.direction).collect();
        fitting
            .into_iter()
            .filter(|port| sides.len() == 1 || world.check.gives(&port.port) != self.gives)
            .find_map(|port| self.verdict(&port.port, world).ok().map(|wire| (port.port.clone(), Ok(wire))))
    }
}
