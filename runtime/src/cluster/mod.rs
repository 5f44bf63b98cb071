//! Cluster: several schedulers in one process, each on a thread of its own, over one topology (R4).
//!
//! A component belongs to one scheduler, its composite's if it is a member. A linkage between two schedulers becomes a
//! bridge: bounded, ordered, with the end of the stream and with back-pressure, so components notice nothing. Each scheduler
//! keeps its own clock and its own passes, so what happens on two of them has no common order; what goes over one linkage
//! keeps its order. While a bridge may still bring or take something, its schedulers have not stalled.
//!
//! ```
//! use compose_runtime::cluster::ClusterBuilder;
//! use compose_runtime::registry::Registry;
//! use compose_runtime::scheduler::RunEnd;
//! use compose_runtime::topology::Topology;
//!
//! let mut cluster = ClusterBuilder::new(Registry::default()).schedulers(2).topology(Topology::default()).spawn().unwrap();
//! assert_eq!(cluster.wait(), [RunEnd::Ended, RunEnd::Ended]);
//! ```

mod error;
mod merge;
mod plan;
mod stall;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::command::{RuntimeCommand, Step};
use crate::component::bridge::{Inward, Outward, bridge};
use crate::component::port::PORT_LIMIT;
use crate::handle::RuntimeHandle;
use crate::ids::ComponentId;
use crate::introspect::snapshot::Snapshot;
use crate::ready_ports::ReadyPorts;
use crate::registry::Registry;
use crate::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::topology::{LinkageDesc, Topology};

use self::plan::Plan;

pub use self::error::ClusterError;

/// How many messages wait in a bridge, besides those in the inboxes: longer than a port's queue, because two threads meet.
pub const BRIDGE_LIMIT: usize = 4 * PORT_LIMIT;

type Adjust = Arc<dyn Fn(usize, &mut SchedulerConfig) + Send + Sync>;

/// Settings of a cluster.
pub struct ClusterBuilder {
    registry: Registry,
    count: usize,
    topology: Topology,
    placement: BTreeMap<ComponentId, usize>,
    stays: bool,
    adjust: Option<Adjust>,
}

impl ClusterBuilder {
    /// One scheduler, nothing to run, and the end when everything has ended.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            count: 1,
            topology: Topology::default(),
            placement: BTreeMap::new(),
            stays: false,
            adjust: None,
        }
    }

    /// How many schedulers, from 1.
    #[must_use]
    pub fn schedulers(mut self, count: usize) -> Self {
        self.count = count.max(1);
        self
    }

    /// What to run.
    #[must_use]
    pub fn topology(mut self, topology: Topology) -> Self {
        self.topology = topology;
        self
    }

    /// Places a component, with its members, on a scheduler, counted from 0. Whatever is not placed runs on scheduler 0.
    #[must_use]
    pub fn place(mut self, component: ComponentId, scheduler: usize) -> Self {
        self.placement.insert(component, scheduler);
        self
    }

    /// Goes on when every component has ended or nothing can move, until told to quit or to shut down.
    #[must_use]
    pub fn wait_for_commands(mut self) -> Self {
        self.stays = true;
        self
    }

    /// Called for the settings of each scheduler, on its thread: console, trace, recording, clock, policy.
    #[must_use]
    pub fn adjust(mut self, adjust: impl Fn(usize, &mut SchedulerConfig) + Send + Sync + 'static) -> Self {
        self.adjust = Some(Arc::new(adjust));
        self
    }

    /// Starts the threads `compose-scheduler-0` and so on. Nothing runs before everything is linked.
    ///
    /// # Errors
    /// A component cannot be where it is placed, a linkage cannot lead to where it does, a scheduler refuses one of them,
    /// or there is no thread. Then nothing runs.
    pub fn spawn(self) -> Result<ClusterHandle, ClusterError> {
        let plan = Plan::of(self.topology, &self.placement, self.count)?;
        let limit = RunLimit { wait_for_commands: self.stays, ..RunLimit::default() };
        let mut members = Vec::with_capacity(self.count);
        for index in 0..self.count {
            members.push(Member::spawn(index, self.registry.clone(), self.adjust.clone(), limit)?);
        }
        let mut works: Vec<Work> = plan.parts.into_iter().map(|steps| Work { steps, ..Work::default() }).collect();
        for (number, crossing) in plan.crossings.iter().enumerate() {
            let (Some(from), Some(to)) = (members.get(crossing.from), members.get(crossing.to)) else { continue };
            let (outward, inward) = bridge(&from.ready, &to.ready, BRIDGE_LIMIT);
            if let Some(work) = works.get_mut(crossing.from) {
                work.outward.push((number, crossing.linkage.clone(), outward));
            }
            if let Some(work) = works.get_mut(crossing.to) {
                work.inward.push((number, crossing.linkage.clone(), inward));
            }
        }
        for (member, work) in members.iter().zip(works) {
            // A thread that is gone is noticed when its answer is waited for.
            let _ = member.work.send(Go::Work(work));
        }
        let mut bridges = vec![merge::Bridge::default(); plan.crossings.len()];
        for member in &members {
            let made = member.made.recv().map_err(|_| ClusterError::Gone)?.map_err(ClusterError::Refused)?;
            for (number, is_outward, id) in made {
                if let Some(bridge) = bridges.get_mut(number) {
                    *(if is_outward { &mut bridge.out } else { &mut bridge.into }) = id;
                }
            }
        }
        for (bridge, crossing) in bridges.iter_mut().zip(plan.crossings) {
            bridge.linkage = Some(crossing.linkage);
        }
        for member in &members {
            // The same.
            let _ = member.work.send(Go::Run);
        }
        let (handles, threads) = members.into_iter().map(|member| (member.handle, member.thread)).unzip();
        Ok(ClusterHandle { handles, threads, bridges, placement: plan.placement })
    }
}

/// What a scheduler is to do before it runs.
#[derive(Default)]
struct Work {
    steps: Vec<Step>,
    outward: Vec<(usize, LinkageDesc, Outward)>,
    inward: Vec<(usize, LinkageDesc, Inward)>,
}

enum Go {
    Work(Work),
    Run,
}

/// The bridges a scheduler has made: number, whether it is the outward side, the component.
type Made = Vec<(usize, bool, ComponentId)>;

/// One scheduler while the cluster is being put together.
struct Member {
    handle: RuntimeHandle,
    ready: Arc<ReadyPorts>,
    work: Sender<Go>,
    made: Receiver<Result<Made, Arc<str>>>,
    thread: JoinHandle<RunEnd>,
}

impl Member {
    fn spawn(index: usize, registry: Registry, adjust: Option<Adjust>, limit: RunLimit) -> Result<Self, ClusterError> {
        let (hello, greeting) = channel();
        let (work, works) = channel();
        let (answer, made) = channel();
        let thread = std::thread::Builder::new().name(format!("compose-scheduler-{index}")).spawn(move || {
            let mut config = SchedulerConfig::new(registry);
            if let Some(adjust) = adjust {
                adjust(index, &mut config);
            }
            let mut scheduler = Scheduler::new(config);
            scheduler.graph.number_from(index);
            if hello.send((scheduler.handle(), scheduler.ready_ports())).is_err() {
                return RunEnd::Quit;
            }
            let Ok(Go::Work(work)) = works.recv() else { return RunEnd::Quit };
            if answer.send(prepare(&mut scheduler, work)).is_err() || works.recv().is_err() {
                return RunEnd::Quit;
            }
            let end = scheduler.run(limit);
            scheduler.publish_now();
            end
        })?;
        let (handle, ready) = greeting.recv().map_err(|_| ClusterError::Gone)?;
        Ok(Self { handle, ready, work, made, thread })
    }
}

fn prepare(scheduler: &mut Scheduler, work: Work) -> Result<Made, Arc<str>> {
    for outcome in scheduler.reconfigure(0, work.steps) {
        if let Some(words) = outcome.error {
            return Err(words);
        }
    }
    let mut made = Vec::new();
    for (number, linkage, side) in work.outward {
        let made_out = scheduler.graph.bridge_out(format!("bridge to {}", linkage.to), &linkage.from, side);
        let id = made_out.map_err(|error| error.to_string())?;
        made.push((number, true, id));
    }
    for (number, linkage, side) in work.inward {
        let made_in = scheduler.graph.bridge_in(format!("bridge from {}", linkage.from), &linkage.to, side);
        let id = made_in.map_err(|error| error.to_string())?;
        made.push((number, false, id));
    }
    Ok(made)
}

/// A running cluster. Dropping it lets it run on, unless it waits for commands: then it ends.
pub struct ClusterHandle {
    handles: Vec<RuntimeHandle>,
    threads: Vec<JoinHandle<RunEnd>>,
    bridges: Vec<merge::Bridge>,
    placement: BTreeMap<ComponentId, usize>,
}

impl ClusterHandle {
    /// The way into the scheduler with this number, from 0.
    pub fn scheduler(&self, index: usize) -> Option<&RuntimeHandle> {
        self.handles.get(index)
    }

    /// The way into the scheduler of a component of the topology.
    pub fn scheduler_of(&self, component: ComponentId) -> Option<&RuntimeHandle> {
        self.scheduler(*self.placement.get(&component)?)
    }

    /// Tells every scheduler, waiting while its queue is full; one that has ended needs no telling.
    pub fn tell_all(&self, command: &RuntimeCommand) {
        for handle in &self.handles {
            while handle.try_send(command.clone()).is_err() && handle.call(|_| ()).is_some() {}
        }
    }

    /// Asks every component to shut down, in order; see [`ClusterHandle::wait`] for the end of that.
    pub fn shut_down(&self) {
        self.tell_all(&RuntimeCommand::ShutDown);
    }

    /// The newest pictures of all schedulers as one: the topology as it was given, bridges left out unless they crashed.
    /// Counters of passes and deliveries are sums, bridges included.
    pub fn snapshot(&self) -> Snapshot {
        let parts: Vec<Arc<Snapshot>> = self.handles.iter().map(RuntimeHandle::snapshot).collect();
        merge::merge(&parts, &self.bridges)
    }

    /// Waits until every scheduler has ended, and says why each did; once. One whose thread panicked counts as quit.
    pub fn wait(&mut self) -> Vec<RunEnd> {
        std::mem::take(&mut self.threads).into_iter().map(|thread| thread.join().unwrap_or(RunEnd::Quit)).collect()
    }
}
