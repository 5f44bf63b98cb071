//! Chassis: components that hold and wire other components, and make new ones of templates while they run.
//!
//! A template is a composite of the project that does not run itself; an instance of it is a child of its chassis, seen
//! in the list of components as `<chassis>/<number>`. [`Graph`] builds pipelines and graphlines in Rust.

mod carousel;
mod connected_socket;
mod door;
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

/// A crash in words if the project has no such template; said at the start, not when the first instance is wanted.
fn check_template(io: &BoxIo, name: &str, values: &[&str]) -> Outcome {
    let values = values.iter().map(|name| ((*name).to_owned(), Message::Nothing)).collect();
    let Some(template) = io.template(name) else {
        return Err(Fault::new(format!(
            "the project has no template {name:?}; make a composite of this name a template, or choose another"
        )));
    };
    // Settings can be judged only with their values; names can be judged now.
    match template.instance("1", &values) {
        Ok(_) => Ok(()),
        Err(missing) => Err(Fault::new(format!(
            "the template {name} uses ${{{}}}, which nobody gives it; correct the setting, or add a parameter of this \
             name to the project",
            missing.name
        ))),
    }
}

/// The value `item` for an instance, and, if it is a map, each of its entries by its name.
fn values_of(item: &Message) -> BTreeMap<String, ParamValue> {
    let mut values = BTreeMap::from([("item".to_owned(), item.clone())]);
    if let Message::Map(map) = item {
        values.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    values
}

/// Takes an instance out that has ended. Crashes inside it are said on the console, because nobody can look at it any
/// more; gives the words of the first. They make the run fail at its end, unless the chassis `contains` them.
async fn retire(io: &BoxIo, instance: &Instance, contains: bool) -> Option<String> {
    let faults = io.faults_in(instance.id).await;
    let words: Vec<String> = faults.iter().map(|(name, fault)| format!("{name} crashed: {fault}")).collect();
    for words in &words {
        io.note(words);
    }
    take_out(io, instance.id, contains).await;
    words.into_iter().next()
}

/// Takes a child out that has ended.
async fn take_out(io: &BoxIo, child: ComponentId, contains: bool) {
    // It is a child of this component, so that nothing can be refused.
    let _ = if contains { io.discard_child(child).await } else { io.remove_child(child).await };
}

/// Passes orders on until the instance has ended.
async fn serve(io: &BoxIo, orders: &Orders, child: &Instance) {
    loop {
        let told = async { Some(orders.next(io).await) };
        let ended = async {
            let _end = next_end(io).await;
            None
        };
        match future::or(told, ended).await {
            Some(Order::Stop) => return stop_in_order(io, child).await,
            Some(Order::Finish) => io.tell(child.id, Message::ProducerFinished).await,
            None => return,
        }
    }
}
