//! The memory of an idle component, for use with a memory profiler; `make bench` reports the figure.
//!
//! ```text
//! cargo bench -p compose_runtime --bench idle -- 1000000
//! ```
#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::prelude::*;
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc};

struct Pass;

impl Component for Pass {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

static PASS: ComponentSpec = ComponentSpec {
    type_name: "BenchPass",
    summary: "Passes everything on",
    inboxes: &[BoxSpec::new("inbox", "Anything")],
    outboxes: &[BoxSpec::new("outbox", "The same")],
    build: build::<Pass>,
    ..ComponentSpec::EMPTY
};

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok()).unwrap_or(f64::NAN) * 4096.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().find_map(|arg| arg.parse::<u64>().ok()).unwrap_or(1_000_000);
    let mut registry = Registry::default();
    registry.register(&PASS)?;
    let type_name: Arc<str> = PASS.type_name.into();
    let component = |id: u64| {
        let body = ComponentBody::Leaf { type_name: type_name.clone(), params: BTreeMap::new() };
        let name = format!("idler {id}").into();
        let desc = ComponentDesc { name, body, parent: None, restart: RestartPolicy::Never, limits: BTreeMap::new() };
        Step::Start { id: ComponentId(id), desc }
    };
    let before = resident_bytes();
    let steps = (0..count).map(component).collect();
    let mut scheduler = Scheduler::new(SchedulerConfig::new(registry));
    drop(scheduler.reconfigure(1, steps));
    scheduler.run(RunLimit { passes: Some(1), ..RunLimit::default() });
    println!("{:.0} bytes per component", (resident_bytes() - before) / count as f64);
    Ok(())
}
