//! Why a cluster could not be started.

use std::sync::Arc;

use crate::ids::ComponentId;
use crate::topology::LinkageDesc;

/// Why a cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A thread could not be started.
    #[error("a scheduler could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// A member was placed away from its composite.
    #[error("{0} is a member of a composite and belongs to the scheduler of that")]
    Split(ComponentId),
    /// A component was placed on a scheduler that does not exist, counted from 0.
    #[error("{component} is placed on scheduler {scheduler}, but there are only {count}, counted from 0")]
    NoSuchScheduler {
        /// Which component.
        component: ComponentId,
        /// Where it was placed.
        scheduler: usize,
        /// How many schedulers there are.
        count: usize,
    },
    /// A linkage through the box of a composite would lead to another scheduler.
    #[error("{0} cannot lead to another scheduler: only linkages from outbox to inbox can")]
    Passthrough(LinkageDesc),
    /// A scheduler refused a component or a linkage, in words.
    #[error("{0}")]
    Refused(Arc<str>),
    /// A scheduler ended before it began.
    #[error("a scheduler ended before it began")]
    Gone,
}
