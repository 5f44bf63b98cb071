//! Chassis: components that contain and link other components, and create new ones from templates while they run.
//!
//! A template is a composite of the project that does not run itself. An instance of it is a child of its chassis and
//! appears in the list of components as `<chassis>/<number>`. [`Graph`] builds pipelines and graphlines in Rust.

mod carousel;
mod chains;
mod connected_socket;
pub mod graph;
mod orders;
mod par;
mod plug;
mod plug_splitter;
mod process_pipeline;
#[cfg(test)]
mod rig;
mod seq;
mod simple_server;
mod sinks;

use std::collections::BTreeMap;

use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::params::ParamValue;
use compose_runtime::template::Instance;
use futures_lite::future;

use self::orders::{Order, Orders, next_end, stop_in_order};

pub use carousel::CAROUSEL;
pub use graph::{Graph, GraphError, Part};
pub use par::PAR;
pub use plug::PLUG;
pub use plug_splitter::PLUG_SPLITTER;
pub use process_pipeline::PROCESS_PIPELINE;
pub use seq::SEQ;
pub use simple_server::SIMPLE_SERVER;

/// Fails if the project has no such template. A chassis calls this at the start, so that the error appears before the
/// first instance is needed.
fn check_template(io: &BoxIo, name: &str, values: &[&str]) -> Outcome {
    let values = values.iter().map(|name| ((*name).to_owned(), Message::Nothing)).collect();
    let Some(template) = io.template(name) else {
        return Err(Fault::new(format!(
            "the project has no template {name:?}; turn the composite with this name into a template, or choose \
             another template"
        )));
    };
    // Settings can only be checked with their values, but the names of the values can be checked now.
    match template.instance("1", &values) {
        Ok(_) => Ok(()),
        Err(missing) => Err(Fault::new(format!(
            "the template {name} uses ${{{}}}, which has no value here; correct the setting, or add a parameter with \
             this name to the project",
            missing.name
        ))),
    }
}

/// Adds the names of template and component to a fault about an instance that could not be started, if the fault is
/// about the settings of that component: they may contain a value that is only known at this point.
fn blame(io: &BoxIo, template: &str, values: &BTreeMap<String, ParamValue>, fault: Fault) -> Fault {
    let Ok(instance) = io.new_instance(template, values) else { return fault };
    let is_refused = |type_name: &str, params: &BTreeMap<String, ParamValue>| {
        let Some(spec) = crate::library::find(type_name) else { return false };
        let why = match Params::check(spec.params, params.iter().map(|(name, value)| (name.as_str(), value))) {
            Ok(params) => spec.create(&params).err().map(|error| error.to_string()),
            Err(errors) => Some(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        };
        why.as_deref() == Some(fault.text())
    };
    let refused = instance.leaves().find(|(_, type_name, params)| is_refused(type_name, params));
    match refused {
        Some((name, ..)) => Fault::new(format!("component {name} of the template {template}: {fault}")),
        None => fault,
    }
}

/// The values for an instance: the item as `item` and, if it is a map, each of its entries under its own name.
fn values_of(item: &Message) -> BTreeMap<String, ParamValue> {
    let mut values = BTreeMap::from([("item".to_owned(), item.clone())]);
    if let Message::Map(map) = item {
        values.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    values
}

/// Removes an instance that has ended. Reports crashes inside it on the console, because the instance can no longer be
/// inspected, and returns the text of the first one. Unless `contains` is set, a crash makes the run fail at its end.
async fn retire(io: &BoxIo, instance: &Instance, contains: bool) -> Option<String> {
    let faults = io.faults_in(instance.id).await;
    let errors: Vec<String> = faults.iter().map(|(name, fault)| format!("{name} crashed: {fault}")).collect();
    for error in &errors {
        io.note(error);
    }
    remove(io, instance.id, contains).await;
    errors.into_iter().next()
}

/// Removes a child that has ended.
async fn remove(io: &BoxIo, child: ComponentId, contains: bool) {
    // It is a child of this component, so the removal cannot fail.
    let _ = if contains { io.discard_child(child).await } else { io.remove_child(child).await };
}

/// Passes control messages on to the instance until it has ended.
async fn serve(io: &BoxIo, orders: &Orders, child: &Instance) {
    loop {
        let control = async { Some(orders.next(io).await) };
        let ended = async {
            let _end = next_end(io).await;
            None
        };
        match future::or(control, ended).await {
            Some(Order::Stop) => return stop_in_order(io, child).await,
            Some(Order::Finish) => io.send_control(child.id, Message::ProducerFinished).await,
            None => return,
        }
    }
}
