//! The engine of Kamaelia Compose.

pub mod builder;
pub mod command;
pub mod component;
pub mod dev;
pub mod handle;
pub mod ids;
pub mod introspect;
mod mailbox;
pub mod message;
pub mod params;
mod postoffice;
pub mod registry;
mod room;
pub mod scheduler;
pub mod store;
pub mod surface;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod topology;
pub mod tracker;
