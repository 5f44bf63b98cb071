//! EditCommand: one change of a document, as a value; EditError: why a change was refused.
//!
//! Applying a command returns its inverse; undo applies the inverse. Not here: building larger commands (see `edits`).

use compose_runtime::params::ParamValue;
use compose_runtime::topology::{InboxLimit, RestartPolicy};

use serde::{Deserialize, Serialize};

use super::stored;
use super::{Frame, FrameId, Meta, Node, NodeId, Wire};

/// One change of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EditCommand {
    /// Adds a node without wires.
    AddNode {
        /// The node, with an identity from `fresh_id`.
        node: Node,
    },
    /// Removes a node; refused while wires or members remain.
    RemoveNode {
        /// The node.
        id: NodeId,
    },
    /// Adds a wire.
    Connect {
        /// The wire.
        wire: Wire,
    },
    /// Removes a wire.
    Disconnect {
        /// The wire.
        wire: Wire,
    },
    /// Moves nodes on the canvas.
    MoveNodes {
        /// The nodes and their new positions.
        moves: Vec<(NodeId, [f32; 2])>,
    },
    /// Renames a node. Its wires stay.
    Rename {
        /// The node.
        id: NodeId,
        /// The new name.
        name: String,
    },
    /// Changes one setting of a leaf.
    SetParam {
        /// The node.
        id: NodeId,
        /// The setting.
        name: String,
        /// The new value; `None` for the default.
        #[serde(with = "stored")]
        value: Option<ParamValue>,
    },
    /// Changes the boxes of a composite beyond the four that always exist.
    SetBoxes {
        /// The node.
        id: NodeId,
        /// The new inboxes.
        inboxes: Vec<String>,
        /// The new outboxes.
        outboxes: Vec<String>,
    },
    /// Makes a composite a template, or an ordinary component that runs.
    SetTemplate {
        /// The node.
        id: NodeId,
        /// Whether it becomes a template.
        is_template: bool,
    },
    /// Changes what happens after a crash.
    SetRestart {
        /// The node.
        id: NodeId,
        /// The new policy.
        #[serde(with = "stored")]
        restart: RestartPolicy,
    },
    /// Changes the limit of one inbox.
    SetLimit {
        /// The node.
        id: NodeId,
        /// The inbox.
        inbox: String,
        /// The new limit; `None` for the one in its description.
        #[serde(with = "stored")]
        limit: Option<InboxLimit>,
    },
    /// Moves a node without wires into another composite, or to the top level.
    Reparent {
        /// The node.
        id: NodeId,
        /// The composite to move it into; `None` for the top level.
        scope: Option<NodeId>,
    },
    /// Adds a frame.
    AddFrame {
        /// The frame, with an identity from `fresh_frame_id`.
        frame: Frame,
    },
    /// Removes a frame. The components in it stay.
    RemoveFrame {
        /// The frame.
        id: FrameId,
    },
    /// Replaces the title, notes, rectangle or colour of a frame.
    EditFrame {
        /// The new frame, with the identity of the old one.
        frame: Frame,
    },
    /// Replaces name, description and parameters of the project.
    SetMeta {
        /// The new description of the project.
        meta: Meta,
    },
    /// Several changes that apply together or not at all.
    Batch {
        /// Text for the undo menu, for example `Duplicate 3 components`.
        label: String,
        /// The changes, in order.
        commands: Vec<EditCommand>,
    },
}

impl EditCommand {
    /// Combines several changes.
    pub fn batch(label: impl Into<String>, commands: Vec<EditCommand>) -> Self {
        Self::Batch { label: label.into(), commands }
    }

    /// Text for the undo menu: sentence case, no full stop.
    pub fn label(&self) -> String {
        match self {
            Self::AddNode { node } => format!("Add {}", node.name),
            Self::RemoveNode { .. } => "Remove component".to_owned(),
            Self::Connect { wire } => format!("Link {} to {}", wire.from.name, wire.to.name),
            Self::Disconnect { wire } => format!("Unlink {} from {}", wire.from.name, wire.to.name),
            Self::MoveNodes { moves } => format!("Move {}", components(moves.len())),
            Self::Rename { name, .. } => format!("Rename to {name}"),
            Self::SetParam { name, .. } => format!("Set {name}"),
            Self::SetBoxes { .. } => "Change boxes".to_owned(),
            Self::SetTemplate { is_template: true, .. } => "Make a template".to_owned(),
            Self::SetTemplate { .. } => "Make a composite that runs".to_owned(),
            Self::SetRestart { .. } => "Set restart policy".to_owned(),
            Self::SetLimit { inbox, .. } => format!("Set limit of {inbox}"),
            Self::Reparent { .. } => "Move into another graph".to_owned(),
            Self::AddFrame { .. } => "Add frame".to_owned(),
            Self::RemoveFrame { .. } => "Remove frame".to_owned(),
            Self::EditFrame { .. } => "Change frame".to_owned(),
            Self::SetMeta { .. } => "Change project".to_owned(),
            Self::Batch { label, .. } => label.clone(),
        }
    }

    /// Whether the command changes nothing.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Batch { commands, .. } => commands.iter().all(Self::is_nothing),
            Self::MoveNodes { moves } => moves.is_empty(),
            Self::AddNode { .. }
            | Self::RemoveNode { .. }
            | Self::Connect { .. }
            | Self::Disconnect { .. }
            | Self::Rename { .. }
            | Self::SetParam { .. }
            | Self::SetBoxes { .. }
            | Self::SetTemplate { .. }
            | Self::SetRestart { .. }
            | Self::SetLimit { .. }
            | Self::Reparent { .. }
            | Self::AddFrame { .. }
            | Self::RemoveFrame { .. }
            | Self::EditFrame { .. }
            | Self::SetMeta { .. } => false,
        }
    }
}

/// `1 component` or `3 components`.
pub fn components(count: usize) -> String {
    if count == 1 { "1 component".to_owned() } else { format!("{count} components") }
}

/// Why a change was refused. The document is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No node has this identity.
    #[error("there is no component {0}; it may have been removed")]
    NoSuchNode(NodeId),
    /// No frame has this identity.
    #[error("there is no frame #{}; it may have been removed", .0.0)]
    NoSuchFrame(FrameId),
    /// The identity of a new node or frame is in use.
    #[error("the identity #{0} is already in use; use a fresh one")]
    IdTaken(u64),
    /// The name of a node is invalid.
    #[error("{name:?} cannot be the name of a component: {why}")]
    BadName {
        /// The name.
        name: String,
        /// Why not, and what to do.
        why: &'static str,
    },
    /// The name of a box is invalid.
    #[error("{name:?} cannot be the name of a box: {why}")]
    BadBoxName {
        /// The name.
        name: String,
        /// Why not, and what to do.
        why: &'static str,
    },
    /// Another node in the scope has this name.
    #[error("there is already a component {0}; choose another name")]
    NameTaken(String),
    /// A node with wires cannot be removed or moved into another graph.
    #[error("{0} still has links; remove them first")]
    HasWires(String),
    /// A composite with members cannot be removed.
    #[error("{0} still contains components or frames; remove them first")]
    HasMembers(String),
    /// Only a composite can contain components.
    #[error("{0} is not a composite and cannot contain components")]
    NoComposite(String),
    /// Only a leaf has settings.
    #[error("{0} is a composite and has no settings")]
    NoLeaf(String),
    /// A composite cannot be moved into itself.
    #[error("{0} cannot be moved into itself")]
    InsideItself(String),
    /// Graphs are nested too deeply.
    #[error("composites can be nested at most {0} deep")]
    TooDeep(usize),
    /// The document already contains the wire.
    #[error("there is already a link {0}")]
    AlreadyLinked(String),
    /// The document does not contain the wire.
    #[error("there is no link {0}")]
    NotLinked(String),
    /// A wire from an inbox to an outbox is impossible.
    #[error("an inbox cannot feed an outbox ({0}); link an outbox to an inbox")]
    InboxToOutbox(String),
    /// The ends of a data wire are in different graphs.
    #[error("{0}: the two boxes are in different graphs; link them through the boxes of the composite between them")]
    OtherGraph(String),
    /// A passthrough wire does not join a composite and a member of it.
    #[error("{0}: two inboxes or two outboxes can be linked only between a composite and a component inside it")]
    NoPassthrough(String),
    /// The component has no such box.
    #[error("there is no {side} {name} on {node}; it has {known}")]
    NoSuchBox {
        /// The component.
        node: String,
        /// `inbox` or `outbox`.
        side: &'static str,
        /// The given name.
        name: String,
        /// The names of its boxes.
        known: String,
    },
    /// The two boxes carry different kinds of message.
    #[error("{from} sends {gives}, but {to} accepts {takes}; insert a component that converts the messages")]
    Kinds {
        /// The outbox.
        from: String,
        /// The kinds it sends.
        gives: String,
        /// The inbox.
        to: String,
        /// The kinds it accepts.
        takes: String,
    },
    /// The value cannot be saved in a project file.
    #[error("{name} cannot be saved in a project file: {why}")]
    NotStorable {
        /// The setting.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A position on the canvas is not finite, or too far away.
    #[error("a position on the canvas must be within {0} of its centre")]
    BadPosition(u32),
    /// The pasted text contains no components.
    #[error("there are no components in the clipboard: {0}")]
    NoFragment(String),
    /// No components are selected.
    #[error("nothing is selected; select the components to group")]
    NothingSelected,
    /// The selected components are in several graphs.
    #[error("the components are in different graphs; select components of one graph")]
    SeveralGraphs,
}
