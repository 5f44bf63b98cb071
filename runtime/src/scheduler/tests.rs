//! Tests that a scheduler keeps no state of removed components.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;
use crate::command::Step;
use crate::component::{BoxIo, BoxSpec, Component, ComponentSpec, Fate, Outcome, build};
use crate::ids::{BoxAddr, ComponentId};
use crate::params::{ParamError, Params};
use crate::registry::Registry;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

/// How many components run at a time, including children.
const AT_ONCE: usize = 10;

/// Uses every table of the scheduler: it has an added box, a link, a service, a value, a timer and a child.
struct Busy;

impl Component for Busy {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let name = io.name();
        let outbox = io.add_outbox(&format!("to {name}"));
        io.link(BoxAddr::outbox(io.id(), outbox), BoxAddr::inbox(io.id(), "inbox")).await?;
        io.register_inbox_service(&format!("service of {name}"), "inbox")?;
        io.track_value(&format!("value of {name}"), 1)?;
        if !name.contains('/') {
            io.spawn("child", &BUSY, BTreeMap::new(), Fate::EndsWithOwner).await?;
        }
        let never = async {
            io.service("missing").await;
        };
        futures_lite::future::or(never, io.sleep(Duration::from_hours(1))).await;
        Ok(())
    }
}

static BUSY: ComponentSpec = ComponentSpec {
    type_name: "Busy",
    inboxes: &[BoxSpec::new("inbox", "Fed by itself")],
    build: build::<Busy>,
    ..ComponentSpec::EMPTY
};

fn start(id: u64) -> Step {
    let desc = ComponentDesc {
        name: format!("c{id}").into(),
        body: ComponentBody::Leaf { type_name: "Busy".into(), params: BTreeMap::new() },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    };
    Step::Start { id: ComponentId(id), desc }
}

fn apply(scheduler: &mut Scheduler, steps: Vec<Step>) {
    for outcome in scheduler.reconfigure(1, steps) {
        assert_eq!(outcome.error, None);
    }
}

#[test]
fn the_tables_are_empty_after_all_components_are_removed() {
    let mut registry = Registry::default();
    registry.register(&BUSY).unwrap();
    let mut config = SchedulerConfig::new(registry);
    config.clock = ClockKind::Virtual;
    let mut scheduler = Scheduler::new(config);
    let mut next = 1;
    for _ in 0..200 {
        let ids: Vec<u64> = (next..).take(AT_ONCE / 2).collect();
        next += ids.len() as u64;
        apply(&mut scheduler, ids.iter().map(|id| start(*id)).collect());
        scheduler.run_ready();
        assert_eq!((scheduler.graph.len(), scheduler.graph.links().count()), (AT_ONCE, AT_ONCE));
        let links = ids.windows(2).map(|pair| {
            let to = BoxAddr::inbox(ComponentId(pair[1]), "inbox");
            Step::Link { linkage: LinkageDesc { from: BoxAddr::outbox(ComponentId(pair[0]), "signal"), to } }
        });
        apply(&mut scheduler, links.collect());
        // In half of the rounds, components end on their own before they are removed.
        if next % 2 == 0 {
            let until = scheduler.now() + Duration::from_hours(2);
            scheduler.run(RunLimit { clock: Some(until), ..RunLimit::default() });
        }
        apply(&mut scheduler, ids.iter().map(|id| Step::Stop { id: ComponentId(*id) }).collect());
        scheduler.run_ready();
    }
    let Scheduler { graph, context, .. } = &scheduler;
    assert!(graph.is_empty() && context.run_queue.is_empty());
    assert!((graph.next_slot() as usize) < AT_ONCE, "slots are reused");
    assert!(!scheduler.intake.has_deferred() && scheduler.watchers.is_empty() && context.requests.is_empty());
    assert!(context.timers.borrow().next_due().is_none());
    assert!(context.ports.is_empty() && context.threads.is_empty());
    assert!(context.tracker.borrow().is_empty());
}
