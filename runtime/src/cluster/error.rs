//! ClusterError: why a cluster could not be started.

use crate::ids::ComponentId;
use crate::scheduler::GraphError;
use crate::topology::LinkageDesc;

/// Why a cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A thread could not be started.
    #[error("the thread of a scheduler could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// A member was placed on another scheduler than its composite.
    #[error("{0} is a member of a composite and must be placed on the same scheduler as the composite")]
    Split(ComponentId),
    /// A component was placed on a scheduler that does not exist, counted from 0.
    #[error(
        "{component} is placed on scheduler {scheduler}, but the schedulers are numbered from 0 and there are {count}"
    )]
    NoSuchScheduler {
        /// The component.
        component: ComponentId,
        /// The number of the scheduler on which it was placed.
        scheduler: usize,
        /// How many schedulers there are.
        count: usize,
    },
    /// A passthrough link, between two inboxes or two outboxes, leads to another scheduler.
    #[error("{0} cannot lead to another scheduler, because only links from an outbox to an inbox can")]
    Passthrough(LinkageDesc),
    /// A scheduler refused a component or a linkage.
    #[error("{0}")]
    Refused(#[source] GraphError),
    /// The thread of a scheduler ended before the cluster was set up.
    #[error("the thread of a scheduler ended before the cluster was set up")]
    Gone,
}
