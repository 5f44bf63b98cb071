//! What the two ends of a port share, and what it finds round it.

/// How something ended; the runtime has a fault with words in it.
pub type Outcome = Result<(), &'static str>;

#[allow(dead_code, unreachable_pub, reason = "the models use a part of it")]
#[path = "../../../src/component/port_state.rs"]
pub mod port_state;
