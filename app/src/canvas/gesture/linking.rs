//! Linking: a link that is being made or moved to another box.

use std::collections::BTreeSet;

use egui::Pos2;

use super::effect::Effect;
use super::world::World;
use crate::canvas::hit::Hit;
use crate::canvas::link_check::LinkRefusal;
use crate::document::{EditCommand, NodeId, Port, Wire};

/// A link that follows the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Linking {
    /// The fixed end.
    pub from: Port,
    /// The position of the loose end.
    pub at: Pos2,
    /// The existing link being moved, if any.
    pub picked_up: Option<Wire>,
    /// The box under the pointer, and the wire that a release there would make, or the reason why it would make none.
    pub over: Option<(Port, Result<Wire, LinkRefusal>)>,
    /// Whether messages come out of the fixed end.
    pub is_source: bool,
}

impl Linking {
    /// A new link.
    pub(super) fn from_port(from: Port, at: Pos2, world: World<'_>) -> Self {
        let is_source = world.check.is_source(&from);
        Self { from, at, picked_up: None, over: None, is_source }
    }

    /// An existing link that is picked up at one end.
    pub(super) fn picked_up(wire: Wire, stays: Port, at: Pos2, world: World<'_>) -> Self {
        let is_source = world.check.is_source(&stays);
        Self { from: stays, at, picked_up: Some(wire), over: None, is_source }
    }

    /// Follows the pointer. Over a node, the link goes to the nearest box that accepts it.
    pub(super) fn follow(&mut self, at: Pos2, hit: &Hit, world: World<'_>) {
        self.at = at;
        self.over = match hit {
            Hit::Port(port) if *port == self.from => None,
            Hit::Port(port) => Some((port.clone(), self.verdict(port, world))),
            Hit::Node(node) | Hit::Surface(node) => self.best_on(*node, world),
            _ => None,
        };
    }

    /// Whether a release on this box makes a link.
    pub fn fits(&self, port: &Port, world: World<'_>) -> bool {
        *port != self.from && self.verdict(port, world).is_ok()
    }

    /// The effects of a release at `at`.
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

    fn verdict(&self, port: &Port, world: World<'_>) -> Result<Wire, LinkRefusal> {
        world.check.verdict(&self.from, port, self.picked_up.as_ref())
    }

    fn best_on(&self, node: NodeId, world: World<'_>) -> Option<(Port, Result<Wire, LinkRefusal>)> {
        let shape = world.layout.node(node)?;
        let mut fitting: Vec<_> = shape.ports.iter().filter(|port| !port.quiet && port.port != self.from).collect();
        fitting.sort_by(|a, b| a.centre.distance(self.at).total_cmp(&b.centre.distance(self.at)));
        // If all boxes of the node are on one side, the choice is clear. Otherwise only boxes of the opposite direction
        // fit.
        let sides: BTreeSet<_> = fitting.iter().map(|port| port.port.direction).collect();
        fitting
            .into_iter()
            .filter(|port| sides.len() == 1 || world.check.is_source(&port.port) != self.is_source)
            .find_map(|port| self.verdict(&port.port, world).ok().map(|wire| (port.port.clone(), Ok(wire))))
    }
}
