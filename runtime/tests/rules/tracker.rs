//! Section 12, the co-ordinating assistant: services and values.

use compose_runtime::dev::*;
use compose_runtime::tracker::TrackerError;

use crate::world::*;

/// Registers `inbox` as a service and prints its messages.
async fn serves(io: BoxIo) -> Outcome {
    io.register_inbox_service("service", "inbox")?;
    while let Some(message) = io.recv("inbox").await {
        io.print(&message.to_string());
    }
    Ok(())
}

#[test]
fn cat_1_all_components_of_a_scheduler_share_one_tracker() {
    let mut world = World::default();
    world.add("serves", serves);
    world.add("looks", |io| async move {
        io.print(&format!("{:?}", io.service_names()));
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["[\"service\"]"]);
}

#[test]
fn cat_2_a_used_name_is_refused_before_any_other_check() {
    let mut world = World::default();
    let id = world.add("twice", |io| async move {
        io.register_inbox_service("service", "inbox")?;
        for inbox in ["inbox", "second", "typo"] {
            let refused = io.register_inbox_service("service", inbox);
            io.print(&format!("{}", refused == Err(TrackerError::ServiceAlreadyExists("service".into()))));
        }
        Ok(())
    });
    world.run();
    assert_eq!(world.console(), ["true", "true", "true"]);
    assert!(world.has_finished(id));
}

#[test]
fn cat_3_only_an_inbox_of_the_component_can_be_an_inbox_service() {
    let mut world = World::default();
    let bad = world.add("bad", |io| async move {
        let outbox = io.register_inbox_service("one", "outbox").unwrap_err();
        io.print(&outbox.to_string());
        io.register_inbox_service("two", "typo")?;
        Ok(())
    });
    world.run();
    assert_eq!(world.console(), ["cannot register a service: bad has no box named outbox"]);
    assert_eq!(world.crash(bad), "cannot register a service: bad has no box named typo");
}

#[test]
fn cat_4_cat_5_an_unknown_service_gives_a_typed_error_and_waiting_is_possible() {
    let mut world = World::default();
    world.add("looks", |io| async move {
        let unknown = TrackerError::NoSuchService("service".into());
        io.print(&format!("{}", io.try_service("service").is_err_and(|error| error == unknown)));
        io.print(&format!("{}", io.deregister_service("service") == Err(unknown)));
        let found = io.service("service").await;
        io.print(&format!("{:?}", found.map(|service| service.name)));
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["true", "true"]);
    world.add("serves", serves);
    world.settle();
    assert_eq!(world.console().last().unwrap(), "Some(\"service\")");
}

#[test]
fn cat_6_a_service_is_removed_with_its_component() {
    let mut world = World::default();
    let serves = world.add("serves", serves);
    world.settle();
    world.shut_down(serves);
    world.settle();
    world.add("looks", |io| async move {
        io.print(&io.service_names().len().to_string());
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["0"]);
}

#[test]
fn cat_7_values_are_tracked_changed_read_and_removed_with_their_owner() {
    let mut world = World::default();
    let owner = world.add("owner", |io| async move {
        io.track_value("level", 1)?;
        io.track_value("nothing", Message::Nothing)?;
        let clash = io.track_value("level", 2).unwrap_err();
        io.print(&(clash == TrackerError::NamespaceClash("level".into())).to_string());
        let unknown = TrackerError::NoSuchValue("typo".into());
        io.print(&(io.update_value("typo", 1) == Err(unknown.clone())).to_string());
        io.print(&(io.tracked_value("typo") == Err(unknown)).to_string());
        io.print(&format!("{:?}", io.tracked_value("nothing")));
        io.recv("control").await;
        Ok(())
    });
    world.add("other", |io| async move {
        io.update_value("level", 5)?;
        io.print(&io.tracked_value("level")?.to_string());
        io.recv("inbox").await;
        io.print(&io.tracked_value("level").is_err().to_string());
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["true", "true", "true", "Ok(Nothing)", "5"]);
    world.shut_down(owner);
    world.settle();
    world.put(compose_runtime::ids::ComponentId(2), "inbox", 1);
    world.settle();
    assert_eq!(world.console().last().unwrap(), "true");
}

#[test]
fn cat_8_names_can_be_listed_and_the_tracker_can_be_emptied() {
    let mut world = World::default();
    let id = world.add("owner", |io| async move {
        io.register_inbox_service("b", "inbox")?;
        io.register_inbox_service("a", "second")?;
        io.track_value("v", 1)?;
        while io.recv("inbox").await.is_some() {
            io.print(&format!("{:?} {:?}", io.service_names(), io.value_names()));
        }
        Ok(())
    });
    world.put(id, "inbox", 1);
    world.settle();
    world.scheduler.zap_tracker();
    world.put(id, "inbox", 2);
    world.settle();
    assert_eq!(world.console(), ["[\"a\", \"b\"] [\"v\"]", "[] []"]);
}

#[test]
fn cat_10_a_service_can_be_sent_to_a_service_for_the_answer() {
    let mut world = World::default();
    world.add("answers", |io| async move {
        io.register_inbox_service("questions", "inbox")?;
        while let Some(question) = io.recv("inbox").await {
            let Some(back) = io.service(question.as_text().unwrap_or_default()).await else { break };
            io.link_to("outbox", &back).await?;
            io.send("outbox", "the answer").await;
        }
        Ok(())
    });
    world.add("asks", |io| async move {
        io.register_inbox_service("my answers", "second")?;
        let Some(service) = io.service("questions").await else { return Ok(()) };
        io.link_to("outbox", &service).await?;
        io.send("outbox", "my answers").await;
        let answer = io.recv("second").await;
        io.print(&format!("{answer:?}"));
        Ok(())
    });
    world.settle();
    assert_eq!(world.console(), ["Some(Text(\"the answer\"))"]);
}

#[test]
fn cat_12_a_thread_reaches_the_tracker_through_its_scheduler() {
    let mut world = World::default();
    world.thread("thread", |mut io| {
        let registered = io.on_scheduler(|io| async move { io.register_inbox_service("threaded", "inbox") });
        assert_eq!(registered, Some(Ok(())));
        while let Some(message) = io.recv("inbox") {
            io.print(&message.to_string());
        }
        Ok(())
    });
    world.source("uses", |io| async move {
        let Some(service) = io.service("threaded").await else { return Ok(()) };
        io.link_to("outbox", &service).await?;
        io.send("outbox", "hello").await;
        Ok(())
    });
    world.run();
    assert_eq!(world.console(), ["hello"]);
}
