//! Fault: why a component crashed or was refused something, in words, and as a type where the runtime knows one.
//!
//! Plain data. The words are for the person at the canvas; code that has to decide looks at [`Fault::cause`].

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// How code ended: finished, or crashed.
pub type Outcome = Result<(), Fault>;

/// Why a component crashed, or what was refused to it, in words for the person at the canvas.
///
/// What the scheduler refuses has a cause: [`LinkError`](crate::topology::LinkError) for a link that cannot be made
/// (LINK-10, LINK-22), [`NoSuchBox`](crate::topology::NoSuchBox) for a box that is not there (BOX-11). Out of another
/// process come only the words.
///
/// ```
/// use compose_runtime::component::Fault;
/// use compose_runtime::ids::{BoxAddr, ComponentId};
/// use compose_runtime::topology::LinkError;
///
/// let addr = |id| BoxAddr::inbox(ComponentId(id), "inbox");
/// let refused = Fault::caused_by(LinkError::AlreadyLinked(addr(1), addr(2)));
/// assert_eq!(refused.words(), "#1.inbox is already linked to #2.inbox");
/// assert!(matches!(refused.cause(), Some(LinkError::AlreadyLinked(..))));
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    words: Arc<str>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault in these words: lower case, no full stop, say what to do.
    pub fn new(words: impl Into<String>) -> Self {
        Self { words: words.into().into(), cause: None }
    }

    /// A fault in the words of an error, which is kept for whoever wants to know more than words.
    pub fn caused_by(error: impl Error + Send + Sync + 'static) -> Self {
        Self { words: error.to_string().into(), cause: Some(Arc::new(error)) }
    }

    /// The words.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The words, to be kept by many.
    pub(crate) fn shared_words(&self) -> Arc<str> {
        self.words.clone()
    }

    /// The error behind it, if that was kept and is of this type.
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        self.cause.as_deref().and_then(|cause| cause.downcast_ref())
    }
}

/// Faults are the same if their words are.
impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// Any error can become a fault with `?`, so `Fault` itself is no `std::error::Error`. Only its words are kept, because it
/// may not be fit to be sent to other threads; [`Fault::caused_by`] keeps it.
impl<E: Error> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}
