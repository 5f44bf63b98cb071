//! Node: one component on the canvas. It is a leaf with a type from the registry, or a composite that contains other nodes.
//!
//! Plain data, independent of the graph.

use std::collections::BTreeMap;
use std::fmt;

use compose_runtime::ids::ComponentId;
use compose_runtime::params::ParamValue;
use compose_runtime::topology::{InboxLimit, RestartPolicy};
use serde::{Deserialize, Serialize};

use super::stored;

/// Identity of a node: unique in the whole project, including nested graphs, and stable across edits, undo and restart.
/// The running component has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// The body of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NodeBody {
    /// A component of a registry type, known or unknown, with its settings.
    Leaf {
        /// Name in the registry.
        type_name: String,
        /// The given settings, as written: references such as `"${port}"` are not resolved.
        #[serde(with = "stored")]
        params: BTreeMap<String, ParamValue>,
    },
    /// A nested graph. Its members have this node as their scope.
    Composite {
        /// Its inboxes beyond `inbox` and `control`.
        inboxes: Vec<String>,
        /// Its outboxes beyond `outbox` and `signal`.
        outboxes: Vec<String>,
        /// Whether it is a template: it does not run, and chassis create instances of it.
        is_template: bool,
    },
}

/// One component on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Identity.
    pub id: NodeId,
    /// Name, unique in the scope.
    pub name: String,
    /// The composite that contains it; `None` at the top level.
    pub scope: Option<NodeId>,
    /// Leaf or composite.
    pub body: NodeBody,
    /// Position of its top left corner, in the canvas of its scope.
    pub pos_in_canvas: [f32; 2],
    /// What happens after a crash.
    #[serde(with = "stored")]
    pub restart: RestartPolicy,
    /// Limits of inboxes that differ from their description.
    #[serde(with = "stored")]
    pub limits: BTreeMap<String, InboxLimit>,
    /// Unknown keys of the project file, kept for saving. Unknown keys of a composite's graph are under `graph`.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Node {
    /// A leaf without settings at the top level.
    pub fn leaf(id: NodeId, name: impl Into<String>, type_name: impl Into<String>) -> Self {
        Self::with_body(id, name, NodeBody::Leaf { type_name: type_name.into(), params: BTreeMap::new() })
    }

    /// An empty composite at the top level.
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

    /// The same node at this position.
    #[must_use]
    pub fn at(mut self, pos_in_canvas: [f32; 2]) -> Self {
        self.pos_in_canvas = pos_in_canvas;
        self
    }

    /// The same node with one more setting. Has no effect on a composite.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<ParamValue>) -> Self {
        if let NodeBody::Leaf { params, .. } = &mut self.body {
            params.insert(name.into(), value.into());
        }
        self
    }

    /// Its type in the registry; `Composite` for a composite.
    pub fn type_name(&self) -> &str {
        match &self.body {
            NodeBody::Leaf { type_name, .. } => type_name,
            NodeBody::Composite { .. } => COMPOSITE,
        }
    }

    /// Whether it is a composite.
    pub fn is_composite(&self) -> bool {
        matches!(self.body, NodeBody::Composite { .. })
    }

    /// Whether it is a template: it does not run, and chassis create instances of it.
    pub fn is_template(&self) -> bool {
        matches!(self.body, NodeBody::Composite { is_template: true, .. })
    }

    /// The given settings; empty for a composite.
    pub fn params(&self) -> &BTreeMap<String, ParamValue> {
        static NONE: BTreeMap<String, ParamValue> = BTreeMap::new();
        match &self.body {
            NodeBody::Leaf { params, .. } => params,
            NodeBody::Composite { .. } => &NONE,
        }
    }
}

/// The type name of a composite in project files and panels.
pub const COMPOSITE: &str = "Composite";
