//! Snapshot: the state of a run at one safe point. Immutable plain data, shared by `Arc`.
//!
//! Promised: complete and consistent (taken between turns). Not promised: that nothing happened since.

use std::sync::Arc;
use std::time::Duration;

use super::sign::Sign;
use crate::command::StepOutcome;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::surface::Surface;
use crate::topology::{FullPolicy, LinkageDesc};

/// What a component is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It had a turn since the last snapshot and is not waiting.
    Running,
    /// Woken, waiting for its turn.
    Ready,
    /// Waiting, and for what.
    Waiting(WaitReason),
    /// Paused by hand.
    Paused,
    /// Its code has returned.
    Finished,
    /// It crashed, with its words.
    Crashed(Arc<str>),
}

impl State {
    /// One word for a table.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Waiting(_) => "waiting",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Crashed(_) => "crashed",
        }
    }

    /// Whether its code has ended, well or badly.
    pub const fn has_ended(&self) -> bool {
        matches!(self, Self::Finished | Self::Crashed(_))
    }
}

/// What a component waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason {
    /// A message in one of these inboxes.
    Message(Vec<Arc<str>>),
    /// Room behind this outbox: in that full inbox.
    Room {
        /// The outbox that cannot send.
        outbox: Arc<str>,
        /// The inbox that is full.
        full: BoxAddr,
    },
    /// A moment on the runtime's clock.
    Time(Duration),
    /// An answer from outside: a socket, a thread, the user.
    Outside(Arc<str>),
    /// The end of its members (composites).
    Members,
}

/// One component.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentView {
    /// Identity.
    pub id: ComponentId,
    /// Name, with its composites before it.
    pub name: Arc<str>,
    /// Type in the registry; `Composite` for a nested graph.
    pub type_name: Arc<str>,
    /// The composite it is a member of.
    pub parent: Option<ComponentId>,
    /// What it is doing.
    pub state: State,
    /// Messages taken from its inboxes.
    pub received: u64,
    /// Messages sent from its outboxes, discarded ones included.
    pub sent: u64,
    /// Turns it has had.
    pub turns: u64,
    /// Times it was started again after a crash or by hand.
    pub restarts: u32,
    /// Time spent in its turns, measured on one turn in sixteen and scaled.
    pub busy: Duration,
    /// Its inboxes, `control` included, in order of declaration.
    pub inboxes: Vec<InboxView>,
    /// Its outboxes, `signal` included, in order of declaration.
    pub outboxes: Vec<OutboxView>,
    /// What it shows; `None` if nothing.
    pub surface: Option<Arc<Surface>>,
}

/// One inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxView {
    /// Name.
    pub name: Arc<str>,
    /// Messages waiting now.
    pub depth: usize,
    /// Most messages that ever waited.
    pub deepest: usize,
    /// Limit; `None` for none.
    pub capacity: Option<usize>,
    /// What happens when it is full.
    pub policy: FullPolicy,
    /// Messages that arrived.
    pub arrived: u64,
    /// Messages that were taken out.
    pub taken: u64,
    /// Messages that the policy dropped.
    pub dropped: u64,
}

/// One outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxView {
    /// Name.
    pub name: Arc<str>,
    /// Messages sent.
    pub sent: u64,
    /// Messages sent while no link was there (BOX-9).
    pub discarded: u64,
}

/// One linkage.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkageView {
    /// From where to where.
    pub desc: LinkageDesc,
    /// Messages that went over it.
    pub delivered: u64,
    /// Some of the deliveries since the snapshot before, oldest first; at most [`SAMPLES_PER_SNAPSHOT`].
    pub samples: Vec<DeliverySample>,
    /// The last sampled delivery, kept when nothing moves; exact when fewer than the sample limit moved.
    pub last: Option<DeliverySample>,
    /// The last messages, if the link is tapped.
    pub tap: Option<Arc<Vec<DeliverySample>>>,
}

/// How many deliveries of one link a snapshot carries.
pub const SAMPLES_PER_SNAPSHOT: usize = 8;

/// How many messages a tap keeps.
pub const TAP_LIMIT: usize = 1000;

/// One delivery that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySample {
    /// Which delivery of the link it was, from 1.
    pub sequence: u64,
    /// When, on the runtime's clock.
    pub at: Duration,
    /// In which pass.
    pub pass: u64,
    /// What moved.
    pub message: Message,
}

/// What the run as a whole is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum RunState {
    /// Turns are being given, or would be if anybody were ready.
    Running,
    /// Paused, or waiting for the dial to allow the next delivery.
    Paused,
    /// Every component has ended.
    Ended,
    /// Nothing can move and nothing outside can change that; one sentence says who waits for whom.
    Stalled(Arc<str>),
}

/// The state of a run at one safe point.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Counts up with every snapshot.
    pub number: u64,
    /// What the run is doing.
    pub run: RunState,
    /// Passes so far.
    pub pass: u64,
    /// The runtime's clock.
    pub clock: Duration,
    /// Deliveries so far, over all links.
    pub deliveries: u64,
    /// All components in order of id.
    pub components: Vec<ComponentView>,
    /// All linkages in order.
    pub linkages: Vec<LinkageView>,
    /// The last batch that was applied.
    pub last_batch: u64,
    /// Outcomes of steps that failed since the run began, oldest first; at most 100.
    pub failed_steps: Vec<StepOutcome>,
    /// Crashes of components that whoever started them has taken out, oldest first, at most 100: name and words. Those
    /// that were dealt with (`BoxIo::discard_child`) are not among them.
    pub past_crashes: Vec<(Arc<str>, Arc<str>)>,
    /// Who starves, which inbox only grows and what holds the others up, as seen in the last seconds of a run that goes on
    /// and is looked at; twice a second, and up to 20 000 components.
    pub signs: Arc<Vec<Sign>>,
    /// Share of the scheduler's time that went into looking, 0 to 1.
    pub observing: f64,
}

impl Snapshot {
    /// The state before anything has run.
    pub(crate) fn empty() -> Self {
        Self {
            number: 0,
            run: RunState::Running,
            pass: 0,
            clock: Duration::ZERO,
            deliveries: 0,
            components: Vec::new(),
            linkages: Vec::new(),
            last_batch: 0,
            failed_steps: Vec::new(),
            past_crashes: Vec::new(),
            signs: Arc::default(),
            observing: 0.0,
        }
    }

    /// The component with this identity.
    pub fn component(&self, id: ComponentId) -> Option<&ComponentView> {
        self.components.binary_search_by_key(&id, |view| view.id).ok().map(|index| &self.components[index])
    }
}
