//! Delivery: how a message gets from an outbox into an inbox, and how its receiver wakes up.
//!
//! This layer sits below the scheduler: it handles boxes, links and the run queue, and does not depend on components'
//! code, turns or time. Everything here is owned by one scheduler and touched only on its thread.
//!
//! In reading order: [`wake_state`] (the events that would wake a component, and its budget), [`run_queue`] (ready
//! components), [`ring`] (storage), [`inbox`] and [`waiters`] (arrival, capacity, back-pressure), [`route`], [`fan`]
//! and [`outbox`] (sending along resolved links), [`traffic`] (counting, holding and tracing deliveries), [`box_name`],
//! [`boxes`] and [`box_set`] (finding a box of a component), [`postoffice`] (which boxes are linked).

pub(crate) mod box_name;
pub(crate) mod box_set;
pub(crate) mod boxes;
mod fan;
pub(crate) mod inbox;
pub(crate) mod outbox;
pub(crate) mod postoffice;
mod ring;
pub(crate) mod route;
pub(crate) mod run_queue;
#[cfg(test)]
mod tests;
pub(crate) mod traffic;
mod waiters;
pub(crate) mod wake_state;
