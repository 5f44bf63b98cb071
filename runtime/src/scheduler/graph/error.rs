//! GraphError: why a step on the running graph was refused. Public as [`crate::scheduler::GraphError`].

use crate::component::{CreateError, Fault};
use crate::ids::ComponentId;
use crate::params::ParamError;
use crate::registry::RegistryError;
use crate::topology::{LinkError, NoSuchBox};

/// Why a component could not be started, changed or stopped, or a linkage could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No component has this identity.
    #[error("there is no component {0}")]
    NotRunning(ComponentId),
    /// A component with this identity exists; identities are unique.
    #[error("{0} is already running")]
    AlreadyRunning(ComponentId),
    /// The type of the component is not registered, or another type has its name.
    #[error(transparent)]
    Type(#[from] RegistryError),
    /// Settings were refused: all of them, not only the first.
    #[error("{}", listed(.0))]
    Settings(Vec<ParamError>),
    /// The code panicked while it was built from its settings.
    #[error("{}", .0.text())]
    Panicked(Fault),
    /// Settings were given for a composite.
    #[error("a composite has no settings; change the settings of its members")]
    CompositeHasNoSettings,
    /// The boxes of the component do not include `control`.
    #[error("the component has no control inbox, which every component needs")]
    NoControlBox,
    /// The component does not have the inbox whose limit was to change.
    #[error(transparent)]
    Box(#[from] NoSuchBox),
    /// The linkage was refused.
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
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Self::Link(error) => Fault::caused_by(error),
            other => Fault::caused_by(other),
        }
    }
}
