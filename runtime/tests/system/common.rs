//! Components and helpers that the tests of this folder share.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::component::BuildFn;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{Scheduler, SchedulerConfig};
use compose_runtime::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

/// Lines that a run writes to its console or its trace.
pub type Lines = Rc<RefCell<Vec<String>>>;

/// Sends 0, 1, 2 … and sleeps for 300 µs before every `rest`th number, if `rest` is not 0.
struct Numbers {
    count: i64,
    rest: i64,
}

impl Component for Numbers {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { count: params.int("count"), rest: params.int("rest") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 0..self.count {
            if self.rest > 0 && number % self.rest == 0 {
                io.sleep(Duration::from_micros(300)).await;
            }
            io.send("outbox", number).await;
        }
        Ok(())
    }
}

/// Passes on every message; crashes at 1313.
struct Relay;

impl Component for Relay {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            if message == Message::Int(1313) {
                return Err(Fault::new("1313"));
            }
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

/// The same on its own thread.
struct ByThread;

impl ThreadedComponent for ByThread {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            if message == Message::Int(1313) {
                return Err(Fault::new("1313"));
            }
            io.send("outbox", message);
        }
        Ok(())
    }
}

/// The same through an outside task and back.
struct ByOutside;

impl Component for ByOutside {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("an echo", |port| async move {
            while let Some(message) = port.recv().await {
                port.send(message).await;
            }
            Ok(())
        });
        while let Some(message) = io.recv("inbox").await {
            far.send(message).await;
            if let Some(back) = far.recv().await? {
                io.send("outbox", back).await;
            }
        }
        Ok(())
    }
}

/// Prints every message, and `end` at the end if the setting `end` is not 0.
struct Print {
    prints_end: bool,
}

impl Component for Print {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { prints_end: params.int("end") != 0 })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.print(&message.to_string());
        }
        if self.prints_end {
            io.print("end");
        }
        Ok(())
    }
}

/// Sends the time once a second, five times.
struct Ticks;

impl Component for Ticks {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for _ in 0..5 {
            io.sleep(Duration::from_secs(1)).await;
            io.send("outbox", Message::Time(io.now())).await;
        }
        Ok(())
    }
}

/// Receives from a box that it does not have.
struct Bomb;

impl Component for Bomb {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.recv("inbox").await;
        io.recv("typo").await;
        Ok(())
    }
}

/// Never takes anything from its inbox.
struct Waits;

impl Component for Waits {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.recv("control").await;
        Ok(())
    }
}

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "In")];
const NARROW: &[BoxSpec] = &[BoxSpec::new("inbox", "In").capacity(4)];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "Out")];

const fn spec(type_name: &'static str, inboxes: &'static [BoxSpec], build: BuildFn) -> ComponentSpec {
    ComponentSpec { type_name, inboxes, outboxes: OUT, build, ..ComponentSpec::EMPTY }
}

static SPECS: &[ComponentSpec] = &[
    ComponentSpec {
        params: &[
            ParamSpec::count("count", 3, "How many"),
            ParamSpec::count("rest", 0, "Sleep before every nth number"),
        ],
        ..spec("Numbers", &[], build::<Numbers>)
    },
    spec("Relay", IN, build::<Relay>),
    spec("Narrow", NARROW, build::<Relay>),
    spec("ByThread", NARROW, build_threaded::<ByThread>),
    spec("ByOutside", NARROW, build::<ByOutside>),
    ComponentSpec {
        params: &[ParamSpec::count("end", 0, "Whether to print the end")],
        ..spec("Print", IN, build::<Print>)
    },
    spec("Ticks", &[], build::<Ticks>),
    spec("Bomb", IN, build::<Bomb>),
    spec("Waits", IN, build::<Waits>),
];

/// The components above.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for spec in SPECS {
        registry.register(spec).unwrap();
    }
    registry
}

/// A scheduler with the settings made by `adjust`.
pub fn scheduler(adjust: impl FnOnce(&mut SchedulerConfig)) -> Scheduler {
    let mut config = SchedulerConfig::new(registry());
    config.clock = compose_runtime::scheduler::ClockKind::Virtual;
    adjust(&mut config);
    Scheduler::new(config)
}

/// A component of this type with these whole-number settings, named after its type and number.
pub fn desc(id: u64, type_name: &str, params: &[(&str, i64)]) -> ComponentDesc {
    let params: BTreeMap<String, Message> =
        params.iter().map(|(name, value)| ((*name).to_owned(), Message::Int(*value))).collect();
    ComponentDesc {
        name: format!("{}{id}", type_name.to_lowercase()).into(),
        body: ComponentBody::Leaf { type_name: type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    }
}

/// The step that starts such a component.
pub fn start_with(id: u64, type_name: &str, params: &[(&str, i64)]) -> Step {
    Step::Start { id: ComponentId(id), desc: desc(id, type_name, params) }
}

/// The step that starts a component with default settings.
pub fn start(id: u64, type_name: &str) -> Step {
    start_with(id, type_name, &[])
}

/// The linkage from the outbox of one component to the inbox of another.
pub fn linkage(from: u64, to: u64) -> LinkageDesc {
    LinkageDesc { from: BoxAddr::outbox(ComponentId(from), "outbox"), to: inbox(to) }
}

/// The step that makes this linkage.
pub fn link(from: u64, to: u64) -> Step {
    Step::Link { linkage: linkage(from, to) }
}

/// The inbox of a component.
pub fn inbox(id: u64) -> BoxAddr {
    BoxAddr::inbox(ComponentId(id), "inbox")
}

/// Applies steps, all of which must succeed.
pub fn apply(scheduler: &mut Scheduler, steps: Vec<Step>) {
    for outcome in scheduler.reconfigure(1, steps) {
        assert_eq!(outcome.error, None);
    }
}
