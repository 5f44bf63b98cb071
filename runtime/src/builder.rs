//! RuntimeBuilder: starts a scheduler on its own thread (BG-1).

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use crate::command::{RuntimeCommand, Speed};
use crate::handle::RuntimeHandle;
use crate::registry::Registry;
use crate::scheduler::{RunLimit, Scheduler, SchedulerConfig, User};

pub use crate::scheduler::ClockKind;

/// Settings of a background runtime.
pub struct RuntimeBuilder {
    registry: Registry,
    clock: ClockKind,
    seed: u64,
    base_folder: PathBuf,
    snapshot_interval: Duration,
    speed: Speed,
    hook: Option<Box<dyn Fn() + Send>>,
    awaits_repair: bool,
}

impl RuntimeBuilder {
    /// Defaults: real clock, seed 0, at most one snapshot per 33 ms.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            clock: ClockKind::Real,
            seed: 0,
            base_folder: PathBuf::new(),
            snapshot_interval: Duration::from_millis(33),
            speed: Speed::Full,
            hook: None,
            awaits_repair: false,
        }
    }

    /// The clock to use.
    #[must_use]
    pub fn clock(mut self, clock: ClockKind) -> Self {
        self.clock = clock;
        self
    }

    /// Seed of all random choices.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Base folder of relative paths in settings.
    #[must_use]
    pub fn base_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.base_folder = folder.into();
        self
    }

    /// Shortest time between two snapshots.
    #[must_use]
    pub fn snapshot_interval(mut self, interval: Duration) -> Self {
        self.snapshot_interval = interval;
        self
    }

    /// Speed of the run, from the first delivery on.
    #[must_use]
    pub fn speed(mut self, speed: Speed) -> Self {
        self.speed = speed;
        self
    }

    /// The user may restart a crashed component, so a crash does not end the streams of the components that it feeds;
    /// they wait for the restart.
    #[must_use]
    pub fn awaits_repair(mut self) -> Self {
        self.awaits_repair = true;
        self
    }

    /// Sets a function that is called on the scheduler thread after each new snapshot. It must not block.
    #[must_use]
    pub fn on_snapshot(mut self, hook: impl Fn() + Send + 'static) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Starts the thread `compose-scheduler`. The thread ends on `Quit`, when all components have ended after a
    /// `ShutDown`, or when the last handle is dropped.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn spawn(self) -> std::io::Result<RuntimeHandle> {
        // The queue has space for the single handle that is sent, so the thread never waits.
        let (sender, receiver) = mpsc::sync_channel(1);
        let speed = self.speed;
        std::thread::Builder::new().name("compose-scheduler".to_owned()).spawn(move || {
            let mut config = SchedulerConfig::new(self.registry);
            config.clock = self.clock;
            config.seed = self.seed;
            config.base_folder = self.base_folder;
            config.snapshot_interval = self.snapshot_interval;
            config.user = User::AtWindow;
            config.awaits_repair = self.awaits_repair;
            config.on_snapshot = self.hook.map(|hook| -> Box<dyn Fn()> { hook });
            let mut scheduler = Scheduler::new(config);
            scheduler.print_to_handles();
            if sender.send(scheduler.handle()).is_ok() {
                scheduler.run(RunLimit { wait_for_commands: true, ..RunLimit::default() });
            }
        })?;
        let handle = receiver.recv().map_err(std::io::Error::other)?;
        if speed != Speed::Full {
            // The queue is empty, so this cannot fail.
            let _ = handle.try_send(RuntimeCommand::SetSpeed(speed));
        }
        Ok(handle)
    }
}
