//! Fate and ChildRecord: the records that a component and its scheduler keep about the component's children.

use crate::component::Outcome;
use crate::ids::ComponentId;

/// What happens to children when the component that started them ends (CMP-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fate {
    /// The children continue to run, as in the original.
    #[default]
    LivesOn,
    /// The children are stopped when their owner ends, and removed together with it.
    EndsWithOwner,
}

/// One child in its owner's list.
#[derive(Debug, Clone)]
pub(crate) struct ChildRecord {
    pub id: ComponentId,
    /// How it ended; `None` while it runs.
    pub end: Option<Outcome>,
    /// `child_ended` has reported the end.
    pub is_reported: bool,
}
