//! Create: calls the functions in a component's description. They are user-supplied code and may panic (R10).

use std::borrow::Cow;

use super::contract::Start;
use super::fault::Fault;
use super::spec::{ComponentSpec, SendsFirst};
use crate::contain::{Contained, contain};
use crate::params::{ParamError, Params};

/// Why a component could not be created.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// The component refused the settings.
    #[error(transparent)]
    Refused(#[from] ParamError),
    /// The code of the component panicked.
    #[error("the component panicked when it was created: {0}")]
    Panicked(Fault),
}

impl ComponentSpec {
    /// Makes a component from checked settings.
    ///
    /// # Errors
    /// The component refuses the settings, or its code panicked.
    pub fn create(&self, params: &Params) -> Result<Contained<Box<dyn Start>>, CreateError> {
        match contain(|| (self.build)(params)) {
            Ok(start) => Ok(Contained::new(start?)),
            Err(caught) => Err(CreateError::Panicked(Fault::of_panic(caught))),
        }
    }

    /// Whether the component may send before it has received a message. True if the settings are unknown or its
    /// function panics.
    pub fn may_send_first(&self, params: Option<&Params>) -> bool {
        match self.sends_first {
            SendsFirst::No => false,
            SendsFirst::Yes => true,
            SendsFirst::If(param) => params.is_none_or(|params| params.get(param).is_truthy()),
            SendsFirst::When(sends) => params.is_none_or(|params| contain(|| sends(params)).unwrap_or(true)),
        }
    }

    /// Names of all data inboxes for these settings, beginning with those in `inboxes`.
    ///
    /// # Errors
    /// The function that returns the other names panicked.
    pub fn inbox_names(&self, params: &Params) -> Result<Vec<Cow<'static, str>>, Fault> {
        let own = self.inboxes.iter().map(|spec| Cow::Borrowed(spec.name));
        Ok(own.chain(more(self.extra_inboxes, params)?.into_iter().map(Cow::Owned)).collect())
    }

    /// Names of all data outboxes for these settings, beginning with those in `outboxes`.
    ///
    /// # Errors
    /// The function that returns the other names panicked.
    pub fn outbox_names(&self, params: &Params) -> Result<Vec<Cow<'static, str>>, Fault> {
        let own = self.outboxes.iter().map(|spec| Cow::Borrowed(spec.name));
        Ok(own.chain(more(self.extra_outboxes, params)?.into_iter().map(Cow::Owned)).collect())
    }
}

/// The names of the boxes that depend on the settings.
fn more(extra: Option<fn(&Params) -> Vec<String>>, params: &Params) -> Result<Vec<String>, Fault> {
    extra.map_or(Ok(Vec::new()), |extra| contain(|| extra(params)).map_err(Fault::of_panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_whose_function_panics_may_send_first() {
        let spec = ComponentSpec { sends_first: SendsFirst::When(|_| panic!("no answer")), ..ComponentSpec::EMPTY };
        assert!(spec.may_send_first(Some(&Params::default())));
    }
}
