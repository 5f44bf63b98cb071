//! Components whose code is a closure, and the descriptions they run under.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use compose_runtime::component::Body;
use compose_runtime::dev::*;
use compose_runtime::registry::Registry;
use compose_runtime::topology::{ComponentBody, ComponentDesc, RestartPolicy};

type Script = Rc<dyn Fn(BoxIo) -> Body>;
type ThreadScript = Box<dyn FnOnce(ThreadIo) -> Outcome + Send>;

thread_local! {
    static SCRIPTS: RefCell<Vec<Script>> = const { RefCell::new(Vec::new()) };
    static THREADS: RefCell<Vec<Option<ThreadScript>>> = const { RefCell::new(Vec::new()) };
}

struct Scripted(Script);

impl Component for Scripted {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let index = usize::try_from(params.int("script")).unwrap();
        Ok(Self(SCRIPTS.with_borrow(|scripts| scripts[index].clone())))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        (self.0)(io).await
    }
}

struct Threaded(ThreadScript);

impl ThreadedComponent for Threaded {
    const QUEUE_LENGTH: usize = QUEUE;

    fn new(params: &Params) -> Result<Self, ParamError> {
        let index = usize::try_from(params.int("script")).unwrap();
        let script = THREADS.with_borrow_mut(|threads| threads[index].take());
        Ok(Self(script.unwrap_or_else(|| Box::new(|_| Ok(())))))
    }

    fn main(self, io: ThreadIo) -> Outcome {
        (self.0)(io)
    }
}

/// The queue length of threaded components in these tests.
pub const QUEUE: usize = 4;

const INBOXES: &[BoxSpec] = &[BoxSpec::new("inbox", "In"), BoxSpec::new("second", "Also in")];
const OUTBOXES: &[BoxSpec] = &[BoxSpec::new("outbox", "Out"), BoxSpec::new("other", "Also out")];
const PARAMS: &[ParamSpec] = &[ParamSpec::count("script", 0, "Which closure")];

/// Two inboxes, two outboxes.
pub static SCRIPT: ComponentSpec = ComponentSpec {
    type_name: "Script",
    inboxes: INBOXES,
    outboxes: OUTBOXES,
    params: PARAMS,
    build: build::<Scripted>,
    ..ComponentSpec::EMPTY
};

/// No inbox.
pub static SOURCE: ComponentSpec = ComponentSpec { type_name: "Source", inboxes: &[], ..SCRIPT };

/// Only the boxes that always exist.
pub static BARE: ComponentSpec = ComponentSpec { type_name: "Bare", inboxes: &[], outboxes: &[], ..SCRIPT };

/// Two inboxes, two outboxes, on a thread.
pub static THREAD: ComponentSpec = ComponentSpec { type_name: "Thread", build: build_threaded::<Threaded>, ..SCRIPT };

struct Echo;

impl Component for Echo {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

/// Passes `inbox` on to `outbox`.
pub static ECHO: ComponentSpec = ComponentSpec { type_name: "Echo", params: &[], build: build::<Echo>, ..SCRIPT };

pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for spec in [&SCRIPT, &SOURCE, &BARE, &THREAD, &ECHO] {
        registry.register(spec).unwrap();
    }
    registry
}

/// A closure as a setting.
pub fn script<F, T>(code: F) -> Message
where
    F: Fn(BoxIo) -> T + 'static,
    T: Future<Output = Outcome> + 'static,
{
    SCRIPTS.with_borrow_mut(|scripts| {
        scripts.push(Rc::new(move |io| Box::pin(code(io))));
        Message::Int(i64::try_from(scripts.len() - 1).unwrap())
    })
}

pub fn desc(name: &str, type_name: &str, params: BTreeMap<String, Message>) -> ComponentDesc {
    ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    }
}

pub fn composite_desc(name: &str, inboxes: &[&str], outboxes: &[&str]) -> ComponentDesc {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let body = ComponentBody::Composite { inboxes: owned(inboxes), outboxes: owned(outboxes) };
    ComponentDesc { body, ..desc(name, "", BTreeMap::new()) }
}

/// A closure for a thread, as a setting.
pub fn thread_script(code: impl FnOnce(ThreadIo) -> Outcome + Send + 'static) -> Message {
    THREADS.with_borrow_mut(|threads| {
        threads.push(Some(Box::new(code)));
        Message::Int(i64::try_from(threads.len() - 1).unwrap())
    })
}
