//! Applying an edit: command in, inverse out; all or nothing.
//!
//! The only way to change a document. Invariant: after an error the document is unchanged, including its revision.
//! Not here: whether the change suits the component types (`can_link`, `check`).

use std::mem::replace;
use std::sync::atomic::{AtomicU64, Ordering};

use super::linking::{check_box_name, check_name};
use super::storable::{check_node_values, check_position, check_value};
use super::{Document, EditCommand, EditError, Frame, FrameId, Node, NodeBody, NodeId, Wire};

/// Counts the changes of all documents, so that two documents share a revision only if one is a copy of the other.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

/// How deep composites can be nested.
pub const DEEPEST_NESTING: usize = 20;

impl Document {
    /// Applies `command` and returns the command that undoes it. On `Err` nothing has changed.
    pub fn apply(&mut self, command: EditCommand) -> Result<EditCommand, EditError> {
        let inverse = self.apply_unnumbered(command)?;
        self.revision = 1 + REVISIONS.fetch_add(1, Ordering::Relaxed);
        Ok(inverse)
    }

    fn apply_unnumbered(&mut self, command: EditCommand) -> Result<EditCommand, EditError> {
        match command {
            EditCommand::AddNode { node } => {
                let id = node.id;
                self.insert_node(node)?;
                Ok(EditCommand::RemoveNode { id })
            }
            EditCommand::RemoveNode { id } => Ok(EditCommand::AddNode { node: self.take_node(id)? }),
            EditCommand::Connect { wire } => {
                self.insert_wire(wire.clone())?;
                Ok(EditCommand::Disconnect { wire })
            }
            EditCommand::Disconnect { wire } => {
                self.take_wire(&wire)?;
                Ok(EditCommand::Connect { wire })
            }
            EditCommand::MoveNodes { moves } => self.move_nodes(&moves),
            EditCommand::Rename { id, name } => {
                let name = self.rename(id, name)?;
                Ok(EditCommand::Rename { id, name })
            }
            EditCommand::SetParam { id, name, value } => {
                if let Some(value) = &value {
                    check_value(&name, value)?;
                }
                let path = self.path_name(id);
                match &mut self.node_mut(id)?.body {
                    NodeBody::Composite { .. } => Err(EditError::NoLeaf(path)),
                    NodeBody::Leaf { params, .. } => {
                        let before = match value {
                            Some(value) => params.insert(name.clone(), value),
                            None => params.remove(&name),
                        };
                        Ok(EditCommand::SetParam { id, name, value: before })
                    }
                }
            }
            EditCommand::SetBoxes { id, inboxes, outboxes } => {
                check_boxes(&inboxes, &outboxes)?;
                let path = self.path_name(id);
                match &mut self.node_mut(id)?.body {
                    NodeBody::Leaf { .. } => Err(EditError::NoComposite(path)),
                    NodeBody::Composite { inboxes: old_in, outboxes: old_out, .. } => Ok(EditCommand::SetBoxes {
                        id,
                        inboxes: replace(old_in, inboxes),
                        outboxes: replace(old_out, outboxes),
                    }),
                }
            }
            EditCommand::SetTemplate { id, is_template } => {
                let path = self.path_name(id);
                match &mut self.node_mut(id)?.body {
                    NodeBody::Leaf { .. } => Err(EditError::NoComposite(path)),
                    NodeBody::Composite { is_template: old, .. } => {
                        Ok(EditCommand::SetTemplate { id, is_template: replace(old, is_template) })
                    }
                }
            }
            EditCommand::SetRestart { id, restart } => {
                let before = replace(&mut self.node_mut(id)?.restart, restart);
                Ok(EditCommand::SetRestart { id, restart: before })
            }
            EditCommand::SetLimit { id, inbox, limit } => {
                check_box_name(&inbox)?;
                let limits = &mut self.node_mut(id)?.limits;
                let before = match limit {
                    Some(limit) => limits.insert(inbox.clone(), limit),
                    None => limits.remove(&inbox),
                };
                Ok(EditCommand::SetLimit { id, inbox, limit: before })
            }
            EditCommand::Reparent { id, scope } => {
                let scope = self.reparent(id, scope)?;
                Ok(EditCommand::Reparent { id, scope })
            }
            EditCommand::AddFrame { frame } => {
                let id = frame.id;
                self.insert_frame(frame)?;
                Ok(EditCommand::RemoveFrame { id })
            }
            EditCommand::RemoveFrame { id } => {
                let frame = self.frames.remove(&id).ok_or(EditError::NoSuchFrame(id))?;
                if let Some(inside) = self.scopes.get_mut(&frame.scope) {
                    inside.frames.remove(&id);
                }
                Ok(EditCommand::AddFrame { frame })
            }
            EditCommand::EditFrame { frame } => {
                let frame = self.replace_frame(frame)?;
                Ok(EditCommand::EditFrame { frame })
            }
            EditCommand::SetMeta { meta } => {
                for parameter in &meta.parameters {
                    check_value(&parameter.name, &parameter.default)?;
                }
                Ok(EditCommand::SetMeta { meta: replace(&mut self.meta, meta) })
            }
            EditCommand::Batch { label, commands } => self.apply_all(label, commands),
        }
    }

    fn apply_all(&mut self, label: String, commands: Vec<EditCommand>) -> Result<EditCommand, EditError> {
        let mut inverses = Vec::with_capacity(commands.len());
        for command in commands {
            match self.apply_unnumbered(command) {
                Ok(inverse) => inverses.push(inverse),
                Err(error) => {
                    for inverse in inverses.into_iter().rev() {
                        let undone = self.apply_unnumbered(inverse);
                        debug_assert!(undone.is_ok(), "an inverse was refused: {undone:?}");
                    }
                    return Err(error);
                }
            }
        }
        inverses.reverse();
        Ok(EditCommand::Batch { label, commands: inverses })
    }

    fn node_mut(&mut self, id: NodeId) -> Result<&mut Node, EditError> {
        let index = self.index_of.get(&id).ok_or(EditError::NoSuchNode(id))?;
        self.graph.node_weight_mut(*index).ok_or(EditError::NoSuchNode(id))
    }

    fn insert_node(&mut self, node: Node) -> Result<(), EditError> {
        if self.index_of.contains_key(&node.id) || self.frames.contains_key(&FrameId(node.id.0)) {
            return Err(EditError::IdTaken(node.id.0));
        }
        check_name(&node.name)?;
        check_node_values(&node)?;
        if let NodeBody::Composite { inboxes, outboxes, .. } = &node.body {
            check_boxes(inboxes, outboxes)?;
        }
        self.check_scope(node.scope)?;
        self.check_name_is_free(node.scope, &node.name)?;
        self.next_id = self.next_id.max(node.id.0);
        let inside = self.scopes.entry(node.scope).or_default();
        inside.members.insert(node.id);
        inside.names.insert(node.name.clone(), node.id);
        let id = node.id;
        let index = self.graph.add_node(node);
        self.index_of.insert(id, index);
        Ok(())
    }

    fn take_node(&mut self, id: NodeId) -> Result<Node, EditError> {
        let index = *self.index_of.get(&id).ok_or(EditError::NoSuchNode(id))?;
        if self.graph.neighbors_undirected(index).next().is_some() {
            return Err(EditError::HasWires(self.path_name(id)));
        }
        if self.scopes.get(&Some(id)).is_some_and(|inside| !inside.members.is_empty() || !inside.frames.is_empty()) {
            return Err(EditError::HasMembers(self.path_name(id)));
        }
        let node = self.graph.remove_node(index).ok_or(EditError::NoSuchNode(id))?;
        self.index_of.remove(&id);
        self.scopes.remove(&Some(id));
        self.leave_scope(&node);
        Ok(node)
    }

    fn leave_scope(&mut self, node: &Node) {
        if let Some(inside) = self.scopes.get_mut(&node.scope) {
            inside.members.remove(&node.id);
            inside.names.remove(&node.name);
        }
    }

    fn insert_wire(&mut self, wire: Wire) -> Result<(), EditError> {
        let scope = self.check_wire(&wire)?;
        let from = *self.index_of.get(&wire.from.node).ok_or(EditError::NoSuchNode(wire.from.node))?;
        let to = *self.index_of.get(&wire.to.node).ok_or(EditError::NoSuchNode(wire.to.node))?;
        let edge = self.graph.add_edge(from, to, wire.clone());
        self.scopes.entry(scope).or_default().wires.insert(wire, edge);
        Ok(())
    }

    fn take_wire(&mut self, wire: &Wire) -> Result<(), EditError> {
        let scope = self.scope_of(wire).map_err(|_| EditError::NotLinked(self.wire_name(wire)))?;
        let edge = self.scopes.get_mut(&scope).and_then(|inside| inside.wires.remove(wire));
        let edge = edge.ok_or_else(|| EditError::NotLinked(self.wire_name(wire)))?;
        self.graph.remove_edge(edge);
        Ok(())
    }

    fn move_nodes(&mut self, moves: &[(NodeId, [f32; 2])]) -> Result<EditCommand, EditError> {
        let mut before = Vec::with_capacity(moves.len());
        for (id, position) in moves {
            check_position(*position)?;
            before.push((*id, self.node(*id).ok_or(EditError::NoSuchNode(*id))?.pos_in_canvas));
        }
        for (id, position) in moves {
            self.node_mut(*id)?.pos_in_canvas = *position;
        }
        // In reverse order, so that a node listed twice returns to its first position.
        before.reverse();
        Ok(EditCommand::MoveNodes { moves: before })
    }

    fn rename(&mut self, id: NodeId, name: String) -> Result<String, EditError> {
        check_name(&name)?;
        let node = self.node(id).ok_or(EditError::NoSuchNode(id))?;
        let scope = node.scope;
        if node.name != name {
            self.check_name_is_free(scope, &name)?;
        }
        let before = replace(&mut self.node_mut(id)?.name, name.clone());
        let names = &mut self.scopes.entry(scope).or_default().names;
        names.remove(&before);
        names.insert(name, id);
        Ok(before)
    }

    fn reparent(&mut self, id: NodeId, scope: Option<NodeId>) -> Result<Option<NodeId>, EditError> {
        let node = self.node(id).ok_or(EditError::NoSuchNode(id))?.clone();
        self.check_scope(scope)?;
        if !self.wires_of(id).iter().all(|wire| self.scope_of(wire) == Ok(Some(id))) {
            return Err(EditError::HasWires(self.path_name(id)));
        }
        if let Some(target) = scope
            && (target == id || self.scopes_around(target).contains(&id))
        {
            return Err(EditError::InsideItself(self.path_name(id)));
        }
        let above = scope.map_or(0, |scope| self.scopes_around(scope).len() + 1);
        if above + self.depth_below(id) > DEEPEST_NESTING {
            return Err(EditError::TooDeep(DEEPEST_NESTING));
        }
        if scope != node.scope {
            self.check_name_is_free(scope, &node.name)?;
        }
        self.leave_scope(&node);
        let inside = self.scopes.entry(scope).or_default();
        inside.members.insert(id);
        inside.names.insert(node.name, id);
        self.node_mut(id)?.scope = scope;
        Ok(node.scope)
    }

    fn insert_frame(&mut self, frame: Frame) -> Result<(), EditError> {
        if self.frames.contains_key(&frame.id) || self.index_of.contains_key(&NodeId(frame.id.0)) {
            return Err(EditError::IdTaken(frame.id.0));
        }
        check_frame(&frame)?;
        self.check_scope(frame.scope)?;
        self.next_id = self.next_id.max(frame.id.0);
        self.scopes.entry(frame.scope).or_default().frames.insert(frame.id);
        self.frames.insert(frame.id, frame);
        Ok(())
    }

    fn replace_frame(&mut self, frame: Frame) -> Result<Frame, EditError> {
        let id = frame.id;
        check_frame(&frame)?;
        self.check_scope(frame.scope)?;
        let scope = frame.scope;
        let stored = self.frames.get_mut(&id).ok_or(EditError::NoSuchFrame(id))?;
        let before = replace(stored, frame);
        if let Some(inside) = self.scopes.get_mut(&before.scope) {
            inside.frames.remove(&id);
        }
        self.scopes.entry(scope).or_default().frames.insert(id);
        Ok(before)
    }

    fn check_scope(&self, scope: Option<NodeId>) -> Result<(), EditError> {
        let Some(id) = scope else { return Ok(()) };
        let node = self.node(id).ok_or(EditError::NoSuchNode(id))?;
        if !node.is_composite() {
            return Err(EditError::NoComposite(self.path_name(id)));
        }
        if self.scopes_around(id).len() + 1 > DEEPEST_NESTING {
            return Err(EditError::TooDeep(DEEPEST_NESTING));
        }
        Ok(())
    }

    fn check_name_is_free(&self, scope: Option<NodeId>, name: &str) -> Result<(), EditError> {
        if self.find(scope, name).is_some() { Err(EditError::NameTaken(name.to_owned())) } else { Ok(()) }
    }

    /// The nesting depth below this node, without the node itself.
    fn depth_below(&self, id: NodeId) -> usize {
        self.nodes_in(Some(id)).map(|member| 1 + self.depth_below(member.id)).max().unwrap_or(0)
    }
}

fn check_boxes(inboxes: &[String], outboxes: &[String]) -> Result<(), EditError> {
    for (names, reserved) in [(inboxes, ["inbox", "control"]), (outboxes, ["outbox", "signal"])] {
        for (index, name) in names.iter().enumerate() {
            check_box_name(name)?;
            let why = if reserved.contains(&name.as_str()) {
                "every composite already has this box; remove it from the list"
            } else if names.iter().take(index).any(|earlier| earlier == name) {
                "it is listed twice; remove one entry"
            } else {
                continue;
            };
            return Err(EditError::BadBoxName { name: name.clone(), why });
        }
    }
    Ok(())
}

fn check_frame(frame: &Frame) -> Result<(), EditError> {
    let [x, y, width, height] = frame.rect_in_canvas;
    check_position([x, y])?;
    check_position([width, height])
}

#[cfg(test)]
mod tests;
