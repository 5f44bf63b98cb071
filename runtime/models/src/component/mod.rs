//! The state that both ends of a port share, and the items that its file imports.

/// The outcome type.
pub mod fault {
    /// As in the runtime, with a plain text instead of a fault.
    pub type Outcome = Result<(), &'static str>;
}

#[allow(dead_code, unreachable_pub, reason = "the models use only a part of it")]
#[path = "../../../src/component/port_state.rs"]
pub mod port_state;
