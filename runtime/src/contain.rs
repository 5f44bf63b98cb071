//! Contain: runs user-supplied component code, so that its panics end only the component (R10).
//!
//! All of that code runs inside [`contain`] or is dropped inside a [`Contained`]: the functions of a description,
//! `new`, `main`, the outside tasks, the destructors of the component and its values, the payload of a panic, and the
//! cause of a fault. This is the only file that catches panics (a test checks that).
//!
//! Rust cannot contain three failures, which end the process: a panic in a destructor while another panic unwinds, a
//! stack overflow in user-supplied recursive code, and running out of memory.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The payload of a panic that was caught. Dropping it cannot panic.
pub struct Caught(Option<Box<dyn Any + Send>>);

impl Caught {
    /// Takes over a payload, for example that of a thread.
    pub fn new(payload: Box<dyn Any + Send>) -> Self {
        Self(Some(payload))
    }

    /// The text of the panic.
    pub fn text(&self) -> &str {
        let payload = self.0.as_deref();
        let literal = payload.and_then(|payload| payload.downcast_ref::<&str>()).copied();
        let text = literal.or_else(|| payload.and_then(|payload| payload.downcast_ref::<String>()).map(String::as_str));
        text.unwrap_or("the component panicked without a message")
    }

    /// The payload, if it is of this type.
    ///
    /// # Errors
    /// It is of another type; returns the panic unchanged.
    pub fn downcast<T: Any>(mut self) -> Result<T, Self> {
        match self.0.take().map(|payload| payload.downcast()) {
            Some(Ok(payload)) => Ok(*payload),
            Some(Err(payload)) => Err(Self(Some(payload))),
            None => Err(Self(None)),
        }
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        let payload = self.0.take();
        if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            // Dropping the second payload may panic too, and so on endlessly, so it is leaked.
            std::mem::forget(second);
        }
    }
}

/// Runs user-supplied component code.
///
/// # Errors
/// The code panicked.
pub fn contain<T>(code: impl FnOnce() -> T) -> Result<T, Caught> {
    // After a panic, the caller drops any state that the code could have left inconsistent, or keeps only complete
    // state.
    catch_unwind(AssertUnwindSafe(code)).map_err(Caught::new)
}

/// A user-supplied value, or nothing. Dropping it cannot panic.
pub struct Contained<T>(Option<T>);

impl<T> Contained<T> {
    /// Holds a value.
    pub const fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Holds nothing.
    pub const fn empty() -> Self {
        Self(None)
    }

    /// Whether there is a value.
    pub const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// The value.
    pub const fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }

    /// The value.
    #[inline]
    pub const fn get_mut(&mut self) -> Option<&mut T> {
        self.0.as_mut()
    }

    /// Takes the value out.
    pub const fn take(&mut self) -> Option<T> {
        self.0.take()
    }

    /// Drops the value, if there is one.
    ///
    /// # Errors
    /// The destructor panicked.
    pub fn clear(&mut self) -> Result<(), Caught> {
        match self.take() {
            Some(value) => contain(|| drop(value)),
            None => Ok(()),
        }
    }
}

impl<T> Drop for Contained<T> {
    fn drop(&mut self) {
        // The owner of the value no longer exists, so no component can be notified.
        drop(self.clear());
    }
}

/// A user-supplied future. Its output is an error if the future panics.
pub(crate) struct ContainedFuture<F> {
    future: Contained<Pin<Box<F>>>,
}

impl<F: Future> ContainedFuture<F> {
    pub fn new(future: F) -> Self {
        Self { future: Contained::new(Box::pin(future)) }
    }
}

impl<F: Future> Future for ContainedFuture<F> {
    type Output = Result<F::Output, Caught>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = self.future.get_mut() else { return Poll::Pending };
        let output = match contain(|| future.as_mut().poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(caught) => Err(caught),
        };
        Poll::Ready(self.future.clear().and(output))
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{panic_any, resume_unwind};

    use futures_lite::future::{block_on, poll_once};

    use super::*;

    /// Panics when it is dropped, with a payload of the same kind, this many times.
    struct Bomb(u32);

    impl Drop for Bomb {
        fn drop(&mut self) {
            if let Some(left) = self.0.checked_sub(1) {
                resume_unwind(Box::new(Bomb(left)));
            }
        }
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_is_contained() {
        for count in 0..5 {
            let caught = contain(|| panic_any(Bomb(count)));
            assert!(caught.is_err_and(|caught| caught.text() == "the component panicked without a message"));
        }
        let endless = contain(|| panic_any(Bomb(u32::MAX)));
        assert!(endless.is_err());
    }

    #[test]
    fn a_value_that_panics_when_it_is_dropped_is_contained_even_while_a_panic_unwinds() {
        drop(Contained::new(Bomb(1)));
        assert!(Contained::new(Bomb(1)).clear().is_err());
        let caught = contain(|| {
            let _value = Contained::new(Bomb(3));
            resume_unwind(Box::new("first"));
        });
        assert!(caught.is_err_and(|caught| caught.text() == "first"));
    }

    #[test]
    fn the_payload_is_returned_if_it_has_the_type() {
        let caught = contain(|| resume_unwind(Box::new(7_u32)));
        let other = caught.map(|(): ()| ()).map_err(Caught::downcast::<u64>);
        let found = other.map_err(|caught| caught.map_err(Caught::downcast::<u32>));
        assert!(matches!(found, Err(Err(Ok(7)))));
    }

    #[test]
    fn a_future_that_panics_when_it_is_polled_or_dropped_is_contained() {
        assert!(block_on(ContainedFuture::new(async { 1 })).is_ok_and(|one| one == 1));
        let caught = block_on(ContainedFuture::new(async { resume_unwind(Box::new("polled")) }));
        assert!(caught.is_err_and(|caught| caught.text() == "polled"));
        let bomb = Bomb(1);
        let mut future = ContainedFuture::new(async move {
            let _bomb = &bomb;
            std::future::pending::<i32>().await
        });
        assert!(block_on(poll_once(&mut future)).is_none());
        drop(future);
    }
}
