//! Graph: the running components and links of one scheduler, and everything that changes them.
//!
//! Owned by the scheduler; changed only between turns, except that a turn may end its own component. `parts` prepares
//! components; `start` starts and restarts them; `end` and `finish` end them; `children` handles components that other
//! components start; `steps` applies batches; `granting` answers requests; `attach` and `bridging` make ports for
//! handles and bridges. The scheduler reads the graph through `reading`, and runs it through `passes`.

mod attach;
mod bridging;
mod children;
mod end;
pub(crate) mod error;
mod finish;
mod granting;
mod names;
mod nesting;
mod parts;
mod passes;
mod reading;
mod start;
mod steps;

use std::rc::Rc;

use self::names::Names;
use super::context::RunContext;
use super::failures::Failures;
use super::policy::Policy;
use super::restart_timers::RestartTimers;
use super::table::Table;
use super::turns::Turns;
use crate::delivery::inbox::Admission;
use crate::delivery::postoffice::{Directory as _, Postoffice};
use crate::ids::{BoxAddr, ComponentId, LinkageId};
use crate::message::Message;
use crate::params::Params;
use crate::registry::Registry;
use crate::topology::{LinkError, LinkageDesc};

/// The first identity that the scheduler assigns itself, to children and to the ports of handles.
const FIRST_OWN_ID: u64 = 1 << 32;

/// Settings of a graph.
pub(crate) struct GraphConfig {
    pub registry: Registry,
    pub policy: Policy,
    pub seed: u64,
    /// Deliveries are traced, so routes carry names.
    pub is_traced: bool,
    /// Types that are notified at their start that no user events will come.
    pub unattended: &'static [&'static str],
    /// A user may restart crashed components.
    pub awaits_repair: bool,
    /// The first failure shuts down all components.
    pub stops_at_failure: bool,
}

/// The running components and links.
pub(crate) struct Graph {
    context: Rc<RunContext>,
    table: Table,
    postoffice: Postoffice,
    turns: Turns,
    restart_timers: RestartTimers,
    failures: Failures,
    registry: Registry,
    names: Names,
    /// The empty settings that components without settings share.
    no_params: Rc<Params>,
    /// How many identities the scheduler has assigned.
    next_own: u64,
    unattended: &'static [&'static str],
    awaits_repair: bool,
    stops_at_failure: bool,
    /// All components were asked to end at once, so crashed components are not restarted.
    is_ending: bool,
    /// Slots of removed components that were queued for a turn, until the queues forget them.
    without_turns: Vec<u32>,
}

impl Graph {
    pub fn new(context: Rc<RunContext>, config: GraphConfig) -> Self {
        Self {
            table: Table::new(context.clone()),
            context,
            postoffice: Postoffice::new(config.is_traced),
            turns: Turns::new(config.policy, config.seed),
            restart_timers: RestartTimers::default(),
            failures: Failures::default(),
            registry: config.registry,
            names: Names::default(),
            no_params: Rc::default(),
            next_own: 0,
            unattended: config.unattended,
            awaits_repair: config.awaits_repair,
            stops_at_failure: config.stops_at_failure,
            is_ending: false,
            without_turns: Vec::new(),
        }
    }

    /// A new identity.
    fn own_id(&mut self) -> ComponentId {
        loop {
            let id = ComponentId(FIRST_OWN_ID + self.next_own);
            self.next_own += 1;
            if !self.table.contains(id) {
                return id;
            }
        }
    }

    /// Assigns identities from a range that no other scheduler of the cluster uses.
    pub fn number_from(&mut self, scheduler: usize) {
        self.next_own = (scheduler as u64) << 32;
    }

    /// Puts a message into an inbox, or into the inboxes to which it is linked onward, beyond the limit if necessary
    /// (BOX-19). False if no inbox received it.
    pub fn put(&self, inbox: &BoxAddr, message: &Message) -> bool {
        let sinks = self.postoffice.final_sinks(&self.table, inbox);
        for sink in &sinks {
            sink.accept(&self.context.run_queue, message.clone(), true);
        }
        !sinks.is_empty()
    }

    /// The same as [`Graph::put`], but returns the message if an inbox does not accept it.
    pub fn try_put(&self, inbox: &BoxAddr, message: Message) -> Result<(), Message> {
        let sinks = self.postoffice.final_sinks(&self.table, inbox);
        if sinks.is_empty() || sinks.iter().any(|sink| sink.admission() != Admission::Accepted) {
            return Err(message);
        }
        for sink in &sinks {
            sink.accept(&self.context.run_queue, message.clone(), false);
        }
        Ok(())
    }

    /// Makes a link. `owner`: the component that makes it, if one does.
    pub fn link(&mut self, linkage: LinkageDesc, owner: Option<ComponentId>) -> Result<LinkageId, LinkError> {
        let made = self.postoffice.link(&self.table, linkage, owner);
        self.postoffice.route_all(&self.table);
        made
    }

    /// Starts or stops keeping copies of the last messages of a link.
    pub fn tap(&mut self, linkage: &LinkageDesc, on: bool) {
        self.postoffice.tap(&self.table, linkage, on);
    }

    /// Keeps a failure that does not belong to a step, for snapshots.
    pub fn note_failure(&mut self, component: Option<ComponentId>, text: &str) {
        self.failures.note(component, text);
    }

    /// Takes all messages out of an inbox, oldest first.
    pub fn take_all(&self, inbox: &BoxAddr) -> Vec<Message> {
        let Some(inbox) = self.table.inbox(inbox) else { return Vec::new() };
        std::iter::from_fn(|| inbox.take(&self.context.run_queue)).collect()
    }

    /// How many messages wait in an inbox.
    pub fn depth(&self, inbox: &BoxAddr) -> usize {
        self.table.inbox(inbox).map_or(0, |inbox| inbox.depth())
    }

    /// Puts a shutdown message into the `control` of every component. `first_only`: only of components that no other
    /// component feeds, so that the end follows the data.
    pub fn ask_all(&mut self, message: &Message, first_only: bool) {
        self.resume_all();
        let cores = self.table.cores().filter(|core| !(first_only && self.is_fed_by_any(core)));
        let asked: Vec<ComponentId> = cores.map(|core| core.id()).collect();
        for id in asked {
            self.put(&BoxAddr::inbox(id, "control"), message);
        }
    }

    /// Wakes all components that are paused by hand: a paused component could not end.
    fn resume_all(&mut self) {
        if !self.table.has_paused() {
            return;
        }
        let paused: Vec<ComponentId> =
            self.table.iter().filter(|slot| slot.is_paused()).map(|slot| slot.core.id()).collect();
        for id in paused {
            self.pause_component(id, false);
        }
    }

    /// Pauses (true) or wakes (false) a component by hand.
    pub fn pause_component(&mut self, id: ComponentId, pause: bool) {
        let Some(core) = self.table.core(id).cloned() else { return };
        let is_going = self.table.get(core.slot()).is_some_and(|slot| !slot.life.has_ended());
        if !is_going || !self.table.set_paused(core.slot(), pause) {
            return;
        }
        let state = &core.boxes.wake_state;
        if pause {
            state.suspend();
            return;
        }
        state.resume();
        if state.take_pending_wake() || core.yielded.get() {
            self.context.run_queue.wake(state);
        }
    }
}
