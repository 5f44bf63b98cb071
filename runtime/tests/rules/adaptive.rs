//! Section 13, adaptive components: boxes added and deleted while the component runs.

use compose_runtime::component::Resources;
use compose_runtime::component::resources::Tracked;
use compose_runtime::ids::{BoxAddr, ComponentId};

use crate::world::*;

#[test]
fn adpt_1_a_box_exists_at_once_under_the_requested_name_or_the_next_free_one() {
    let mut world = World::default();
    let id = world.add("grows", |io| async move {
        let names = [io.add_inbox("client"), io.add_inbox("client"), io.add_inbox("inbox"), io.add_outbox("client")];
        io.print(&names.join(" "));
        io.print(&format!("{}", io.depth("client2")));
        io.recv("client2").await;
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["client client2 inbox2 client", "0"]);
    world.put(id, "client2", 1);
    world.run();
    assert!(world.has_finished(id));
}

#[test]
fn adpt_2_deleting_removes_the_box_and_its_waiting_messages() {
    let mut world = World::default();
    let id = world.add("shrinks", |io| async move {
        io.delete_inbox("inbox").await?;
        io.delete_outbox("outbox").await?;
        io.print(&io.delete_inbox("typo").await.unwrap_err().to_string());
        io.print(&io.delete_outbox("signal").await.unwrap_err().to_string());
        io.recv("second").await;
        io.send("outbox", 1).await;
        Ok(())
    });
    world.put(id, "inbox", "lost");
    world.settle();
    let left: Vec<String> = world.view(id).inboxes.iter().map(|inbox| inbox.name.to_string()).collect();
    assert_eq!(left, ["second", "control"]);
    assert!(!world.scheduler.put(&BoxAddr::inbox(id, "inbox"), 1.into()));
    world.put(id, "second", "still works");
    world.run();
    assert_eq!(world.crash(id), "shrinks has no outbox named outbox");
    assert_eq!(
        world.console(),
        ["shrinks has no inbox named typo", "signal cannot be deleted, because every component has it"]
    );
}

#[test]
fn adpt_4_deleting_a_box_removes_links_made_by_any_component() {
    let mut world = World::default();
    let source = world.source("source", |io| async move {
        for number in 1..=200 {
            io.send("outbox", number).await;
            io.yield_now().await;
        }
        Ok(())
    });
    let shrinks = world.add("shrinks", |io| async move {
        io.recv("second").await;
        io.delete_inbox("inbox").await?;
        let again = io.add_inbox("inbox");
        io.link(BoxAddr::outbox(ComponentId(1), "outbox"), BoxAddr::inbox(io.id(), again)).await?;
        io.recv("control").await;
        Ok(())
    });
    world.wire(source, shrinks);
    world.settle();
    assert_eq!(world.depth(shrinks, "inbox"), 100, "the source waits for space");
    world.put(shrinks, "second", "go");
    world.settle();
    assert_eq!(world.links().len(), 1, "the source could be linked again");
    assert!(world.depth(shrinks, "inbox") > 0);
    world.shut_down(shrinks);
    world.run();
    assert!(world.has_finished(shrinks));
}

#[test]
fn deleting_a_box_ends_the_stream_for_code_that_waits_on_it() {
    let mut world = World::default();
    world.add("waits", |io| async move {
        let extra = io.add_inbox("extra");
        let waits = async {
            let got = io.recv(&extra).await;
            io.print(&format!("{got:?}"));
        };
        let deletes = async {
            io.yield_now().await;
            io.delete_inbox(&extra).await.unwrap();
        };
        futures_lite::future::zip(waits, deletes).await;
        Ok(())
    });
    world.run();
    assert_eq!(world.console(), ["None"]);
}

#[test]
fn adpt_5_resources_are_tracked_by_their_boxes() {
    let mut world = World::default();
    let id = world.add("tracks", |io| async move {
        let mut resources: Resources<&str, u32> = Resources::default();
        resources.track(&io, "client", "inbox")?;
        resources.track(&io, "other client", "inbox")?;
        assert_eq!(resources.of_inbox("inbox"), Some(&"other client"), "tracking again overwrites");
        assert_eq!(resources.of_inbox("second"), None);
        let boxes = |outbox: &str| Tracked { inboxes: vec!["inbox".into()], outboxes: vec![outbox.into()], info: 7 };
        assert!(resources.track_information(&io, "client", boxes("typo")).is_err());
        resources.track_information(&io, "client", boxes("outbox"))?;
        assert_eq!(resources.information(&"client"), Some(&boxes("outbox")));
        assert_eq!(resources.cease(&"client"), Some(boxes("outbox")));
        assert_eq!(resources.cease(&"client"), None);
        resources.track(&io, "client", "typo")?;
        Ok(())
    });
    world.run();
    assert_eq!(world.crash(id), "tracks has no inbox named typo");
}
