//! Names that reading and writing share.

use compose_runtime::component::FullPolicy;
use compose_runtime::topology::RestartPolicy;

/// The format that this version writes.
pub const FORMAT: &str = "kamaelia-compose/1";

/// Restart policies by name.
pub const RESTARTS: [(&str, RestartPolicy); 2] =
    [("never", RestartPolicy::Never), ("on failure", RestartPolicy::OnFailure)];

/// What a full inbox does, by name.
pub const POLICIES: [(&str, FullPolicy); 4] = [
    ("block", FullPolicy::Block),
    ("drop oldest", FullPolicy::DropOldest),
    ("drop newest", FullPolicy::DropNewest),
    ("fail", FullPolicy::Fail),
];

/// The key of a composite's `extra` under which unknown keys of its graph are kept.
pub const GRAPH: &str = "graph";
/// The key that marks a composite as a template.
pub const TEMPLATE: &str = "template";
