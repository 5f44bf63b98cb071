//! The chain that the compared systems build: its length and its queues.

/// Number of components in the chain.
pub const STAGES: usize = 6;

/// Deliveries per message.
pub const HOPS: f64 = (STAGES - 1) as f64;

/// Capacity of every bounded mailbox.
pub const CAPACITY: usize = 100;
