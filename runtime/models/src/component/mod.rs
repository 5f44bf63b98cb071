//! What the two ends of a port share, and what that file finds around it.

/// How something ended; in the runtime, with a fault.
pub mod fault {
    /// As in the runtime, with a plain text for the fault.
    pub type Outcome = Result<(), &'static str>;
}

#[allow(dead_code, unreachable_pub, reason = "the models use a part of it")]
#[path = "../../../src/component/port_state.rs"]
pub mod port_state;
