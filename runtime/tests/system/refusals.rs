//! A refusal has a text and a typed cause, so that code need not parse the text (BOX-11, LINK-10, LINK-22).

use std::cell::RefCell;
use std::error::Error as _;

use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::prelude::*;
use compose_runtime::scheduler::GraphError;
use compose_runtime::topology::{LinkError, NoSuchBox};

thread_local! {
    static FAULTS: RefCell<Vec<Fault>> = const { RefCell::new(Vec::new()) };
}

fn record(fault: Fault) {
    FAULTS.with_borrow_mut(|faults| faults.push(fault));
}

fn no_box(component: &str, side: Direction, name: &str) -> NoSuchBox {
    NoSuchBox { component: component.into(), side, name: name.into() }
}

/// Tries to make invalid links, and starts a child that sends to a box it does not have.
struct Clumsy;

impl Component for Clumsy {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (own_in, own_out) = (BoxAddr::inbox(io.id(), "inbox"), BoxAddr::outbox(io.id(), "outbox"));
        record(io.link(own_out.clone(), BoxAddr::inbox(io.id(), "in")).await.unwrap_err());
        record(io.link(own_in.clone(), own_in.clone()).await.unwrap_err());
        record(io.delete_outbox("nowhere").await.unwrap_err());
        let child = io.spawn("child", &SPILL, [].into(), Fate::EndsWithOwner).await?;
        let (_, outcome) = io.child_ended().await.unwrap();
        record(outcome.unwrap_err());
        record(io.link(own_in, BoxAddr::outbox(child, "signal")).await.unwrap_err());
        Ok(())
    }
}

static CLUMSY: ComponentSpec = ComponentSpec {
    type_name: "Clumsy",
    inboxes: &[BoxSpec::new("inbox", "Unused")],
    outboxes: &[BoxSpec::new("outbox", "Unused")],
    build: build::<Clumsy>,
    ..ComponentSpec::EMPTY
};

/// Sends to a box it does not have.
struct Spill;

impl Component for Spill {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.send("outbux", "lost").await;
        Ok(())
    }
}

static SPILL: ComponentSpec = ComponentSpec { type_name: "Spill", build: build::<Spill>, ..ComponentSpec::EMPTY };

#[test]
fn a_component_gets_the_typed_cause_of_a_refusal() {
    let mut system = System::new();
    let clumsy = system.add("clumsy", &CLUMSY);
    assert_eq!(system.run(|_, _| {}).unwrap(), RunEnd::Ended);
    let faults = FAULTS.take();
    let links: Vec<Option<&LinkError>> = faults.iter().map(Fault::cause).collect();
    let own = BoxAddr::inbox(clumsy, "inbox");
    let missing = LinkError::NoSuchBox(no_box("clumsy", Direction::Inbox, "in"));
    let ring = LinkError::PassthroughRing(own.clone(), own);
    assert_eq!(links, [Some(&missing), Some(&ring), None, None, Some(&LinkError::InboxToOutbox)]);
    let boxes: Vec<&NoSuchBox> = faults.iter().filter_map(Fault::cause).collect();
    let expected = [("clumsy", "nowhere"), ("clumsy/child", "outbux")];
    let expected = expected.map(|(component, name)| no_box(component, Direction::Outbox, name));
    assert_eq!(boxes, expected.iter().collect::<Vec<_>>());
    assert_eq!(faults[3].text(), "clumsy/child has no outbox named outbux");
}

/// Tries to link boxes of a component that does not exist, from its own thread.
struct FarClumsy;

impl ThreadedComponent for FarClumsy {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let missing = ComponentId(99);
        let refused = io.link(BoxAddr::outbox(missing, "outbox"), BoxAddr::inbox(missing, "inbox")).unwrap_err();
        match refused.cause() {
            Some(LinkError::NoSuchComponent(id)) if *id == missing => Ok(()),
            _ => Err(refused),
        }
    }
}

static FAR_CLUMSY: ComponentSpec =
    ComponentSpec { type_name: "FarClumsy", build: build_threaded::<FarClumsy>, ..ComponentSpec::EMPTY };

#[test]
fn a_threaded_component_gets_the_typed_cause_of_a_refusal() {
    let mut system = System::new();
    let far = system.add("far", &FAR_CLUMSY);
    let mut scheduler = system.scheduler(|_| {}).unwrap();
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    assert_eq!(scheduler.snapshot().component(far).unwrap().state, State::Finished);
}

#[test]
fn a_refused_link_gives_a_typed_error_on_this_thread_and_in_the_background() {
    let mut system = System::new();
    let clumsy = system.add("clumsy", &CLUMSY);
    system.link((clumsy, "outbox"), (clumsy, "in"));
    let wanted = LinkError::from(no_box("clumsy", Direction::Inbox, "in"));
    let here = system.scheduler(|_| {}).map(drop).unwrap_err();
    assert!(matches!(&here, SystemError::Link(error) if *error == wanted), "{here:?}");
    assert_eq!(here.to_string(), "clumsy has no inbox named in");
    let far = system.spawn(|builder| builder).map(drop).unwrap_err();
    assert!(matches!(&far, SystemError::Link(error) if *error == wanted), "{far:?}");
}

#[test]
fn a_refused_setting_gives_a_typed_error() {
    let mut system = System::new();
    let clumsy = system.add("clumsy", &CLUMSY);
    system.set(clumsy, "colour", "green");
    let refused = system.spawn(|builder| builder).map(drop).unwrap_err();
    let source = refused.source().and_then(|source| source.downcast_ref::<GraphError>());
    let unknown = |error: &ParamError| matches!(error, ParamError::Unknown { param, .. } if param == "colour");
    assert!(matches!(source, Some(GraphError::Settings(errors)) if errors.iter().all(unknown)), "{refused:?}");
    assert!(refused.to_string().starts_with("there is no setting colour"), "{refused}");
}
