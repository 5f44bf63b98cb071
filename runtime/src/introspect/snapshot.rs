//! Snapshot: the state of a run at one safe point. Immutable plain data, shared by `Arc`.
//!
//! A snapshot is complete and consistent, because it is taken between turns. It may be out of date.

use std::sync::Arc;
use std::time::Duration;

use super::sign::Sign;
use crate::command::StepOutcome;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::surface::Surface;
use crate::topology::{FullPolicy, LinkageDesc};

/// The state of a component.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It has had a turn since the last snapshot and is not waiting.
    Running,
    /// Woken, and waiting for its turn.
    Ready,
    /// Waiting for this.
    Waiting(WaitReason),
    /// Paused by a command.
    Paused,
    /// Its code has returned.
    Finished,
    /// It crashed, with this error text.
    Crashed(Arc<str>),
}

impl State {
    /// One word for a table.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Waiting(_) => "waiting",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Crashed(_) => "crashed",
        }
    }

    /// Whether its code has ended, normally or by a crash.
    pub const fn has_ended(&self) -> bool {
        matches!(self, Self::Finished | Self::Crashed(_))
    }
}

/// The reason why a component is waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason {
    /// A message in one of these inboxes.
    Message(Vec<Arc<str>>),
    /// Space in a full inbox.
    Space {
        /// The outbox that waits to send.
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
    /// Name, which begins with the names of its composites.
    pub name: Arc<str>,
    /// Type in the registry; `Composite` for a nested graph.
    pub type_name: Arc<str>,
    /// The composite it is a member of.
    pub parent: Option<ComponentId>,
    /// Its state.
    pub state: State,
    /// Messages taken from its inboxes.
    pub received: u64,
    /// Messages sent from its outboxes, including discarded ones.
    pub sent: u64,
    /// Number of turns it has had.
    pub turns: u64,
    /// Number of restarts, after a crash or by a command.
    pub restarts: u32,
    /// Time spent in its turns: one turn in sixteen is measured, and the sum is scaled.
    pub busy: Duration,
    /// Its inboxes, including `control`, in order of declaration.
    pub inboxes: Vec<InboxView>,
    /// Its outboxes, including `signal`, in order of declaration.
    pub outboxes: Vec<OutboxView>,
    /// Its surface; `None` if it shows nothing.
    pub surface: Option<Arc<Surface>>,
}

/// One inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxView {
    /// Name.
    pub name: Arc<str>,
    /// Messages waiting now.
    pub depth: usize,
    /// Largest number of messages that ever waited.
    pub deepest: usize,
    /// Limit; `None` for no limit.
    pub capacity: Option<usize>,
    /// What happens when it is full.
    pub policy: FullPolicy,
    /// Messages that arrived.
    pub arrived: u64,
    /// Messages that were taken out.
    pub taken: u64,
    /// Messages dropped by the policy.
    pub dropped: u64,
}

/// One outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxView {
    /// Name.
    pub name: Arc<str>,
    /// Messages sent.
    pub sent: u64,
    /// Messages sent while the outbox had no link (BOX-9).
    pub discarded: u64,
}

/// One linkage.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkageView {
    /// Its two ends.
    pub desc: LinkageDesc,
    /// Messages delivered over it.
    pub delivered: u64,
    /// Some of the deliveries since the last snapshot, oldest first; at most [`SAMPLES_PER_SNAPSHOT`].
    pub samples: Vec<DeliverySample>,
    /// The last sampled delivery, kept while there are no new ones; it is the last delivery if there were fewer than
    /// the sample limit.
    pub last: Option<DeliverySample>,
    /// The last messages, if the link is tapped.
    pub tap: Option<Arc<Vec<DeliverySample>>>,
}

/// Largest number of sampled deliveries per link in a snapshot.
pub const SAMPLES_PER_SNAPSHOT: usize = 8;

/// Largest number of messages that a tap keeps.
pub const TAP_LIMIT: usize = 1000;

/// One sampled delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySample {
    /// Number of the delivery on its link, from 1.
    pub sequence: u64,
    /// Time of the delivery, on the runtime's clock.
    pub at: Duration,
    /// Pass of the delivery.
    pub pass: u64,
    /// The delivered message.
    pub message: Message,
}

/// The state of the whole run.
#[derive(Debug, Clone, PartialEq)]
pub enum RunState {
    /// Ready components get turns; there may be none at the moment.
    Running,
    /// Paused, or waiting until the speed setting allows the next delivery.
    Paused,
    /// Every component has ended.
    Ended,
    /// No component can proceed and no outside event can change that. The text explains which components wait for
    /// which.
    Stalled(Arc<str>),
}

/// The state of a run at one safe point.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Increases with every snapshot.
    pub number: u64,
    /// State of the whole run.
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
    /// Number of the last batch that was applied.
    pub last_batch: u64,
    /// Outcomes of steps that failed since the run began, oldest first; at most 100.
    pub failed_steps: Vec<StepOutcome>,
    /// Crashes of components that their chassis has since removed, as name and error text; oldest first, at most 100.
    /// Crashes that the chassis has handled (`BoxIo::discard_child`) are not included.
    pub past_crashes: Vec<(Arc<str>, Arc<str>)>,
    /// Starving components, growing inboxes and the bottleneck, as found over the last few seconds of an observed run.
    /// Checked twice a second, for systems of up to 20 000 components.
    pub signs: Arc<Vec<Sign>>,
    /// Share of the scheduler's time spent on observing, 0 to 1.
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
