//! R10: a component's code may panic anywhere, and only that component ends.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::resume_unwind;

use compose_runtime::command::Step;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::RunEnd;
use compose_runtime::{component::Fate, dev::*};
use proptest::prelude::*;

use crate::world::*;

macro_rules! places {
    ($($place:ident),* $(,)?) => {
        /// Where the code of a component panics.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Place {
            $($place),*
        }

        use Place::*;

        const PLACES: &[Place] = &[$($place),*];
    };
}

places! {
    Nowhere,
    New,
    ExtraInboxes,
    ExtraOutboxes,
    DropBeforeStart,
    BeforeFirstAwait,
    AfterFirstAwait,
    DropOfLocal,
    DropOfPayload,
    DisplayOfCause,
    DropOfCause,
    DisplayAndDropOfError,
    DropOfResource,
    OutsideCall,
    OutsideTask,
    DropOfOutsideTask,
    DropOfOutsidePayload,
    ThreadNew,
    ThreadMain,
    DropOfThreadLocal,
    DropOfThreadPayload,
    DropOfThreadCause,
    JobOfThread,
    DropOfAnswer,
}

impl Place {
    fn of(params: &Params) -> Self {
        PLACES[params.int("place") as usize]
    }

    fn spec(self) -> &'static ComponentSpec {
        let is_thread = PLACES.iter().position(|place| *place == self) >= PLACES.iter().position(|it| *it == ThreadNew);
        if is_thread { &HOSTILE_THREAD } else { &HOSTILE }
    }

    fn params(self) -> BTreeMap<String, Message> {
        let index = PLACES.iter().position(|place| *place == self).unwrap();
        [("place".to_owned(), Message::Int(i64::try_from(index).unwrap()))].into()
    }

    /// The component is refused and never starts.
    fn is_refused(self) -> bool {
        matches!(self, New | ExtraInboxes | ExtraOutboxes | DropBeforeStart | ThreadNew)
    }

    /// The component ends without a crash, because only a value that it no longer owned panicked.
    fn is_harmless(self) -> bool {
        matches!(self, Nowhere | DropOfResource | DropOfOutsideTask)
    }
}

fn boom() -> ! {
    resume_unwind(Box::new("boom"))
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        boom()
    }
}

/// An error whose code panics at this place.
#[derive(Debug)]
struct HostileError(Place);

impl fmt::Display for HostileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self.0, DisplayOfCause | DisplayAndDropOfError) {
            boom();
        }
        f.write_str("boom")
    }
}

impl std::error::Error for HostileError {}

impl Drop for HostileError {
    fn drop(&mut self) {
        if matches!(self.0, DropOfCause | DisplayAndDropOfError | DropOfThreadCause) {
            boom();
        }
    }
}

const PLACE: &[ParamSpec] = &[ParamSpec::int("place", 0, 99, 0, "Where the code panics")];

static HOSTILE: ComponentSpec = ComponentSpec {
    type_name: "Hostile",
    inboxes: &[BoxSpec::new("inbox", "Starts the second part")],
    outboxes: &[BoxSpec::new("outbox", "Unused")],
    params: PLACE,
    extra_inboxes: Some(|params| {
        if matches!(Place::of(params), ExtraInboxes | DropBeforeStart) {
            boom();
        }
        vec!["more".to_owned()]
    }),
    extra_outboxes: Some(|params| if Place::of(params) == ExtraOutboxes { boom() } else { vec!["more".to_owned()] }),
    build: build::<Hostile>,
    ..ComponentSpec::EMPTY
};

struct Hostile {
    place: Place,
    _bomb: Option<Bomb>,
}

impl Component for Hostile {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let place = Place::of(params);
        if place == New {
            boom();
        }
        Ok(Self { place, _bomb: (place == DropBeforeStart).then(|| Bomb) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let _local = (self.place == DropOfLocal).then(|| Bomb);
        if self.place == BeforeFirstAwait {
            boom();
        }
        io.yield_now().await;
        match self.place {
            AfterFirstAwait => boom(),
            DropOfPayload => resume_unwind(Box::new(Bomb)),
            DisplayOfCause | DropOfCause => return Err(Fault::caused_by(HostileError(self.place))),
            DisplayAndDropOfError => return Err(HostileError(self.place).into()),
            DropOfResource => io.send("outbox", Resource::new("bomb", Bomb)).await,
            OutsideCall => drop(io.outside("call", |_| -> std::future::Ready<Outcome> { boom() }).recv().await?),
            OutsideTask => drop(io.outside("task", |_| async { boom() }).recv().await?),
            DropOfOutsidePayload => {
                drop(io.outside("payload", |_| async { resume_unwind(Box::new(Bomb)) }).recv().await?);
            }
            DropOfOutsideTask => {
                let task = io.outside("cancelled", |port| async move {
                    let _bomb = Bomb;
                    port.send("ready").await;
                    std::future::pending().await
                });
                task.recv().await?;
            }
            _ => {}
        }
        Ok(())
    }
}

static HOSTILE_THREAD: ComponentSpec = ComponentSpec {
    type_name: "HostileThread",
    params: PLACE,
    inboxes: &[BoxSpec::new("inbox", "Unused")],
    build: build_threaded::<HostileThread>,
    ..ComponentSpec::EMPTY
};

struct HostileThread(Place);

impl ThreadedComponent for HostileThread {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let place = Place::of(params);
        if place == ThreadNew { boom() } else { Ok(Self(place)) }
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let _local = (self.0 == DropOfThreadLocal).then(|| Bomb);
        match self.0 {
            ThreadMain => boom(),
            DropOfThreadPayload => resume_unwind(Box::new(Bomb)),
            DropOfThreadCause => return Err(Fault::caused_by(HostileError(self.0))),
            JobOfThread => drop(io.on_scheduler(|_| async { boom() })),
            DropOfAnswer => drop(io.on_scheduler(|_| async { Bomb })),
            _ => {}
        }
        Ok(())
    }
}

/// Starts a component as a child, and prints how it ended.
fn parent(place: Place) -> impl Fn(BoxIo) -> std::pin::Pin<Box<dyn Future<Output = Outcome>>> {
    move |io| {
        Box::pin(async move {
            match io.spawn("child", place.spec(), place.params(), Fate::LivesOn).await {
                Err(fault) => io.print(&format!("refused: {fault}")),
                Ok(_) => match io.child_ended().await {
                    Some((_, Err(fault))) => io.print(&format!("crashed: {fault}")),
                    Some((_, Ok(()))) => io.print("finished"),
                    None => io.print("no child"),
                },
            }
            Ok(())
        })
    }
}

fn described(place: Place) -> compose_runtime::topology::ComponentDesc {
    desc("hostile", place.spec().type_name, place.params())
}

/// Runs the components beside a pipeline, and checks that the pipeline keeps running and that each crash is reported.
fn check(cases: &[(Place, bool, bool)]) {
    let mut world = World::with(|config| {
        config.registry.register(&HOSTILE).unwrap();
        config.registry.register(&HOSTILE_THREAD).unwrap();
    });
    let bystander = world.pass_through("bystander");
    let mut started: Vec<(Place, ComponentId, bool)> = Vec::new();
    let mut expected = Vec::new();
    for (number, (place, as_child, restarts)) in cases.iter().copied().enumerate() {
        if as_child {
            world.add("parent", parent(place));
            expected.push(match place {
                _ if place.is_refused() => "refused",
                _ if place.is_harmless() => "finished",
                _ => "crashed",
            });
            continue;
        }
        let id = ComponentId(1000 + number as u64);
        let refusal = world.refusal(Step::Start { id, desc: described(place) });
        assert_eq!(refusal.is_some(), place.is_refused(), "{place:?}: {refusal:?}");
        if refusal.is_none() {
            started.push((place, id, restarts));
        }
    }
    world.put(bystander, "inbox", "through");
    world.run();
    for (place, id, restarts) in started {
        match world.state(id) {
            State::Crashed(text) => assert!(!place.is_harmless() && text.contains("panicked") || text.contains("boom")),
            state => assert!(place.is_harmless() && state == State::Finished, "{place:?}: {state:?}"),
        }
        if restarts {
            world.steps(vec![Step::Restart { id, desc: described(Nowhere) }]);
            world.run();
            assert_eq!(world.state(id), State::Finished, "{place:?}");
        }
    }
    let mut reported: Vec<String> =
        world.console().iter().filter_map(|line| Some(line.split(':').next()?.to_owned())).collect();
    reported.sort_unstable();
    expected.sort_unstable();
    assert_eq!(reported, expected, "{cases:?}: {:?}", world.console());
    assert_eq!(world.outbox(bystander, "outbox").sent, 1, "the others continue");
    world.finish(bystander);
    assert_ne!(world.run(), RunEnd::Quit);
    assert!(world.has_finished(bystander));
}

#[test]
fn r10_a_panic_at_any_place_ends_only_its_component() {
    for &place in PLACES {
        for as_child in [false, true] {
            check(&[(place, as_child, true)]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn r10_panics_at_any_places_leave_the_others_alone(
        cases in prop::collection::vec((prop::sample::select(PLACES), any::<bool>(), any::<bool>()), 1..8)
    ) {
        check(&cases);
    }
}
