//! The bridge with a real runtime: the running system matches the document.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;

use super::*;
use crate::document::{EditCommand, Node};

/// More lines than the runtime keeps between two frames.
const MANY: u64 = 10_050;

struct Count;

impl Component for Count {
    fn new(params: &Params) -> Result<Self, ParamError> {
        if params.text("text") == "bad" { Err(ParamError::Other("bad text".to_owned())) } else { Ok(Self) }
    }
    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let lines = if message == Message::text("many") { MANY } else { 1 };
            for _ in 0..lines {
                io.print(&message.to_string());
            }
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

static COUNT: ComponentSpec = ComponentSpec {
    type_name: "Count",
    inboxes: &[BoxSpec::new("inbox", "In")],
    outboxes: &[BoxSpec::new("outbox", "Out")],
    params: &[ParamSpec::text("text", "", "Anything")],
    build: build::<Count>,
    ..ComponentSpec::EMPTY
};

thread_local! {
    /// Signals every new snapshot of the run of this test.
    static PUBLISHED: RefCell<Option<Receiver<()>>> = const { RefCell::new(None) };
}

/// `a -> b`, running.
fn running() -> (Live, Document) {
    let mut registry = Registry::default();
    registry.register(&COUNT).unwrap();
    let mut document = Document::new();
    for (id, name) in [(1, "a"), (2, "b")] {
        document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(id), name, "Count") }).unwrap();
    }
    document.apply(EditCommand::Connect { wire: wire() }).unwrap();
    let mut live = Live::new(registry);
    let (sender, published) = std::sync::mpsc::channel();
    // The test may be over before the run.
    live.run(&document, RunSettings::default(), move || {
        let _ = sender.send(());
    })
    .unwrap();
    PUBLISHED.set(Some(published));
    (live, document)
}

fn wire() -> Wire {
    Wire::data(NodeId(1), "outbox", NodeId(2), "inbox")
}

/// Runs frames until the condition holds; panics after ten seconds.
fn until(live: &mut Live, mut holds: impl FnMut(&Live, &[Notice]) -> bool) {
    let mut notices = Vec::new();
    loop {
        notices.extend(live.begin_frame());
        if holds(live, &notices) {
            return;
        }
        wait_for_a_snapshot(&notices);
    }
}

/// Waits for the next snapshot of the run; panics after ten seconds without one.
fn wait_for_a_snapshot(notices: &[Notice]) {
    PUBLISHED.with_borrow(|published| {
        let signal = published.as_ref().map(|published| published.recv_timeout(Duration::from_secs(10)));
        assert_eq!(signal, Some(Ok(())), "nothing new was published; notices: {notices:?}");
    });
}

#[test]
fn the_document_runs_and_accepts_injected_messages() {
    let (mut live, _) = running();
    live.tap(&wire(), true);
    live.inject(&Port::inbox(NodeId(1), "inbox"), Message::text("hello"));
    until(&mut live, |live, _| live.view().linkage(&wire()).is_some_and(|view| view.delivered == 1));
    until(&mut live, |live, _| live.view().console().len() == 2);
    assert!(live.view().is_running());
    assert_eq!(&*live.view().component(NodeId(2)).unwrap().name, "b");
}

#[test]
fn the_console_counts_lost_lines() {
    let (mut live, _) = running();
    live.inject(&Port::inbox(NodeId(1), "inbox"), Message::text("many"));
    let has_printed = |live: &Live| {
        let snapshot = live.handle.as_ref().unwrap().snapshot();
        let last = snapshot.component(NodeId(2).into());
        last.is_some_and(|view| view.received == 1 && matches!(view.state, State::Waiting(_)))
    };
    while !has_printed(&live) {
        wait_for_a_snapshot(&[]);
    }
    live.begin_frame();
    let console = live.view().console();
    assert!(console.lost() >= 2 * MANY - 10_000, "{}", console.lost());
    assert_eq!(console.lost() + console.len() as u64, 2 * MANY);
}

#[test]
fn the_console_keeps_its_lines_after_a_restart() {
    let (mut live, document) = running();
    live.inject(&Port::inbox(NodeId(1), "inbox"), Message::text("hello"));
    until(&mut live, |live, _| live.view().console().len() == 2);
    live.run(&document, RunSettings::default(), || {}).unwrap();
    assert_eq!(live.view().console().len(), 2);
    live.clear_console();
    assert!(live.view().console().is_empty());
}

#[test]
fn an_edit_changes_the_running_system_and_moving_does_not() {
    let (mut live, mut document) = running();
    until(&mut live, |live, _| live.view().component(NodeId(2)).is_some());
    let batches = live.next_batch;
    document.apply(EditCommand::MoveNodes { moves: vec![(NodeId(1), [9.0, 9.0])] }).unwrap();
    live.sync(&document, &ParameterValues::new());
    assert_eq!(live.next_batch, batches);
    document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(3), "c", "Count") }).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |live, _| live.view().component(NodeId(3)).is_some());
    document.apply(EditCommand::RemoveNode { id: NodeId(3) }).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |live, _| live.view().component(NodeId(3)).is_none());
}

#[test]
fn grouping_in_a_running_system_restarts_no_component() {
    let (mut live, mut document) = running();
    let nodes = std::collections::BTreeSet::from([NodeId(2)]);
    let (command, composite) = crate::document::edits::group(&document, &nodes, "box").unwrap();
    document.apply(command).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |live, _| {
        live.view().component(NodeId(2)).is_some_and(|view| view.parent == Some(composite.into()))
    });
    live.inject(&Port::inbox(NodeId(1), "inbox"), Message::text("in"));
    until(&mut live, |live, _| live.view().component(NodeId(2)).is_some_and(|view| view.received == 1));
    let command = crate::document::edits::expand(&document, composite).unwrap();
    document.apply(command).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |live, _| live.view().component(composite).is_none());
    let view = live.view().component(NodeId(2)).unwrap();
    assert_eq!((view.restarts, view.parent, view.received), (0, None, 1));
}

#[test]
fn a_refused_step_is_reported_and_tried_again_after_the_next_edit() {
    let (mut live, mut document) = running();
    let node = Node::leaf(NodeId(3), "c", "Count").param("text", "bad");
    document.apply(EditCommand::AddNode { node }).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |_, notices| notices.iter().any(|notice| notice.text() == "C could not be started: bad text."));
    document.apply(EditCommand::SetParam { id: NodeId(3), name: "text".to_owned(), value: None }).unwrap();
    live.sync(&document, &ParameterValues::new());
    until(&mut live, |live, _| live.view().component(NodeId(3)).is_some());
}

#[test]
fn a_paused_system_delivers_nothing_and_a_stopped_one_keeps_the_last_values() {
    let (mut live, _) = running();
    live.pause();
    live.inject(&Port::inbox(NodeId(1), "inbox"), Message::text("later"));
    until(&mut live, |live, _| live.view().component(NodeId(1)).is_some_and(|view| view.inboxes[0].depth == 1));
    assert!(live.view().is_paused());
    live.resume();
    until(&mut live, |live, _| live.view().console().len() == 2);
    live.stop();
    assert!(live.stopping_since.is_some());
    until(&mut live, |live, _| !live.view().is_running());
    assert_eq!(live.view().component(NodeId(1)).unwrap().state, State::Finished);
}

/// Lets the component Hog return.
static RELEASE: AtomicBool = AtomicBool::new(false);

struct Hog;

impl Component for Hog {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }
    async fn main(self, _: BoxIo) -> Outcome {
        while !RELEASE.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        Ok(())
    }
}

static HOG: ComponentSpec = ComponentSpec { type_name: "Hog", build: build::<Hog>, ..ComponentSpec::EMPTY };

#[test]
fn a_component_that_keeps_its_turn_is_named_and_the_run_can_be_abandoned_and_started_again() {
    let mut registry = Registry::default();
    registry.register(&HOG).unwrap();
    let mut document = Document::new();
    document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(1), "loop", "Hog") }).unwrap();
    let mut live = Live::new(registry);
    let (sender, changes) = std::sync::mpsc::channel();
    let run = |live: &mut Live| {
        let sender = sender.clone();
        // The test may be over before the run.
        let on_change = move || {
            let _ = sender.send(());
        };
        live.run(&document, RunSettings::default(), on_change).unwrap();
    };
    run(&mut live);
    while live.view().held().is_none() {
        changes.recv_timeout(Duration::from_secs(10)).unwrap();
        live.begin_frame();
    }
    assert_eq!(&*live.view().held().unwrap().component, "loop");
    live.stop();
    live.stop();
    assert!(!live.view().is_running() && live.view().held().is_none());
    let notices: Vec<String> = live.begin_frame().iter().map(|notice| notice.text().to_owned()).collect();
    assert!(notices.len() == 1 && notices[0].contains("abandoned, because loop has not returned"), "{notices:?}");
    // The next run has its own scheduler.
    RELEASE.store(true, Ordering::Relaxed);
    run(&mut live);
    let has_ended = |live: &Live| live.view().has_ended();
    while !has_ended(&live) {
        changes.recv_timeout(Duration::from_secs(10)).unwrap();
        live.begin_frame();
    }
}
