//! GraphError: why a step on the running graph was refused.

use crate::component::{CreateError, Fault};
use crate::ids::ComponentId;
use crate::params::ParamError;
use crate::registry::RegistryError;
use crate::topology::LinkError;

/// Why a component could not be started, changed or stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GraphError {
    #[error("there is no component {0}")]
    NotRunning(ComponentId),
    #[error("{0} is already running")]
    AlreadyRunning(ComponentId),
    #[error(transparent)]
    Type(#[from] RegistryError),
    #[error("{}", listed(.0))]
    Settings(Vec<ParamError>),
    #[error("{}", .0.text())]
    Panicked(Fault),
    #[error("a composite has no settings; change the settings of its members")]
    CompositeHasNoSettings,
    #[error("the component has no control inbox, which every component needs")]
    NoControlBox,
    #[error(transparent)]
    Link(#[from] LinkError),
}

fn listed(errors: &[ParamError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl From<CreateError> for GraphError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Refused(error) => Self::Settings(vec![error]),
            CreateError::Panicked(fault) => Self::Panicked(fault),
        }
    }
}

impl From<Fault> for GraphError {
    fn from(fault: Fault) -> Self {
        Self::Panicked(fault)
    }
}

impl GraphError {
    /// This error as a fault. If a link was refused, the cause of the fault is the [`LinkError`].
    pub fn into_fault(self) -> Fault {
        match self {
            Self::Link(error) => Fault::caused_by(error),
            other => Fault::caused_by(other),
        }
    }
}
