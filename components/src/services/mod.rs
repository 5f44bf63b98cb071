//! Services: inboxes that components find by name instead of being linked on the canvas.
//!
//! The runtime's tracker keeps the names, together with those of back-planes and splitters. It removes a name when the
//! component that registered it ends.

mod register_service;
mod subscribe;
#[cfg(test)]
mod tests;
mod to_service;

use compose_runtime::dev::*;

pub use register_service::REGISTER_SERVICE;
pub use subscribe::SUBSCRIBE;
pub use to_service::TO_SERVICE;

/// The name of a service from the settings, trimmed; it must not be empty.
fn service_name(name: &str) -> Result<String, ParamError> {
    match name.trim() {
        "" => Err(ParamError::Other("service is empty; name the service, for example DISPLAY".to_owned())),
        name => Ok(name.to_owned()),
    }
}

/// Waits for the service of this name; `None` if the component must end before the service exists.
async fn find_service(io: &BoxIo, name: &str) -> Option<Service> {
    let found = io.service(name).await;
    if found.is_some() || io.is_shutting_down() {
        return found;
    }
    // This component was asked to finish before its first turn. The service may start later in this pass.
    io.yield_now().await;
    io.service(name).await
}
