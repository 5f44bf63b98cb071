//! The backplane: a named bus that components publish to and subscribe to.
//!
//! The bus registers two services with the tracker, one for its inbox and one for its outbox. PublishTo and SubscribeTo
//! link themselves to these services through boxes that the canvas does not show.

mod bus;
mod publish_to;
mod subscribe_to;
#[cfg(test)]
mod tests;

use compose_runtime::dev::ParamError;

pub use bus::BACKPLANE;
pub use publish_to::PUBLISH_TO;
pub use subscribe_to::SUBSCRIBE_TO;

/// Name of the service that leads to the inbox of a bus.
fn inbox_service(bus: &str) -> String {
    format!("Backplane_I_{bus}")
}

/// Name of the service that leads to the outbox of a bus.
fn outbox_service(bus: &str) -> String {
    format!("Backplane_O_{bus}")
}

/// The name of a bus, without surrounding white space. It must not be empty.
fn bus_name(param: &str, name: &str) -> Result<String, ParamError> {
    match name.trim() {
        "" => Err(ParamError::Other(format!("{param}: give the bus a name, for example VIDEO"))),
        name => Ok(name.to_owned()),
    }
}
