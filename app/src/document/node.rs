//! Node: one component on the canvas, a leaf of the registry or a composite that holds other nodes.
//!
//! Plain data. Nothing here knows the graph.

use std::collections::BTreeMap;
use std::fmt;

use compose_runtime::ids::ComponentId;
use compose_runtime::params::ParamValue;
use compose_runtime::topology::{InboxLimit, RestartPolicy};

/// Identity of a node, unique in the whole project, nested nodes included; stable across edits, undo and restart. The
/// running component has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl From<NodeId> for ComponentId {
    fn from(id: NodeId) -> Self {
        Self(id.0)
    }
}

impl From<ComponentId> for NodeId {
    fn from(id: ComponentId) -> Self {
        Self(id.0)
    }
}

/// What a node is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeBody {
    /// A type of the registry, known or not, with the settings that were given.
    Leaf {
        /// Name in the registry.
        type_name: String,
        /// The settings that were given, as written: `"${port}"` stands here unresolved.
        params: BTreeMap<String, ParamValue>,
    },
    /// A nested graph; its members name it as their scope.
    Composite {
        /// Its inboxes beyond `inbox` and `control`.
        inboxes: Vec<String>,
        /// Its outboxes beyond `outbox` and `signal`.
        outboxes: Vec<String>,
        /// It does not run itself: chassis make instances of it while the system runs.
        is_template: bool,
    },
}

/// One component on the canvas.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Identity.
    pub id: NodeId,
    /// Name, unique in its scope.
    pub name: String,
    /// The composite it is inside; `None` at the top.
    pub scope: Option<NodeId>,
    /// What it is made of.
    pub body: NodeBody,
    /// Where its top left corner is, in the canvas of its scope.
    pub pos_in_canvas: [f32; 2],
    /// What happens after a crash.
    pub restart: RestartPolicy,
    /// Inboxes with limits of their own.
    pub limits: BTreeMap<String, InboxLimit>,
    /// Keys of the project file that this version does not know; kept for saving. Unknown keys of a composite's graph
    /// are under `graph`.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Node {
    /// A leaf at the top, with no settings.
    pub fn leaf(id: NodeId, name: impl Into<String>, type_name: impl Into<String>) -> Self {
        Self::with_body(id, name, NodeBody::Leaf { type_name: type_name.into(), params: BTreeMap::new() })
    }

    /// A composite at the top, with nothing in it.
    pub fn composite(id: NodeId, name: impl Into<String>) -> Self {
        Self::with_body(id, name, NodeBody::Composite { inboxes: Vec::new(), outboxes: Vec::new(), is_template: false })
    }

    fn with_body(id: NodeId, name: impl Into<String>, body: NodeBody) -> Self {
        Self {
            id,
            name: name.into(),
            scope: None,
            body,
            pos_in_canvas: [0.0, 0.0],
            restart: RestartPolicy::Never,
            limits: BTreeMap::new(),
            extra: serde_json::Map::new(),
        }
    }

    /// The same node in this scope.
    #[must_use]
    pub fn inside(mut self, scope: Option<NodeId>) -> Self {
        self.scope = scope;
        self
    }

    /// The same node at this place.
    #[must_use]
    pub fn at(mut self, pos_in_canvas: [f32; 2]) -> Self {
        self.pos_in_canvas = pos_in_canvas;
        self
    }

    /// The same node with one more setting; composites have none.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<ParamValue>) -> Self {
        if let NodeBody::Leaf { params, .. } = &mut self.body {
            params.insert(name.into(), value.into());
        }
        self
    }

    /// Its type in the registry; `Composite` for a nested graph.
    pub fn type_name(&self) -> &str {
        match &self.body {
            NodeBody::Leaf { type_name, .. } => type_name,
            NodeBody::Composite { .. } => COMPOSITE,
        }
    }

    /// Whether it holds other nodes.
    pub fn is_composite(&self) -> bool {
        matches!(self.body, NodeBody::Composite { .. })
    }

    /// Whether it is a graph of which chassis make instances, and does not run itself.
    pub fn is_template(&self) -> bool {
        matches!(self.body, NodeBody::Composite { is_template: true, .. })
    }

    /// The settings that were given; none for a composite.
    pub fn params(&self) -> &BTreeMap<String, ParamValue> {
        static NONE: BTreeMap<String, ParamValue> = BTreeMap::new();
        match &self.body {
            NodeBody::Leaf { params, .. } => params,
            NodeBody::Composite { .. } => &NONE,
        }
    }
}

/// What the project file and the panels call a nested graph.
pub const COMPOSITE: &str = "Composite";
