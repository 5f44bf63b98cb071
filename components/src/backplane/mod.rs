//! The back-plane: a named bus that components publish to and subscribe to.
//!
//! The bus is two services of the tracker, one for its inbox and one for its outbox; the linkages to it are made by
//! PublishTo and SubscribeTo themselves, through boxes that are never drawn.

mod bus;
mod publish_to;
mod subscribe_to;
#[cfg(test)]
mod system;

use compose_runtime::dev::ParamError;

pub use bus::BACKPLANE;
pub use publish_to::PUBLISH_TO;
pub use subscribe_to::SUBSCRIBE_TO;

/// Name of the service behind which the inbox of a bus stands.
fn inbox_service(bus: &str) -> String {
    format!("Backplane_I_{bus}")
}

/// Name of the service behind which the outbox of a bus stands.
fn outbox_service(bus: &str) -> String {
    format!("Backplane_O_{bus}")
}

/// The name of a bus as it is set: white space around it does not count, and it may not be empty.
fn bus_name(param: &str, name: &str) -> Result<String, ParamError> {
    match name.trim() {
        "" => Err(ParamError::Other(format!("{param}: give the bus a name, for example VIDEO"))),
        name => Ok(name.to_owned()),
    }
}
