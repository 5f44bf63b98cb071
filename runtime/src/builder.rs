//! RuntimeBuilder: a scheduler on a thread of its own, in one call (BG-1).

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
    /// Defaults: real clock, seed 0, snapshots every 33 ms at most.
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

    /// Which clock.
    #[must_use]
    pub fn clock(mut self, clock: ClockKind) -> Self {
        self.clock = clock;
        self
    }

    /// Seed of everything that is chosen by chance.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Folder that relative paths in settings start from.
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

    /// How fast it runs from the first delivery on.
    #[must_use]
    pub fn speed(mut self, speed: Speed) -> Self {
        self.speed = speed;
        self
    }

    /// Somebody may start again what has crashed: a crash is a pause for those it feeds and not the end of their streams.
    #[must_use]
    pub fn awaits_repair(mut self) -> Self {
        self.awaits_repair = true;
        self
    }

    /// Called on the scheduler thread when a new snapshot is there. It must not block.
    #[must_use]
    pub fn on_snapshot(mut self, hook: impl Fn() + Send + 'static) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Starts the thread `compose-scheduler`. It ends on `Quit`, when everything has ended
    /// after a `ShutDown`, or when the last handle is dropped.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn spawn(self) -> std::io::Result<RuntimeHandle> {
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
            // The queue is empty, so there is room.
            let _ = handle.try_send(RuntimeCommand::SetSpeed(speed));
        }
        Ok(handle)
    }
}
