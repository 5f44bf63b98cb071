//! Section 14: the background runtime.

use std::collections::BTreeMap;

use compose_runtime::builder::RuntimeBuilder;
use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::ComponentId;
use compose_runtime::registry::Registry;

use crate::world::*;

/// Crashes at the first message.
struct Bomb;

impl Component for Bomb {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.recv("inbox").await;
        Err(Fault::new("boom"))
    }
}

static BOMB: ComponentSpec = ComponentSpec { type_name: "Bomb", build: build::<Bomb>, ..ECHO };

fn runtime() -> RuntimeHandle {
    let mut registry = Registry::default();
    registry.register(&ECHO).unwrap();
    registry.register(&BOMB).unwrap();
    RuntimeBuilder::new(registry).spawn().unwrap()
}

fn echo(id: u64) -> Step {
    Step::Start { id: ComponentId(id), desc: desc("echo", "Echo", BTreeMap::new()) }
}

#[test]
fn bg_1_a_runtime_runs_on_its_own_thread_and_any_thread_starts_components() {
    let runtime = runtime();
    let starter = runtime.clone();
    let outcomes = std::thread::spawn(move || starter.reconfigure(vec![echo(1)])).join().unwrap().unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.error.is_none()));
    let handle = runtime.attach(ComponentId(1), &["inbox"], &["outbox"]).unwrap();
    handle.put("inbox", "hello").unwrap();
    assert_eq!(handle.get("outbox"), Ok(Some("hello".into())));
}

#[test]
fn bg_4_every_runtime_starts_empty() {
    let (one, other) = (runtime(), runtime());
    one.reconfigure(vec![echo(1)]).unwrap();
    assert!(other.attach(ComponentId(1), &[], &[]).is_err(), "runtimes share nothing");
}

#[test]
fn bg_5_a_failure_does_not_end_the_runtime_or_block_the_next_one() {
    let runtime = runtime();
    let handle = runtime.start(ComponentId(1), desc("bomb", "Bomb", BTreeMap::new()), &["inbox"], &["outbox"]).unwrap();
    handle.put("inbox", "tick").unwrap();
    assert_eq!(handle.get("outbox"), Ok(None), "it crashed");
    assert!(runtime.reconfigure(vec![echo(2)]).unwrap()[0].error.is_none());
    runtime.try_send(RuntimeCommand::Quit).unwrap();
    assert!(self::runtime().reconfigure(vec![echo(1)]).is_some());
}
