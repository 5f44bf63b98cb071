//! The state that both ends of a port share, and the items that its file imports.

/// The outcome type.
pub mod fault {
    /// Why a far end failed. The runtime has a fault with a cause here.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Fault(pub &'static str);

    /// As in the runtime.
    pub type Outcome = Result<(), Fault>;
}

#[allow(dead_code, unreachable_pub, reason = "the models use only a part of it")]
#[path = "../../../src/component/port_state.rs"]
pub mod port_state;
