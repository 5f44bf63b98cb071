//! What one event from outside costs the scheduler, with few and with many open connections.
//!
//! A connection is a component with an outside task that may wait for ever, like a task that serves a socket. One more
//! task exchanges single messages with its component; the scheduler sleeps between two messages.

use std::future::pending;
use std::sync::{Mutex, PoisonError};

use compose_runtime::command::RuntimeCommand;
use compose_runtime::dev::*;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::scheduler::{RunEnd, RunLimit};
use compose_runtime::system::System as Graph;

use crate::cpu;
use crate::report::{Report, median};
use crate::rounds::ROUNDS;

/// Exchanges in one round.
const EVENTS: i64 = 5_000;

/// Numbers of idle connections besides the busy one: few, and many.
const CONNECTIONS: [usize; 2] = [10, 5_000];

/// Asks the scheduler to stop after the last exchange.
static STOP: Mutex<Option<RuntimeHandle>> = Mutex::new(None);

static CONNECTION: ComponentSpec = ComponentSpec {
    type_name: "BenchConnection",
    summary: "Waits for an outside task that waits for ever",
    build: build::<Connection>,
    ..ComponentSpec::EMPTY
};

struct Connection;

impl Component for Connection {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("a client", |port| async move {
            port.stay_open();
            pending::<Outcome>().await
        });
        far.recv().await?;
        Ok(())
    }
}

static EXCHANGE: ComponentSpec = ComponentSpec {
    type_name: "BenchExchange",
    summary: "Answers every message of an outside task",
    build: build::<Exchange>,
    ..ComponentSpec::EMPTY
};

struct Exchange;

impl Component for Exchange {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("a busy client", |port| async move {
            port.stay_open();
            for number in 0..EVENTS {
                if !port.send(number).await || port.recv().await.is_none() {
                    return Err(Fault::new("the scheduler stopped too early"));
                }
            }
            let handle = STOP.lock().unwrap_or_else(PoisonError::into_inner).take();
            let handle = handle.expect("the scheduler has a handle");
            handle.try_send(RuntimeCommand::Quit).expect("the queue is empty");
            Ok(())
        });
        while let Some(message) = far.recv().await? {
            far.send(message).await;
        }
        Ok(())
    }
}

/// Measures all figures of ports.
pub fn measure(report: &mut Report) {
    let mut times = CONNECTIONS.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for (connections, times) in CONNECTIONS.iter().zip(&mut times) {
            let time = one_round(*connections);
            // The first round only warms up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let [few, many] = times.map(median);
    report.set("port_event_ns_10", few * 1e9);
    report.set("port_event_ns_5000", many * 1e9);
    report.set("port_event_ratio", many / few);
}

/// Processor time of the scheduler's thread for one exchange, in seconds.
fn one_round(connections: usize) -> f64 {
    let mut graph = Graph::new();
    for number in 0..connections {
        graph.add(&format!("connection {number}"), &CONNECTION);
    }
    graph.add("exchange", &EXCHANGE);
    let mut scheduler = graph.scheduler(|_| {}).expect("all of them start");
    let handle = scheduler.handle();
    *STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle.clone());
    // The connections open in the first pass, which is not measured.
    scheduler.run_ready();
    let times = cpu::own_times();
    let spent = cpu::seconds(&times);
    let end = scheduler.run(RunLimit { wait_for_commands: true, ..RunLimit::default() });
    assert_eq!(end, RunEnd::Quit);
    (cpu::seconds(&times) - spent) / EVENTS as f64
}
