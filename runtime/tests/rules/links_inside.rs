//! Section 2, links that a component makes and removes itself.

use compose_runtime::ids::{BoxAddr, ComponentId};

use crate::world::*;

const SOURCE: ComponentId = ComponentId(1);
const SINK: ComponentId = ComponentId(2);

fn pair(world: &mut World) {
    let source = world.source("source", |io| async move {
        for number in 1..=8 {
            io.send("outbox", number).await;
            io.yield_now().await;
        }
        Ok(())
    });
    let sink = world.idle("sink");
    assert_eq!((source, sink), (SOURCE, SINK));
}

#[test]
fn link_3_link_4_any_component_may_link_any_boxes_and_receives_a_description() {
    let mut world = World::default();
    pair(&mut world);
    world.add("matchmaker", |io| async move {
        let made = io.link(BoxAddr::outbox(SOURCE, "outbox"), BoxAddr::inbox(SINK, "inbox")).await?;
        io.print(&made.to_string());
        // The description can be dropped, because it takes no part in delivery.
        io.recv("control").await;
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["#1.outbox -> #2.inbox"]);
    assert_eq!(world.links().len(), 1);
    assert!(world.depth(SINK, "inbox") > 0);
}

#[test]
fn link_16_unlinking_a_missing_link_or_one_of_another_component_does_nothing() {
    let mut world = World::default();
    pair(&mut world);
    world.wire(SOURCE, SINK);
    world.add("meddler", |io| async move {
        io.unlink(data(SOURCE, "outbox", SINK, "inbox")).await;
        let own = io.link(BoxAddr::outbox(SOURCE, "other"), BoxAddr::inbox(SINK, "inbox")).await?;
        io.unlink(own.clone()).await;
        io.unlink(own).await;
        io.recv("control").await;
        Ok(())
    });
    world.settle();
    assert_eq!(world.links(), [data(SOURCE, "outbox", SINK, "inbox")]);
    assert_eq!(world.depth(SINK, "inbox"), 8);
}

#[test]
fn link_17_unlinking_a_component_removes_only_the_links_of_the_caller() {
    let mut world = World::default();
    pair(&mut world);
    world.wire(SOURCE, SINK);
    world.add("tidies", |io| async move {
        io.link(BoxAddr::outbox(SOURCE, "other"), BoxAddr::inbox(SINK, "second")).await?;
        io.link(BoxAddr::outbox(io.id(), "outbox"), BoxAddr::inbox(SINK, "second")).await?;
        io.link(BoxAddr::outbox(io.id(), "other"), BoxAddr::inbox(io.id(), "second")).await?;
        io.unlink_component(SINK).await;
        io.recv("control").await;
        Ok(())
    });
    world.settle();
    let tidies = ComponentId(3);
    assert_eq!(world.links(), [data(SOURCE, "outbox", SINK, "inbox"), data(tidies, "other", tidies, "second")]);
}

#[test]
fn a_component_cannot_make_a_link_that_exists() {
    let mut world = World::default();
    pair(&mut world);
    world.wire(SOURCE, SINK);
    let repeats = world.add("repeats", |io| async move {
        io.link(BoxAddr::outbox(SOURCE, "outbox"), BoxAddr::inbox(SINK, "inbox")).await?;
        Ok(())
    });
    world.settle();
    assert_eq!(world.crash(repeats), "#1.outbox is already linked to #2.inbox");
}

#[test]
fn links_made_by_a_component_stay_at_its_end_and_go_when_it_is_removed() {
    let mut world = World::default();
    pair(&mut world);
    let maker = world.add("maker", |io| async move {
        io.link(BoxAddr::outbox(SOURCE, "outbox"), BoxAddr::inbox(SINK, "inbox")).await?;
        io.link(BoxAddr::outbox(io.id(), "outbox"), BoxAddr::inbox(SINK, "second")).await?;
        Ok(())
    });
    world.settle();
    assert!(world.has_finished(maker));
    assert_eq!(world.links().len(), 2, "the end of its stream travels along its link (R9)");
    world.steps(vec![compose_runtime::command::Step::Stop { id: maker }]);
    assert_eq!(world.links(), [data(SOURCE, "outbox", SINK, "inbox")], "links between other components stay");
}
