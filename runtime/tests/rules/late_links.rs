//! R9 in live edits: a stream ends for its reader once its last source has ended, even if links change in the
//! meantime.

use compose_runtime::dev::*;
use compose_runtime::scheduler::RunEnd;

use crate::world::*;

#[test]
fn r9_a_link_from_a_finished_component_ends_the_stream_of_a_reader_that_waits() {
    let mut world = World::default();
    let (source, printer) = (world.sender("source", &["unheard"]), world.printer("printer"));
    world.settle();
    assert!(world.has_finished(source) && world.console().is_empty());
    world.wire(source, printer);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["end"]);
}

#[test]
fn r9_a_link_from_a_finished_component_through_a_composite_ends_the_stream_too() {
    let mut world = World::default();
    let (source, printer) = (world.sender("source", &[]), world.printer("printer"));
    let graph = world.composite("graph");
    world.join(printer, graph);
    world.link(data(source, "outbox", graph, "inbox"));
    world.settle();
    assert_eq!(world.console(), Vec::<String>::new());
    world.link(inward(graph, "inbox", printer, "inbox"));
    world.settle();
    assert_eq!(world.console(), ["end"]);
}

#[test]
fn r9_a_link_from_a_finished_component_does_not_end_a_stream_with_another_source() {
    let mut world = World::default();
    let (finished, going) = (world.sender("finished", &[]), world.pass_through("going"));
    let printer = world.printer("printer");
    world.wire(going, printer);
    world.settle();
    world.wire(finished, printer);
    world.settle();
    world.put(going, "inbox", "through");
    world.settle();
    assert_eq!(world.console(), ["through"]);
}

#[test]
fn r9_removing_the_last_source_that_runs_ends_the_stream_if_the_others_have_finished() {
    let mut world = World::default();
    let (finished, going) = (world.sender("finished", &["one"]), world.idle("going"));
    let printer = world.printer("printer");
    world.wire(finished, printer);
    world.wire(going, printer);
    world.settle();
    assert_eq!(world.console(), ["one"]);
    world.unlink(data(going, "outbox", printer, "inbox"));
    world.settle();
    assert_eq!(world.console(), ["one", "end"]);
}

#[test]
fn r9_a_link_from_an_outbox_that_was_finished_ends_the_stream() {
    let mut world = World::default();
    let source = world.add("source", |io| async move {
        io.finish("outbox");
        io.recv("inbox").await;
        Ok(())
    });
    let any = world.add("any", |io| async move {
        while io.recv_any(&["inbox", "second"]).await.is_some() {}
        io.print("end");
        Ok(())
    });
    world.settle();
    world.link(data(source, "outbox", any, "second"));
    world.settle();
    assert_eq!(world.console(), ["end"]);
}

#[test]
fn r9_a_link_from_a_crashed_component_that_can_be_repaired_does_not_end_the_stream() {
    let mut world = World::with(|config| config.awaits_repair = true);
    let crashed = world.source("crashed", |_| async { Err(Fault::new("on purpose")) });
    let printer = world.printer("printer");
    world.settle();
    world.wire(crashed, printer);
    world.settle();
    assert_eq!(world.crash(crashed), "on purpose");
    assert_eq!(world.console(), Vec::<String>::new());
}
