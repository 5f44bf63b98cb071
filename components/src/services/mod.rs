//! Services: inboxes that are found by name instead of being linked on the canvas.
//!
//! The names stand in the tracker of the runtime, together with those of back-planes and splitters, and are taken off the
//! books when whoever registered them ends.

mod register_service;
mod subscribe;
#[cfg(test)]
mod system;
mod to_service;

use compose_runtime::dev::*;

pub use register_service::REGISTER_SERVICE;
pub use subscribe::SUBSCRIBE;
pub use to_service::TO_SERVICE;

/// The name of a service as it is set: white space around it does not count, and it may not be empty.
fn service_name(name: &str) -> Result<String, ParamError> {
    match name.trim() {
        "" => Err(ParamError::Other("service: name the service, for example DISPLAY".to_owned())),
        name => Ok(name.to_owned()),
    }
}

/// The service of this name, waiting for it; `None` if told to end meanwhile and it is not there.
async fn find_service(io: &BoxIo, name: &str) -> Option<Service> {
    let found = io.service(name).await;
    if found.is_some() || io.is_shutting_down() {
        return found;
    }
    // Told to finish before its first turn: the service may have its own first turn later in this pass.
    io.yield_now().await;
    io.service(name).await
}
