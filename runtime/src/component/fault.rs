//! Fault: why a component crashed, or why a request of a component was refused.
//!
//! Plain data. The text is for the user; code that must react to a fault uses [`Fault::cause`].

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::contain::{Caught, Contained, contain};
use crate::escape::escaped;

/// How a component ended: it finished, or it crashed.
pub type Outcome = Result<(), Fault>;

/// Why a component crashed, or why the scheduler refused a request of a component, as a text for the user.
///
/// Some faults have a cause: a [`LinkError`](crate::topology::LinkError) for a link that cannot be made (LINK-10, LINK-22), a
/// [`NoSuchBox`](crate::topology::NoSuchBox) for a box that does not exist (BOX-11). A fault in another process has only a
/// text.
///
/// ```
/// use compose_runtime::component::Fault;
/// use compose_runtime::ids::{BoxAddr, ComponentId};
/// use compose_runtime::topology::LinkError;
///
/// let addr = |id| BoxAddr::inbox(ComponentId(id), "inbox");
/// let refused = Fault::caused_by(LinkError::AlreadyLinked(addr(1), addr(2)));
/// assert_eq!(refused.text(), "#1.inbox is already linked to #2.inbox");
/// assert!(matches!(refused.cause(), Some(LinkError::AlreadyLinked(..))));
/// ```
#[derive(Clone)]
pub struct Fault {
    text: Arc<str>,
    /// A user-supplied error; its `Drop` may panic.
    cause: Option<Arc<Contained<Box<dyn Error + Send + Sync>>>>,
}

impl Fault {
    /// A fault with this text. It states what happened and what to do, in lower case, without a full stop. Control
    /// characters are escaped, because the text may quote messages and file names.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: escaped(&text.into()).into(), cause: None }
    }

    /// A fault with the text of an error, which is kept as the cause.
    pub fn caused_by(error: impl Error + Send + Sync + 'static) -> Self {
        let error: Box<dyn Error + Send + Sync> = Box::new(error);
        let error = Contained::new(error);
        let text = error.get().map(|error| text_of(&**error)).unwrap_or_default();
        Self { text: escaped(&text).into(), cause: Some(Arc::new(error)) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub(crate) fn shared_text(&self) -> Arc<str> {
        self.text.clone()
    }

    /// The cause, if there is one and it is of this type.
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        self.cause.as_deref().and_then(Contained::get).and_then(|cause| cause.downcast_ref())
    }

    /// The fault for a panic: the payload if it is a fault, otherwise one with the text of the panic.
    pub(crate) fn of_panic(caught: Caught) -> Self {
        caught.downcast().unwrap_or_else(|caught| Self::new(caught.text()))
    }
}

/// The text of a user-supplied error, whose `Display` may panic.
fn text_of(error: &dyn Error) -> String {
    let text = contain(|| error.to_string());
    text.unwrap_or_else(|caught| {
        format!("the text of an error cannot be shown, because it panicked: {}", caught.text())
    })
}

/// Shows the text only. The cause is a user-supplied error, whose `Debug` may panic.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault").field("text", &self.text).finish_non_exhaustive()
    }
}

/// Faults are equal if their text is equal.
impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Any error can become a fault with `?`; `Fault` itself therefore does not implement `std::error::Error`. Only the text is
/// kept, because the error may not be `Send`; [`Fault::caused_by`] keeps the error as well.
impl<E: Error> From<E> for Fault {
    fn from(error: E) -> Self {
        let error = Contained::new(error);
        Self::new(error.get().map(|error| text_of(error)).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_in_the_text_are_escaped() {
        let fault = Fault::new("no such file: \u{1b}[2J\u{7}");
        assert_eq!(fault.text(), "no such file: \\u{1b}[2J\\u{7}");
        assert_eq!(Fault::from(std::io::Error::other("\r\u{9b}")).text(), "\\r\\u{9b}");
        assert_eq!(Fault::new("two\nlines").text(), "two\nlines");
    }
}
