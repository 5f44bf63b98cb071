//! The engine of Kamaelia Compose.

pub mod builder;
pub mod command;
pub mod component;
pub mod dev;
pub mod handle;
pub mod ids;
pub mod introspect;
pub mod message;
pub mod params;
pub mod registry;
pub mod surface;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod topology;
