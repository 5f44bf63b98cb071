//! Section 4, components: children.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use compose_runtime::command::{RuntimeCommand, Step};
use compose_runtime::dev::*;
use compose_runtime::ids::ComponentId;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::topology::Topology;

use crate::world::*;

fn params(script: &Message) -> BTreeMap<String, Message> {
    [("script".to_owned(), script.clone())].into()
}

/// Waits for a second, then ends.
fn waits_a_second() -> Message {
    script(|io: BoxIo| async move {
        io.sleep(Duration::from_secs(1)).await;
        io.print("child is done");
        Ok(())
    })
}

#[test]
fn cmp_6_a_child_is_recorded_once_and_its_end_is_reported() {
    let mut world = World::default();
    let stranger = world.idle("stranger");
    let parent = world.add("parent", move |io| async move {
        io.adopt(stranger).await?;
        io.adopt(stranger).await?;
        io.print(&format!("{:?}", io.children().len()));
        let ended = io.child_ended().await;
        io.print(&format!("{:?}", ended == Some((stranger, Ok(())))));
        Ok(())
    });
    world.settle();
    assert!(!world.state(parent).has_ended());
    world.shut_down(stranger);
    world.run();
    assert_eq!(world.console(), ["1", "true"]);
}

#[test]
fn cmp_8_removing_a_child_removes_the_links_made_to_it() {
    let mut world = World::default();
    let child = waits_a_second();
    let parent = world.add("parent", move |io| {
        let child = child.clone();
        async move {
            let id = io.spawn("child", &SCRIPT, params(&child), Fate::LivesOn).await?;
            io.link(data(io.id(), "outbox", id, "inbox").from, data(io.id(), "outbox", id, "inbox").to).await?;
            io.remove_child(id).await?;
            io.print(&format!("{:?} {:?}", io.children(), io.child_ended().await));
            io.recv("control").await;
            Ok(())
        }
    });
    world.settle();
    assert!(world.links().is_empty());
    assert_eq!(world.console(), ["[] None"]);
    world.shut_down(parent);
    world.run();
    assert_eq!(world.console().last().unwrap(), "child is done", "the child continues to run");
}

#[test]
fn cmp_9_a_finished_child_stays_on_the_list_until_it_is_removed() {
    let mut world = World::default();
    let child = script(|_| async { Ok(()) });
    world.add("parent", move |io| {
        let child = child.clone();
        async move {
            let id = io.spawn("child", &SCRIPT, params(&child), Fate::LivesOn).await?;
            io.child_ended().await;
            let mut copy = io.children();
            copy.clear();
            io.print(&format!("{} {:?}", io.children().len(), io.child_outcome(id)));
            io.remove_child(id).await?;
            io.print(&format!("{} {:?}", io.children().len(), io.child_outcome(id)));
            Ok(())
        }
    });
    world.run();
    assert_eq!(world.console(), ["1 Some(Ok(()))", "0 None"]);
    assert_eq!(world.scheduler.snapshot().components.len(), 1, "a child that has ended is forgotten");
}

#[test]
fn fail_7_the_crash_of_a_removed_child_is_kept_unless_it_was_handled() {
    for (deals_with_it, kept) in [(false, vec![("parent/child", "it broke")]), (true, vec![])] {
        let mut world = World::default();
        let child = script(|_| async { Err(Fault::new("it broke")) });
        world.add("parent", move |io| {
            let child = child.clone();
            async move {
                let id = io.spawn("child", &SCRIPT, params(&child), Fate::LivesOn).await?;
                io.child_ended().await;
                if deals_with_it { io.discard_child(id).await } else { io.remove_child(id).await }
            }
        });
        world.run();
        let snapshot = world.scheduler.snapshot();
        let crashes: Vec<_> = snapshot.past_crashes.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert_eq!((crashes, snapshot.components.len()), (kept, 1));
    }
}

#[test]
fn cmp_11_children_outlive_their_parent_unless_the_parent_chose_otherwise() {
    for (fate, expected) in [(Fate::LivesOn, vec!["child is done"]), (Fate::EndsWithOwner, vec![])] {
        let mut world = World::default();
        let child = waits_a_second();
        world.add("parent", move |io| {
            let child = child.clone();
            async move {
                io.spawn("child", &SCRIPT, params(&child), fate).await?;
                Ok(())
            }
        });
        world.run();
        assert_eq!(world.console(), expected);
        let snapshot = world.scheduler.snapshot();
        assert!(snapshot.components.iter().all(|view| view.state == State::Finished));
    }
}

#[test]
fn bound_children_end_with_a_removed_or_restarted_parent() {
    let mut world = World::default();
    let child = waits_a_second();
    let parent = world.add("parent", move |io| {
        let child = child.clone();
        async move {
            io.spawn("child", &SCRIPT, params(&child), Fate::EndsWithOwner).await?;
            io.recv("control").await;
            Ok(())
        }
    });
    world.settle();
    assert_eq!(world.scheduler.snapshot().components.len(), 2);
    let again = world.scheduler.snapshot();
    let same = desc(&again.components[0].name, "Script", params(&script(|_| async { Ok(()) })));
    world.steps(vec![Step::Restart { id: parent, desc: same }]);
    assert_eq!(world.scheduler.snapshot().components.len(), 1);
}

#[test]
fn a_graph_of_children_starts_whole_or_not_at_all() {
    let mut world = World::default();
    let parent = world.add("parent", |io| async move {
        let member = ComponentId(1);
        let inside = ComponentId(2);
        let mut graph = Topology {
            components: [(member, composite_desc("pair", &[], &[])), (inside, desc("echo", "Echo", BTreeMap::new()))]
                .into(),
            linkages: BTreeSet::from([
                data(Topology::OWNER, "outbox", member, "inbox"),
                inward(member, "inbox", inside, "inbox"),
                outward(inside, "outbox", member, "outbox"),
                data(member, "outbox", Topology::OWNER, "inbox"),
            ]),
            ..Topology::default()
        };
        graph.components.get_mut(&inside).unwrap().parent = Some(member);
        let mut broken = graph.clone();
        broken.linkages.insert(data(inside, "typo", member, "inbox"));
        let refused = io.start_children(broken, Fate::EndsWithOwner).await;
        io.print(&refused.unwrap_err().to_string());
        io.start_children(graph, Fate::EndsWithOwner).await?;
        io.send("outbox", "round").await;
        io.print(&io.recv("inbox").await.unwrap().to_string());
        io.recv("control").await;
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["parent/echo has no outbox named typo", "round"]);
    assert_eq!(world.scheduler.snapshot().components.len(), 3, "no component of the refused graph remains");
    world.command(RuntimeCommand::StopComponent(parent));
    world.settle();
    assert!(world.scheduler.snapshot().components.iter().all(|view| view.state == State::Finished));
}

#[test]
fn a_parent_can_read_why_its_child_crashed() {
    let mut world = World::default();
    let child = script(|_| async { Err(Fault::new("out of luck")) });
    let parent = world.add("parent", move |io| {
        let child = child.clone();
        async move {
            io.spawn("child", &SCRIPT, params(&child), Fate::LivesOn).await?;
            let (_, outcome) = io.child_ended().await.unwrap();
            io.print(&outcome.unwrap_err().to_string());
            Ok(())
        }
    });
    world.run();
    assert_eq!(world.console(), ["out of luck"]);
    assert!(world.has_finished(parent));
}
