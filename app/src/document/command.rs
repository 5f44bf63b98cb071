//! EditCommand: every change a document can undergo, as a value; EditError: why one was refused.
//!
//! Applying one gives its inverse, and that is all undo is. Not here: building the larger ones (see `edits`).

use compose_runtime::params::ParamValue;
use compose_runtime::topology::{InboxLimit, RestartPolicy};

use super::{Frame, FrameId, Meta, Node, NodeId, Wire};

/// One change of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum EditCommand {
    /// Adds a node without wires.
    AddNode {
        /// The node, with an identity from `fresh_id`.
        node: Node,
    },
    /// Removes a node; refused while wires or members remain.
    RemoveNode {
        /// Which.
        id: NodeId,
    },
    /// Makes a wire.
    Connect {
        /// From where to where.
        wire: Wire,
    },
    /// Removes a wire.
    Disconnect {
        /// From where to where.
        wire: Wire,
    },
    /// Moves nodes on the canvas.
    MoveNodes {
        /// Which, and where to.
        moves: Vec<(NodeId, [f32; 2])>,
    },
    /// Gives a node another name; wires follow.
    Rename {
        /// Which.
        id: NodeId,
        /// Its name from now on.
        name: String,
    },
    /// Changes one setting of a leaf.
    SetParam {
        /// Which.
        id: NodeId,
        /// The setting.
        name: String,
        /// Its value from now on; `None` for the default.
        value: Option<ParamValue>,
    },
    /// Changes the boxes of a composite beyond the four that always exist.
    SetBoxes {
        /// Which.
        id: NodeId,
        /// Its inboxes from now on.
        inboxes: Vec<String>,
        /// Its outboxes from now on.
        outboxes: Vec<String>,
    },
    /// Makes a composite a template (true), or a component that runs itself.
    SetTemplate {
        /// Which.
        id: NodeId,
        /// Whether it is a template from now on.
        is_template: bool,
    },
    /// Changes what happens after a crash.
    SetRestart {
        /// Which.
        id: NodeId,
        /// The policy from now on.
        restart: RestartPolicy,
    },
    /// Changes the limit of one inbox.
    SetLimit {
        /// Which.
        id: NodeId,
        /// The inbox.
        inbox: String,
        /// Its limit from now on; `None` for the one of its description.
        limit: Option<InboxLimit>,
    },
    /// Moves a node without wires into another composite, or to the top.
    Reparent {
        /// Which.
        id: NodeId,
        /// Where to.
        scope: Option<NodeId>,
    },
    /// Adds a frame.
    AddFrame {
        /// The frame, with an identity from `fresh_frame_id`.
        frame: Frame,
    },
    /// Removes a frame, not what is in it.
    RemoveFrame {
        /// Which.
        id: FrameId,
    },
    /// Replaces title, notes, place or colour of a frame.
    EditFrame {
        /// The frame from now on.
        frame: Frame,
    },
    /// Replaces what is said about the project as a whole.
    SetMeta {
        /// From now on.
        meta: Meta,
    },
    /// Several changes as one: all or nothing.
    Batch {
        /// What it is for the user, as in `Duplicate 3 components`.
        label: String,
        /// The changes, in order.
        commands: Vec<EditCommand>,
    },
}

impl EditCommand {
    /// Several changes as one.
    pub fn batch(label: impl Into<String>, commands: Vec<EditCommand>) -> Self {
        Self::Batch { label: label.into(), commands }
    }

    /// What it does, for the undo menu: sentence case, no full stop.
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

    /// Whether it would change nothing at all.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Batch { commands, .. } => commands.iter().all(Self::is_nothing),
            Self::MoveNodes { moves } => moves.is_empty(),
            _ => false,
        }
    }
}

/// `1 component` or `3 components`.
pub fn components(count: usize) -> String {
    if count == 1 { "1 component".to_owned() } else { format!("{count} components") }
}

/// Why a change was refused; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No node has this identity.
    #[error("there is no component {0}; it may have been removed")]
    NoSuchNode(NodeId),
    /// No frame has this identity.
    #[error("there is no frame #{}; it may have been removed", .0.0)]
    NoSuchFrame(FrameId),
    /// The identity of a new node or frame is in use.
    #[error("the identity #{0} is in use; take a fresh one")]
    IdTaken(u64),
    /// The name of a node cannot be used.
    #[error("{name:?} cannot be the name of a component: {why}")]
    BadName {
        /// The name.
        name: String,
        /// Why not, and what to do.
        why: &'static str,
    },
    /// The name of a box cannot be used.
    #[error("{name:?} cannot be the name of a box: {why}")]
    BadBoxName {
        /// The name.
        name: String,
        /// Why not, and what to do.
        why: &'static str,
    },
    /// Another node of the scope has this name.
    #[error("there is a component {0} already; choose another name")]
    NameTaken(String),
    /// A node with wires cannot be removed or moved elsewhere.
    #[error("{0} still has links; remove them first")]
    HasWires(String),
    /// A composite with members cannot be removed.
    #[error("{0} still has components or frames in it; remove them first")]
    HasMembers(String),
    /// Only a composite can hold components.
    #[error("{0} is no composite, so that nothing can be put into it")]
    NoComposite(String),
    /// Only a leaf has settings.
    #[error("{0} is a composite and has no settings of its own")]
    NoLeaf(String),
    /// A composite cannot be put into itself.
    #[error("{0} cannot be put into itself")]
    InsideItself(String),
    /// Graphs are nested too deeply.
    #[error("composites can be nested {0} deep at most")]
    TooDeep(usize),
    /// The wire is there already.
    #[error("{0} are linked already")]
    AlreadyLinked(String),
    /// The wire is not there.
    #[error("there is no link {0}")]
    NotLinked(String),
    /// There is no linkage from an inbox to an outbox.
    #[error("an inbox cannot feed an outbox ({0}); link an outbox to an inbox")]
    InboxToOutbox(String),
    /// The ends of a data wire are in different graphs.
    #[error("{0} are not in the same graph; link them through the boxes of the composite between them")]
    OtherGraph(String),
    /// A passthrough wire does not join a composite and a member of it.
    #[error("{0}: two inboxes, or two outboxes, can be linked only between a composite and a component in it")]
    NoPassthrough(String),
    /// The component has no such box.
    #[error("there is no {side} {name} on {node}; it has {known}")]
    NoSuchBox {
        /// Which component.
        node: String,
        /// `inbox` or `outbox`.
        side: &'static str,
        /// The name that was given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The kinds of message do not fit.
    #[error("{from} gives {gives}, but {to} takes {takes}; put a component between them that converts")]
    Kinds {
        /// The giving box.
        from: String,
        /// What it gives.
        gives: String,
        /// The taking box.
        to: String,
        /// What it takes.
        takes: String,
    },
    /// The value cannot be kept in a project file.
    #[error("{name} cannot be kept in a project file: {why}")]
    NotStorable {
        /// Which setting.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A place on the canvas is not a finite number, or absurdly far away.
    #[error("a place on the canvas must be within {0} of its middle")]
    BadPlace(u32),
    /// The clipboard, or something else pasted, holds no components.
    #[error("there are no components in the clipboard: {0}")]
    NoFragment(String),
    /// The selection does not lend itself to the operation.
    #[error("{0}")]
    Selection(String),
}
