//! Kernel: what components share with their scheduler while a turn is going on.
//!
//! One per scheduler, behind `Rc`, touched only on its thread. It holds queues and switches; decisions are taken in
//! `scheduler`, between turns.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crossbeam_channel::Sender;

use super::Delivery;
use super::ask::Request;
use super::clock::Timers;
use super::intake::Intake;
use super::leaving::Leaving;
use super::pulse::Pulse;
use crate::component::port::Drain;
use crate::introspect::record::{Event, PortEvent, RecordFn, Recorded};
use crate::message::Message;
use crate::outbox::Route;
use crate::template::Template;
use crate::tracker::Tracker;

/// Called for every delivery when tracing.
pub type TraceFn = Box<dyn FnMut(&Delivery<'_>)>;

/// Where notes go when there is no console to show them on: standard output belongs to the console components.
pub fn note_on_stderr(component: &str, words: &str) {
    // With standard error closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{component}: {words}");
}

/// Called for every console line: the component's name and the line.
pub type ConsoleFn = Box<dyn FnMut(&str, &str)>;

/// What the kernel is connected to.
pub(crate) struct Wiring {
    pub base_folder: PathBuf,
    pub console: ConsoleFn,
    pub note: ConsoleFn,
    pub trace: Option<TraceFn>,
    pub record: Option<RecordFn>,
    pub is_replay: bool,
}

/// What components share with their scheduler.
pub(crate) struct Kernel {
    /// Woken components in the order of the wakes; they are appended behind those that continue (SCHED-4).
    pub woken: RefCell<Vec<u32>>,
    now: Cell<Duration>,
    pub pass: Cell<u64>,
    pub deliveries: Cell<u64>,
    /// Counts up with every change of components, boxes and links.
    pub topology: Cell<u64>,
    /// Deliveries still allowed before everything holds; `u64::MAX` is no limit (R11).
    pub allowance: Cell<u64>,
    /// The turn that is going on has used up the allowance and must stop where it is.
    pub held: Cell<bool>,
    pub timers: RefCell<Timers>,
    pub tracker: RefCell<Tracker>,
    /// What chassis make instances of, by name.
    pub templates: RefCell<BTreeMap<Arc<str>, Arc<Template>>>,
    pub requests: RefCell<Vec<Request>>,
    /// Ends of all outside ports that are open.
    pub ports: RefCell<Vec<std::rc::Weak<dyn Drain>>>,
    /// Some port may have something to bring in.
    pub ports_stirred: Cell<bool>,
    /// Threads whose components have ended.
    pub leaving: RefCell<Vec<Leaving>>,
    pub console: RefCell<ConsoleFn>,
    pub note: RefCell<ConsoleFn>,
    pub tracer: RefCell<Option<TraceFn>>,
    recorder: RefCell<Option<RecordFn>>,
    recording: bool,
    /// What comes from outside comes from a recording.
    pub is_replay: bool,
    next_port: Cell<u64>,
    /// The scheduler waits for a busy far end: whoever becomes idle says so.
    pub waits_for_idle: Arc<AtomicBool>,
    pub intake: Sender<Intake>,
    pub base_folder: PathBuf,
}

impl Kernel {
    pub fn new(intake: Sender<Intake>, config: Wiring) -> Rc<Self> {
        Rc::new(Self {
            woken: RefCell::new(Vec::new()),
            now: Cell::new(Duration::ZERO),
            pass: Cell::new(0),
            deliveries: Cell::new(0),
            topology: Cell::new(1),
            allowance: Cell::new(u64::MAX),
            held: Cell::new(false),
            timers: RefCell::new(Timers::default()),
            tracker: RefCell::new(Tracker::default()),
            templates: RefCell::default(),
            requests: RefCell::new(Vec::new()),
            ports: RefCell::new(Vec::new()),
            ports_stirred: Cell::new(false),
            leaving: RefCell::new(Vec::new()),
            console: RefCell::new(config.console),
            note: RefCell::new(config.note),
            tracer: RefCell::new(config.trace),
            recording: config.record.is_some(),
            recorder: RefCell::new(config.record),
            is_replay: config.is_replay,
            next_port: Cell::new(0),
            waits_for_idle: Arc::new(AtomicBool::new(false)),
            intake,
            base_folder: config.base_folder,
        })
    }

    /// The number of the next port to open.
    pub fn next_port(&self) -> u64 {
        self.next_port.set(self.next_port.get() + 1);
        self.next_port.get()
    }

    pub fn is_recording(&self) -> bool {
        self.recording
    }

    pub fn record(&self, event: Event) {
        if let Some(recorder) = self.recorder.borrow_mut().as_mut() {
            recorder(Recorded { pass: self.pass.get(), event });
        }
    }

    pub fn record_port(&self, number: u64, event: PortEvent) {
        if self.recording {
            self.record(Event::Port(number, event));
        }
    }

    /// The moment at which the current pass began.
    pub fn now(&self) -> Duration {
        self.now.get()
    }

    pub fn set_now(&self, now: Duration) {
        self.now.set(now);
    }

    /// Components, boxes or links have changed.
    pub fn note_topology(&self) {
        self.topology.set(self.topology.get() + 1);
    }

    /// Puts a component into the run queue, once.
    pub fn wake(&self, pulse: &Pulse) {
        if pulse.asleep_by_force.get() {
            pulse.wake_noted.set(true);
            return;
        }
        if !pulse.queued.replace(true) {
            // Until its turn nothing more can wake it: spare the senders the question.
            pulse.waits.set(0);
            self.woken.borrow_mut().push(pulse.slot);
        }
    }

    /// One send is going to its links: counts it and uses up the allowance.
    pub fn count_delivery(&self) {
        self.deliveries.set(self.deliveries.get() + 1);
        let allowance = self.allowance.get();
        if allowance != u64::MAX {
            self.allowance.set(allowance.saturating_sub(1));
        }
    }

    pub fn trace(&self, route: &Route, sequence: u64, message: &Message) {
        let names = route.names.borrow();
        let Some((from, to)) = &*names else { return };
        if let Some(tracer) = self.tracer.borrow_mut().as_mut() {
            tracer(&Delivery { at: self.now(), pass: self.pass.get(), sequence, from, to, message });
        }
    }

    pub fn print(&self, component: &str, line: &str) {
        (self.console.borrow_mut())(component, line);
    }

    pub fn note(&self, component: &str, words: &str) {
        (self.note.borrow_mut())(component, words);
    }
}
