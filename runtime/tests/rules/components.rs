//! Section 4, components: identity, names, the end sequence, interfaces. Children are in `children`.

use std::collections::BTreeMap;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::introspect::snapshot::State;

use crate::world::*;

#[test]
fn cmp_4_ids_stay_and_ids_of_children_are_never_reused() {
    let mut world = World::default();
    let nothing = script(|_| async { Ok(()) });
    world.add("parent", move |io| {
        let nothing = nothing.clone();
        async move {
            let mut ids = Vec::new();
            for _ in 0..3 {
                let params = [("script".to_owned(), nothing.clone())].into();
                let id = io.spawn("child", &SCRIPT, params, Fate::LivesOn).await?;
                io.child_ended().await;
                io.remove_child(id).await?;
                ids.push(id);
            }
            ids.dedup();
            io.print(&ids.len().to_string());
            Ok(())
        }
    });
    world.run();
    assert_eq!(world.console(), ["3"]);
    let echo = world.pass_through("echo");
    let again = desc("echo", "Echo", BTreeMap::new());
    world.steps(vec![Step::Restart { id: echo, desc: again }]);
    assert_eq!(world.view(echo).id, echo);
}

#[test]
fn cmp_5_a_name_can_be_changed_and_need_not_be_unique() {
    let mut world = World::default();
    let (one, other) = (world.idle("same"), world.idle("same"));
    assert_eq!(world.name(one), world.name(other));
    world.steps(vec![Step::Describe { id: one, desc: desc("renamed", "Script", BTreeMap::new()) }]);
    assert_eq!(world.name(one), "renamed");
}

#[test]
fn cmp_2_a_component_whose_code_does_nothing_ends_by_itself() {
    let mut world = World::default();
    let empty = world.add("empty", |_| async { Ok(()) });
    world.run();
    assert_eq!((world.state(empty), world.view(empty).turns), (State::Finished, 1));
}

#[test]
fn cmp_10_a_component_is_marked_as_ended_before_its_parent_is_notified() {
    let mut world = World::default();
    let child = script(|io: BoxIo| async move {
        io.send("outbox", "last words").await;
        Ok(())
    });
    world.add("parent", move |io| {
        let params = [("script".to_owned(), child.clone())].into();
        async move {
            let id = io.spawn("child", &SCRIPT, params, Fate::LivesOn).await?;
            while io.child_outcome(id).is_none() {
                io.pause().await;
            }
            io.print(&format!("{:?}", io.child_outcome(id)));
            Ok(())
        }
    });
    world.run();
    assert_eq!(world.console(), ["Some(Ok(()))"]);
}

#[test]
fn cmp_12_a_description_can_be_asked_whether_it_has_given_boxes() {
    assert_eq!(SCRIPT.check_interface(&["inbox", "control"], &["outbox", "signal"]), Ok(()));
    let missing = SCRIPT.check_interface(&["inbox"], &["nowhere"]).unwrap_err();
    assert_eq!((missing.direction, missing.name.as_str()), (Direction::Outbox, "nowhere"));
    assert_eq!(missing.to_string(), "Script has no outbox named nowhere");
}
