//! A recording contains the requests and messages of threads and processes, so a replay does not run them (R2).

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::record::Recorded;
use compose_runtime::scheduler::{RunEnd, SchedulerConfig};

use crate::world::*;

type Trace = Rc<RefCell<Vec<String>>>;

/// Writes every delivery into `trace`.
fn traced(config: &mut SchedulerConfig, trace: &Trace) {
    let lines = trace.clone();
    config.trace = Some(Box::new(move |delivery| {
        let line = format!("{} {} {} {}", delivery.pass, delivery.from, delivery.to, delivery.message);
        lines.borrow_mut().push(line);
    }));
}

/// A thread that makes every kind of call, and a component that receives its messages.
fn build(world: &mut World, code: impl FnOnce(ThreadIo) -> Outcome + Send + 'static) -> ComponentId {
    let sink = world.add("sink", |io| async move {
        while let Some(message) = io.recv("inbox").await {
            io.print(&message.to_string());
            io.send("outbox", message).await;
        }
        Ok(())
    });
    let thread = world.thread("thread", code);
    assert_eq!((sink, thread), (ComponentId(1), ComponentId(2)));
    world.wire(sink, thread);
    thread
}

fn busy(mut io: ThreadIo) -> Outcome {
    let out = io.add_outbox("extra")?;
    let linkage = io.link(BoxAddr::outbox(ComponentId(2), out.clone()), BoxAddr::inbox(ComponentId(1), "inbox"))?;
    for number in 0..20 {
        if io.try_send(&out, number).is_err() {
            io.pause(Some(Duration::from_secs(1)));
        }
        io.try_recv("inbox");
    }
    io.sleep(Duration::from_secs(1));
    io.recv_timeout("second", Duration::from_secs(1));
    io.unlink(linkage);
    io.sync();
    io.print("done");
    Ok(())
}

#[test]
fn a_replay_of_a_threaded_component_starts_no_thread() {
    let (first, again) = (Trace::default(), Trace::default());
    let tape: Rc<RefCell<Vec<Recorded>>> = Rc::default();
    let recorded = tape.clone();
    let mut world = World::with(|config| {
        traced(config, &first);
        config.record = Some(Box::new(move |event| recorded.borrow_mut().push(event)));
    });
    let thread = build(&mut world, busy);
    assert!(matches!(world.run(), RunEnd::Stalled(_)), "the sink waits for ever");
    assert!(world.has_finished(thread));
    let (lines, console) = (first.borrow().clone(), world.console());
    assert!(lines.len() > 5);

    let mut world = World::with(|config| {
        traced(config, &again);
        config.replay = Some(tape.borrow().clone());
    });
    let thread = build(&mut world, |_| panic!("no thread may run in a replay"));
    world.run();
    assert!(world.has_finished(thread));
    assert_eq!((again.borrow().clone(), world.console()), (lines, console));
}
