//! The dining philosophers with a `Store`: a philosopher takes both forks in one transaction or none, so no philosopher
//! can starve the others by holding one fork and waiting for the next.
//!
//! `cargo run -p compose_runtime --example philosophers`
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::prelude::*;
use compose_runtime::store::{Store, StoreError};

/// Number of seats at the table.
const SEATS: i64 = 5;
/// Number of meals of each philosopher.
const MEALS: u32 = 3;

/// The holder of each fork; empty for a free fork.
static TABLE: LazyLock<Store<String>> = LazyLock::new(Store::new);

struct Philosopher {
    seat: i64,
}

impl Philosopher {
    /// Passes both forks from one holder to another, or neither. Returns whether it succeeded; after a conflict with
    /// another philosopher, retry later.
    fn change_forks(&self, from: &str, to: &str) -> Result<bool, StoreError> {
        let (left, right) = (format!("fork {}", self.seat), format!("fork {}", (self.seat + 1) % SEATS));
        let mut forks = TABLE.using(&[&left, &right])?;
        for fork in [&left, &right] {
            let Some(var) = forks.var_mut(fork) else { return Ok(false) };
            if var.value().map_or("", String::as_str) != from {
                return Ok(false);
            }
            var.set(to.to_owned());
        }
        match forks.commit(&TABLE) {
            Ok(()) => Ok(true),
            Err(StoreError::ConcurrentUpdate(_) | StoreError::Busy) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

impl Component for Philosopher {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { seat: params.int("seat") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let name = io.name();
        for meal in 1..=MEALS {
            while !self.change_forks("", &name)? {
                io.sleep(Duration::from_millis(10)).await;
            }
            io.print(&format!("eats meal {meal}"));
            io.sleep(Duration::from_millis(50)).await;
            while !self.change_forks(&name, "")? {
                io.yield_now().await;
            }
            // Thinking.
            io.sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

static PHILOSOPHER: ComponentSpec = ComponentSpec {
    type_name: "Philosopher",
    params: &[ParamSpec::int("seat", 0, SEATS - 1, 0, "Number of the seat, from 0")],
    build: build::<Philosopher>,
    ..ComponentSpec::EMPTY
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut system = System::new();
    for (seat, name) in (0..SEATS).zip(["Aristotle", "Hypatia", "Descartes", "Arendt", "Popper"]) {
        let id = system.add(name, &PHILOSOPHER);
        system.set(id, "seat", seat);
    }
    let meals: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let counted = meals.clone();
    // The clock is virtual: it jumps to the next event, so the run does not wait while the philosophers think.
    let mut scheduler = system.scheduler(|config| {
        config.clock = ClockKind::Virtual;
        config.console = Box::new(move |name, line| {
            println!("{name} {line}");
            *counted.lock().unwrap_or_else(PoisonError::into_inner).entry(name.to_owned()).or_default() += 1;
        });
    })?;
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    let meals = meals.lock().unwrap_or_else(PoisonError::into_inner);
    println!("all have eaten {MEALS} times, in {:.2} s of virtual time", scheduler.now().as_secs_f64());
    assert!(meals.len() == 5 && meals.values().all(|count| *count == MEALS), "{meals:?}");
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn no_philosopher_starves() {
        super::main().unwrap();
    }
}
