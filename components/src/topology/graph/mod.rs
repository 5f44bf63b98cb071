//! Graph: the nodes and links of a viewer, and the effect of commands on them (VIEW-2 to VIEW-16).
//!
//! Pure. Positions are in the units of the layout, x to the right, y down, around the origin. Invariants: both ends of
//! every link exist; an id belongs to one node. Not here: the layout of the nodes (see `springs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compose_runtime::dev::*;

use super::command::{Command, Position, brief};

/// Further nodes and links are refused, so that a flood of commands cannot fill the memory.
const MOST_NODES: usize = 10_000;
const MOST_LINKS: usize = 40_000;
const MOST_TYPES: usize = 64;

/// The types that a node may have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Types {
    /// One of these types, or any type if the list is empty; each type has its own colour.
    Plain(Vec<String>),
    /// `component`, `inbox` and `outbox`, as Axon's introspector sends them.
    Axon,
}

/// One node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub type_name: Arc<str>,
    pub kind: GraphNodeKind,
    pub at: [f32; 2],
    /// The layout does not move the node.
    pub is_frozen: bool,
    /// The user is dragging the node.
    pub is_held: bool,
    /// The node has an automatic position and no link yet, so the first link may move it next to its neighbour.
    is_loose: bool,
}

/// The effect of a command: answers for `outbox`, and how much it disturbs the layout, from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Effect {
    pub answers: Vec<Message>,
    pub disturbs: f32,
}

/// Why a command failed. The graph is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum GraphError {
    #[error("there is no node {0}")]
    NoSuchNode(String),
    #[error("there is already a node {0}; delete it first, or choose another id")]
    NodeExists(String),
    #[error("there is no link from {from} to {to}")]
    NoSuchLink { from: String, to: String },
    #[error("there is no node type {0}; the types are {1}")]
    NoSuchType(String, String),
    #[error("there are already {0}, which is the maximum; delete some first")]
    TooMany(String),
}

/// The graph.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    types: Types,
    /// Length of a link at rest.
    bond: f32,
    /// Rotates the initial positions.
    seed: f32,
    /// By order of arrival.
    pub nodes: BTreeMap<u64, Node>,
    pub links: BTreeSet<(u64, u64)>,
    ids: BTreeMap<Arc<str>, u64>,
    /// Types of a plain graph in order of first use.
    known_types: Vec<Arc<str>>,
    next: u64,
    selected: Option<u64>,
}

impl Graph {
    pub(super) fn new(types: Types, bond: f32, seed: f32) -> Self {
        let known_types = match &types {
            Types::Plain(names) => names.iter().map(|name| Arc::from(name.as_str())).collect(),
            Types::Axon => Vec::new(),
        };
        let (nodes, links, ids) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        Self { types, bond, seed, nodes, links, ids, known_types, next: 0, selected: None }
    }

    /// Executes a command. `prefix` is the prefix of the sender's ids; it is empty for a sender that may see all nodes.
    pub(super) fn apply(&mut self, command: Command, prefix: &str) -> Result<Effect, GraphError> {
        let mut effect = Effect::default();
        match command {
            Command::AddNode { id, name, position, type_name } => {
                self.add_node(&id, &name, position, &type_name)?;
                effect.disturbs = 1.0;
            }
            Command::DelNode { id } => {
                let key = self.find(&id)?;
                self.remove(&[key].into(), &mut effect);
            }
            Command::AddLink { from, to } => {
                let ends = (self.find(&from)?, self.find(&to)?);
                if self.links.len() == MOST_LINKS && !self.links.contains(&ends) {
                    return Err(GraphError::TooMany(format!("{MOST_LINKS} links")));
                }
                if self.links.insert(ends) {
                    self.move_to_neighbour(ends);
                    effect.disturbs = 1.0;
                }
            }
            Command::DelLink { from, to } => {
                if !self.links.remove(&(self.find(&from)?, self.find(&to)?)) {
                    return Err(GraphError::NoSuchLink { from: brief(&from), to: brief(&to) });
                }
                effect.disturbs = 0.3;
            }
            Command::DelAll => {
                let own = self.nodes.iter().filter(|(_, node)| node.id.starts_with(prefix));
                let keys = own.map(|(key, _)| *key).collect();
                self.remove(&keys, &mut effect);
            }
            Command::GetAll => effect.answers.push(self.topology(prefix)),
            Command::UpdateName { id, name } => {
                // An unknown id is ignored, as in the original (VIEW-9).
                if let Some(node) = self.find(&id).ok().and_then(|key| self.nodes.get_mut(&key)) {
                    node.name = name.into();
                }
            }
            Command::GetName { id } => {
                let name = self.find(&id).ok().and_then(|key| self.nodes.get(&key));
                let name = name.map_or(Message::Nothing, |node| Message::text(&node.name));
                effect.answers.push(word_list(&["UPDATE_NAME", "NODE", &id], [name]));
            }
            Command::FreezeAll => self.nodes.values_mut().for_each(|node| node.is_frozen = true),
            Command::UnfreezeAll => {
                self.nodes.values_mut().for_each(|node| node.is_frozen = false);
                effect.disturbs = 0.3;
            }
        }
        Ok(effect)
    }

    /// Selects a node, or none. Returns the answer if the selection changes (VIEW-13).
    pub(super) fn select(&mut self, id: Option<&str>) -> Option<Message> {
        let key = id.and_then(|id| self.ids.get(id)).copied();
        if self.selected == key {
            return None;
        }
        self.selected = key;
        let id = key.and_then(|key| self.nodes.get(&key)).map_or(Message::Nothing, |node| Message::text(&node.id));
        Some(word_list(&["SELECT", "NODE"], [id]))
    }

    /// Moves a node that the user drags, or releases it.
    pub(super) fn hold(&mut self, id: &str, at: Option<[f32; 2]>) {
        let Some(node) = self.ids.get(id).and_then(|key| self.nodes.get_mut(key)) else { return };
        node.is_held = at.is_some();
        node.at = at.unwrap_or(node.at);
    }

    /// The graph as a surface.
    pub(super) fn surface(&self, caption: String) -> Surface {
        let indices: BTreeMap<u64, usize> = self.nodes.keys().enumerate().map(|(index, key)| (*key, index)).collect();
        let nodes = self.nodes.values().map(|node| GraphNode {
            id: node.id.clone(),
            name: node.name.clone(),
            kind: node.kind,
            at: node.at,
        });
        let links = self.links.iter().filter_map(|(from, to)| {
            let kind = link_kind(self.nodes.get(from)?.kind, self.nodes.get(to)?.kind);
            Some(GraphLink { from: *indices.get(from)?, to: *indices.get(to)?, kind })
        });
        let selected = self.selected.and_then(|key| indices.get(&key)).copied();
        Surface::Graph { nodes: nodes.collect(), links: links.collect(), selected, caption }
    }

    fn find(&self, id: &str) -> Result<u64, GraphError> {
        self.ids.get(id).copied().ok_or_else(|| GraphError::NoSuchNode(brief(id)))
    }

    fn add_node(&mut self, id: &str, name: &str, position: Position, type_name: &str) -> Result<(), GraphError> {
        if self.ids.contains_key(id) {
            return Err(GraphError::NodeExists(brief(id)));
        }
        if self.nodes.len() == MOST_NODES {
            return Err(GraphError::TooMany(format!("{MOST_NODES} nodes")));
        }
        let kind = self.kind_of(type_name)?;
        let at = match position {
            Position::At(at) => at,
            Position::Anywhere => self.free_position(),
        };
        let id: Arc<str> = id.into();
        let node = Node {
            id: id.clone(),
            name: name.into(),
            type_name: type_name.into(),
            kind,
            at,
            is_frozen: false,
            is_held: false,
            is_loose: position == Position::Anywhere,
        };
        self.ids.insert(id, self.next);
        self.nodes.insert(self.next, node);
        self.next += 1;
        Ok(())
    }

    fn kind_of(&mut self, type_name: &str) -> Result<GraphNodeKind, GraphError> {
        let unknown = |known: &[&str]| Err(GraphError::NoSuchType(brief(type_name), known.join(", ")));
        let names = match &self.types {
            Types::Axon => {
                return match type_name {
                    "component" => Ok(GraphNodeKind::Component),
                    "inbox" => Ok(GraphNodeKind::Inbox),
                    "outbox" => Ok(GraphNodeKind::Outbox),
                    _ => unknown(&["component", "inbox", "outbox"]),
                };
            }
            Types::Plain(names) => names,
        };
        if let Some(index) = self.known_types.iter().position(|known| &**known == type_name) {
            return Ok(GraphNodeKind::Plain(index));
        }
        if !names.is_empty() {
            return unknown(&names.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if self.known_types.len() == MOST_TYPES {
            return Err(GraphError::TooMany(format!("{MOST_TYPES} node types")));
        }
        self.known_types.push(type_name.into());
        Ok(GraphNodeKind::Plain(self.known_types.len() - 1))
    }

    /// The next position on a spiral that fills the plane evenly for any number of nodes.
    fn free_position(&self) -> [f32; 2] {
        let number = self.nodes.len();
        self.beside([0.0, 0.0], 0.6 * self.bond * (number as f32).sqrt(), number as u64)
    }

    /// A position at this distance from another, in a direction that depends on the number.
    fn beside(&self, [x, y]: [f32; 2], distance: f32, number: u64) -> [f32; 2] {
        /// The golden angle, so that many directions all differ.
        const TURN: f32 = 2.399_963;
        // For large numbers a float cannot represent the fraction of a turn.
        let angle = ((number % 100_000) as f32).mul_add(TURN, self.seed);
        [x + distance * angle.cos(), y + distance * angle.sin()]
    }

    /// Moves a node with an automatic position next to its first neighbour, so that the springs have less to untangle.
    fn move_to_neighbour(&mut self, (from, to): (u64, u64)) {
        let is_loose = |key| self.nodes.get(&key).is_some_and(|node| node.is_loose);
        let (stays, moves) = if is_loose(to) { (from, to) } else { (to, from) };
        let is_moving = is_loose(moves) && stays != moves;
        let beside = self.nodes.get(&stays).map(|node| self.beside(node.at, 0.5 * self.bond, moves));
        for key in [from, to] {
            if let Some(node) = self.nodes.get_mut(&key) {
                node.is_loose = false;
                if is_moving && key == moves {
                    node.at = beside.unwrap_or(node.at);
                }
            }
        }
    }

    fn remove(&mut self, keys: &BTreeSet<u64>, effect: &mut Effect) {
        // The selection goes first, so that no answer names a deleted node (VIEW-4).
        if self.selected.is_some_and(|key| keys.contains(&key)) {
            effect.answers.extend(self.select(None));
        }
        self.links.retain(|(from, to)| !keys.contains(from) && !keys.contains(to));
        for key in keys {
            if let Some(node) = self.nodes.remove(key) {
                self.ids.remove(&node.id);
            }
        }
        effect.disturbs = 0.3;
    }

    /// Commands that recreate this graph, with the current positions of the nodes (VIEW-14).
    fn topology(&self, prefix: &str) -> Message {
        let own = |node: &&Node| node.id.starts_with(prefix);
        let id = |node: &Node| Message::text(node.id.strip_prefix(prefix).unwrap_or(&node.id));
        let nodes = self.nodes.values().filter(own).map(|node| {
            let position = format!("{:.0},{:.0}", node.at[0], node.at[1]);
            let rest = [id(node), Message::text(&node.name), Message::text(position), Message::text(&node.type_name)];
            word_list(&["ADD", "NODE"], rest)
        });
        let ends = |from, to| Some((self.nodes.get(from).filter(own)?, self.nodes.get(to).filter(own)?));
        let links = self.links.iter().filter_map(|(from, to)| ends(from, to));
        let links = links.map(|(from, to)| word_list(&["ADD", "LINK"], [id(from), id(to)]));
        let all = std::iter::once(word_list(&["DEL", "ALL"], [])).chain(nodes).chain(links);
        Message::list([Message::text("TOPOLOGY"), Message::list(all)])
    }
}

/// The kind of link, which depends on the nodes it connects (VIEW-21).
pub(super) fn link_kind(from: GraphNodeKind, to: GraphNodeKind) -> GraphLinkKind {
    use GraphNodeKind::{Component, Inbox, Outbox, Plain};
    match (from, to) {
        (Plain(_), _) | (_, Plain(_)) => GraphLinkKind::Plain,
        (Component, _) | (_, Component) => GraphLinkKind::Belongs,
        (Inbox, Inbox) | (Outbox, Outbox) => GraphLinkKind::Passthrough,
        (Inbox, Outbox) | (Outbox, Inbox) => GraphLinkKind::Data,
    }
}

/// A list of words followed by other items.
pub(super) fn word_list<const N: usize>(first: &[&str], rest: [Message; N]) -> Message {
    Message::list(first.iter().map(Message::text).chain(rest))
}

#[cfg(test)]
mod tests;
