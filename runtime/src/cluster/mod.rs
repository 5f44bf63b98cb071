//! Cluster: several schedulers in one process, each on its own thread, that run one topology (R4).
//!
//! Each component belongs to one scheduler; a member of a composite belongs to the scheduler of the composite. A linkage
//! between two schedulers becomes a bridge, which is bounded and ordered and transmits back-pressure and the end of the
//! stream, so components work as on one scheduler. Each scheduler has its own clock and its own passes, so events on different
//! schedulers have no common order, but messages on one linkage keep their order. A scheduler with an open bridge does not
//! report a stall; see [`ClusterHandle::stall`].
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
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::command::{RuntimeCommand, Step};
use crate::component::bridge::{Inward, Outward, bridge};
use crate::component::port::PORT_LIMIT;
use crate::handle::RuntimeHandle;
use crate::ids::ComponentId;
use crate::introspect::snapshot::Snapshot;
use crate::ready_ports::ReadyPorts;
use crate::registry::Registry;
use crate::scheduler::{GraphError, RunEnd, RunLimit, Scheduler, SchedulerConfig};
use crate::topology::{LinkageDesc, Topology};

use self::plan::Plan;

pub use self::error::ClusterError;

/// How many messages can wait in a bridge, in addition to those in the inboxes. More than in a port, because a bridge
/// connects two busy threads.
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
    /// One scheduler with an empty topology, which ends when all components have ended.
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

    /// Sets the number of schedulers, at least 1.
    #[must_use]
    pub fn schedulers(mut self, count: usize) -> Self {
        self.count = count.max(1);
        self
    }

    /// Sets the topology to run.
    #[must_use]
    pub fn topology(mut self, topology: Topology) -> Self {
        self.topology = topology;
        self
    }

    /// Places a component and its members on a scheduler, counted from 0. The default is scheduler 0.
    #[must_use]
    pub fn place(mut self, component: ComponentId, scheduler: usize) -> Self {
        self.placement.insert(component, scheduler);
        self
    }

    /// Continues when every component has ended or the run has stalled, until a command quits or shuts down the run.
    #[must_use]
    pub fn wait_for_commands(mut self) -> Self {
        self.stays = true;
        self
    }

    /// Sets a function that changes the settings of each scheduler (console, trace, recording, clock, policy); it is called on
    /// the scheduler's thread.
    #[must_use]
    pub fn adjust(mut self, adjust: impl Fn(usize, &mut SchedulerConfig) + Send + Sync + 'static) -> Self {
        self.adjust = Some(Arc::new(adjust));
        self
    }

    /// Starts the threads `compose-scheduler-0` and so on. No component runs before all links are made.
    ///
    /// # Errors
    /// The placement is invalid, a linkage cannot cross schedulers, a scheduler refuses a component or a linkage, or a thread
    /// cannot be started. Then nothing runs.
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
            // If the thread has ended, receiving its answer below fails.
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
            // A thread that has ended is found by `ClusterHandle::wait`.
            let _ = member.work.send(Go::Run);
        }
        let (handles, threads) = members.into_iter().map(|member| (member.handle, member.thread)).unzip();
        Ok(ClusterHandle { handles, threads, bridges, placement: plan.placement })
    }
}

/// The steps and bridges of one scheduler, which it sets up before it runs.
#[derive(Default)]
struct Work {
    steps: Vec<Step>,
    outward: Vec<(usize, LinkageDesc, Outward)>,
    inward: Vec<(usize, LinkageDesc, Inward)>,
}

/// The messages sent to a scheduler while the cluster is set up, each exactly once.
enum Go {
    Work(Work),
    Run,
}

impl Go {
    /// How many of these messages a scheduler receives.
    const STEPS: usize = 2;
}

/// The bridges that a scheduler has made: the number, whether it is the outward side, and the component.
type Made = Vec<(usize, bool, ComponentId)>;

/// One scheduler while the cluster is set up.
struct Member {
    handle: RuntimeHandle,
    ready: Arc<ReadyPorts>,
    work: SyncSender<Go>,
    made: Receiver<Result<Made, GraphError>>,
    thread: JoinHandle<RunEnd>,
}

impl Member {
    fn spawn(index: usize, registry: Registry, adjust: Option<Adjust>, limit: RunLimit) -> Result<Self, ClusterError> {
        // Each queue has space for everything ever sent through it, so no sender waits.
        let (ready, is_ready) = sync_channel(1);
        let (work, works) = sync_channel(Go::STEPS);
        let (answer, made) = sync_channel(1);
        let thread = std::thread::Builder::new().name(format!("compose-scheduler-{index}")).spawn(move || {
            let mut config = SchedulerConfig::new(registry);
            if let Some(adjust) = adjust {
                adjust(index, &mut config);
            }
            let mut scheduler = Scheduler::new(config);
            scheduler.graph.number_from(index);
            if ready.send((scheduler.handle(), scheduler.ready_ports())).is_err() {
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
        let (handle, ready) = is_ready.recv().map_err(|_| ClusterError::Gone)?;
        Ok(Self { handle, ready, work, made, thread })
    }
}

/// Sets up a scheduler before it runs.
fn prepare(scheduler: &mut Scheduler, work: Work) -> Result<Made, GraphError> {
    scheduler.apply(work.steps)?;
    let mut made = Vec::new();
    for (number, linkage, side) in work.outward {
        let id = scheduler.graph.bridge_out(format!("bridge to {}", linkage.to), &linkage.from, side)?;
        made.push((number, true, id));
    }
    for (number, linkage, side) in work.inward {
        let id = scheduler.graph.bridge_in(format!("bridge from {}", linkage.from), &linkage.to, side)?;
        made.push((number, false, id));
    }
    Ok(made)
}

/// A running cluster. If this is dropped, the cluster continues, unless it waits for commands, in which case it ends.
pub struct ClusterHandle {
    handles: Vec<RuntimeHandle>,
    threads: Vec<JoinHandle<RunEnd>>,
    bridges: Vec<merge::Bridge>,
    placement: BTreeMap<ComponentId, usize>,
}

impl ClusterHandle {
    /// The handle of the scheduler with this number, from 0.
    pub fn scheduler(&self, index: usize) -> Option<&RuntimeHandle> {
        self.handles.get(index)
    }

    /// The handle of the scheduler on which a component of the topology runs.
    pub fn scheduler_of(&self, component: ComponentId) -> Option<&RuntimeHandle> {
        self.scheduler(*self.placement.get(&component)?)
    }

    /// Sends a command to every scheduler that has not ended, waiting while its queue is full.
    pub fn send_to_all(&self, command: &RuntimeCommand) {
        for handle in &self.handles {
            while handle.try_send(command.clone()).is_err() && handle.call(|_| ()).is_some() {}
        }
    }

    /// Asks every component to shut down, in order. [`ClusterHandle::wait`] waits for the end.
    pub fn shut_down(&self) {
        self.send_to_all(&RuntimeCommand::ShutDown);
    }

    /// The newest snapshots of all schedulers, combined into one that shows the original topology. Bridges are not shown unless
    /// they crashed. Counts of passes and deliveries are sums and include bridges.
    pub fn snapshot(&self) -> Snapshot {
        let parts: Vec<Arc<Snapshot>> = self.handles.iter().map(RuntimeHandle::snapshot).collect();
        merge::merge(&parts, &self.bridges)
    }

    /// Waits until every scheduler has ended, and returns why each ended; a second call returns an empty list. A scheduler
    /// whose thread panicked counts as quit.
    pub fn wait(&mut self) -> Vec<RunEnd> {
        std::mem::take(&mut self.threads).into_iter().map(|thread| thread.join().unwrap_or(RunEnd::Quit)).collect()
    }
}
