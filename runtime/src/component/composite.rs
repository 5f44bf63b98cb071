//! Composite: the code of a nested graph that acts as one component (GRAPH-8 to GRAPH-12).
//!
//! Data does not pass through this code, because the boxes of a composite are linked through to its members. The code only
//! handles shutdown: it passes control messages on to the members and ends when all of them have ended.

use std::future::poll_fn;
use std::task::Poll;

use super::{BoxIo, Component, Outcome};
use crate::delivery::wake_state::WAIT_OTHER;
use crate::params::{ParamError, Params};
use crate::scheduler::component_core::WaitNote;
use crate::scheduler::request::Ask;

/// The code of a composite.
pub(crate) struct Composite;

impl Component for Composite {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let core = io.core.clone();
        poll_fn(move |_| {
            // If the control inbox is linked onward, it stores nothing, so this loop does nothing (GRAPH-10).
            while let Some(message) = core.boxes.control.take(&core.context.run_queue) {
                core.context.requests.push(&core.boxes.wake_state, Ask::ControlMembers(message));
            }
            if core.members_live.get() == 0 {
                return Poll::Ready(Ok(()));
            }
            core.boxes.wake_state.wait_for(WAIT_OTHER);
            *core.waits_for.borrow_mut() = WaitNote::Members;
            Poll::Pending
        })
        .await
    }
}
