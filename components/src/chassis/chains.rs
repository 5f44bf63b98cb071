//! Chains of library components: pipelines and rings.

use compose_runtime::component::ComponentSpec;

use super::graph::{Graph, GraphError, Part};
use crate::BUILTINS;

fn builtin(type_name: &str) -> Option<&'static ComponentSpec> {
    BUILTINS.iter().copied().find(|spec| spec.type_name == type_name)
}

impl Graph {
    /// A chain in which each member's `outbox` is linked to the `inbox` of the next member, and its `signal` to the
    /// next `control` (PIPE-1). Without members, it returns an error (PIPE-6).
    pub fn pipeline(parts: Vec<Part>) -> Result<Self, GraphError> {
        Self::chain(parts, false, builtin)
    }

    /// Like [`Self::pipeline`], but the last `outbox` is linked back to the first `inbox` instead of to the graph's own
    /// `outbox` (PIPE-7).
    pub fn circular(parts: Vec<Part>) -> Result<Self, GraphError> {
        Self::chain(parts, true, builtin)
    }
}
