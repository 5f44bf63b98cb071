//! Section 17, the introspector: the exact text of change sets.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::command::Step;
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::changes::{Change, TopologyView, changes};
use compose_runtime::introspect::introspector::{INTROSPECTOR, Introspector};
use compose_runtime::introspect::snapshot::State;
use compose_runtime::introspect::tokens::tokens;
use compose_runtime::introspect::wire::{box_id, change_set};
use compose_runtime::scheduler::{RunEnd, RunLimit};
use compose_runtime::topology::{LinkageDesc, RestartPolicy};

use crate::world::*;

/// A world with an introspector whose reports wait in `listener`.
fn watched() -> (World, ComponentId, ComponentId) {
    let mut world = World::with(|config| config.registry.register(&INTROSPECTOR).unwrap());
    let introspector = world.start(desc("introspector", "Introspector", BTreeMap::new()));
    let listener = world.idle("listener");
    world.limit(listener, "inbox", None, FullPolicy::Block);
    world.wire(introspector, listener);
    world.settle();
    (world, introspector, listener)
}

#[test]
fn intro_1_a_system_with_an_introspector_sleeps_and_reports_changes_only() {
    let (mut world, introspector, listener) = watched();
    assert!(world.depth(listener, "inbox") >= 2);
    world.take(listener, "inbox");
    let turns = world.view(introspector).turns;
    world.settle();
    world.put(listener, "second", "traffic is not a change");
    world.settle();
    assert_eq!((world.view(introspector).turns, world.depth(listener, "inbox")), (turns, 0));
    world.idle("new");
    world.settle();
    assert_eq!(world.take(listener, "inbox").len(), 1);
}

#[test]
fn intro_2_the_first_message_is_del_all_and_each_later_one_is_a_change_set() {
    let (mut world, _, listener) = watched();
    let reports = world.take(listener, "inbox");
    assert_eq!(reports[0], "DEL ALL\n");
    assert!(reports[1..].iter().all(|text| text.ends_with('\n') && !text.is_empty()));
    let mut reporter = Introspector::default();
    let view = TopologyView::of(&world.scheduler.snapshot());
    assert!(reporter.update(&view).is_some());
    assert_eq!(reporter.update(&view), None, "no change, no message");
}

#[test]
fn intro_3_intro_4_intro_6_intro_8_the_lines_and_their_order() {
    let mut world = World::default();
    let (a, pipe) = (world.sender("a", &[]), world.composite("pipe"));
    let b = world.pass_through("b");
    world.wire(a, pipe);
    world.link(inward(pipe, "inbox", b, "inbox"));
    world.link(outward(b, "outbox", pipe, "outbox"));
    let view = TopologyView::of(&world.scheduler.snapshot());
    let text = change_set(&changes(&TopologyView::default(), &view));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..3],
        [
            r#"ADD NODE "1" "a" randompos component"#,
            r#"ADD NODE "2" "pipe" randompos component"#,
            r#"ADD NODE "3" "b" randompos component"#,
        ],
        "components come first"
    );
    assert_eq!(
        lines[3..7],
        [
            r#"ADD NODE "(1, 'i', 'control')" "control" randompos inbox"#,
            r#"ADD LINK "1" "(1, 'i', 'control')""#,
            r#"ADD NODE "(1, 'o', 'outbox')" "outbox" randompos outbox"#,
            r#"ADD LINK "1" "(1, 'o', 'outbox')""#,
        ],
        "then the boxes, inboxes first, each followed by its link"
    );
    assert_eq!(
        lines[lines.len() - 3..],
        [
            r#"ADD LINK "(1, 'o', 'outbox')" "(2, 'i', 'inbox')""#,
            r#"ADD LINK "(2, 'i', 'inbox')" "(3, 'i', 'inbox')""#,
            r#"ADD LINK "(3, 'o', 'outbox')" "(2, 'o', 'outbox')""#,
        ],
        "links between boxes of all three kinds come last"
    );
    assert_eq!(box_id(&BoxAddr::outbox(ComponentId(8), "outbox")), "(8, 'o', 'outbox')");
}

#[test]
fn intro_4_an_unusual_box_name_is_printed_as_in_the_original() {
    let printed = |name: &str| box_id(&BoxAddr::inbox(ComponentId(1), name));
    assert_eq!(printed("it's"), r#"(1, 'i', "it's")"#);
    assert_eq!(printed(r#"say "hi""#), r#"(1, 'i', 'say "hi"')"#);
    assert_eq!(printed(r#"it's "it""#), r#"(1, 'i', 'it\'s "it"')"#);
    assert_eq!(printed("a\\b\n\r\t\0\u{7f}"), r"(1, 'i', 'a\\b\n\r\t\x00\x7f')");
    assert_eq!(printed("grün"), "(1, 'i', 'grün')");
}

#[test]
fn intro_5_quotes_and_backslashes_in_names_are_escaped() {
    let added = Change::ComponentAdded { id: ComponentId(1), name: r#"say "hi" \o/"#.into() };
    assert_eq!(change_set(&[added]), "ADD NODE \"1\" \"say \\\"hi\\\" \\\\o/\" randompos component\n");
    let gone = Change::BoxRemoved(BoxAddr::inbox(ComponentId(1), "it's"));
    assert_eq!(change_set(&[gone]), "DEL NODE \"(1, 'i', \\\"it's\\\")\"\n");
}

#[test]
fn a_line_break_in_a_name_does_not_forge_a_command() {
    let name = "a\" randompos component\nDEL ALL\r\n";
    let addr = BoxAddr::inbox(ComponentId(1), name);
    let link = LinkageDesc { from: BoxAddr::outbox(ComponentId(1), name), to: addr.clone() };
    let events = [
        Change::ComponentAdded { id: ComponentId(1), name: name.into() },
        Change::BoxAdded(addr.clone()),
        Change::LinkAdded(link.clone()),
        Change::LinkRemoved(link),
        Change::BoxRemoved(addr),
    ];
    let mut lines = compose_runtime::introspect::tokens::Lines::default();
    let found = lines.push(change_set(&events).as_bytes());
    let parts: Vec<_> = found.iter().map(|line| tokens(line).unwrap()).collect();
    let commands: Vec<String> = parts.iter().map(|parts| parts[..2].join(" ")).collect();
    assert_eq!(commands, ["ADD NODE", "ADD NODE", "ADD LINK", "ADD LINK", "DEL LINK", "DEL NODE"]);
    assert_eq!(parts[0][3], "a\" randompos component\\nDEL ALL\\r\\n");
}

#[test]
fn intro_7_deleting_a_node_implies_its_box_links_but_links_between_boxes_are_deleted() {
    let mut world = World::default();
    let (a, b) = (world.idle("a"), world.pass_through("b"));
    world.wire(a, b);
    let before = TopologyView::of(&world.scheduler.snapshot());
    world.steps(vec![Step::Stop { id: b }]);
    let text = change_set(&changes(&before, &TopologyView::of(&world.scheduler.snapshot())));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], r#"DEL LINK "(1, 'o', 'outbox')" "(2, 'i', 'inbox')""#);
    assert_eq!(lines.last(), Some(&r#"DEL NODE "2""#));
    assert!(lines[1..].iter().all(|line| line.starts_with("DEL NODE \"")));
}

#[test]
fn intro_9_running_components_and_components_linked_to_them_are_reported() {
    let mut world = World::default();
    let (sleeps, ended) = (world.idle("sleeps"), world.sender("ended", &[]));
    let linked = world.sender("ended but linked", &[]);
    let thread = world.thread("thread", |mut io| {
        io.recv("inbox");
        Ok(())
    });
    world.wire(linked, sleeps);
    let _ = world.run();
    let view = TopologyView::of(&world.scheduler.snapshot());
    let reported: Vec<ComponentId> = view.components.keys().copied().collect();
    assert_eq!(reported, [sleeps, linked, thread]);
    assert!(!view.components.contains_key(&ended));
}

#[test]
fn intro_10_intro_11_every_link_is_reported_and_waiting_components_stay() {
    let mut world = World::default();
    let (one, other) = (world.idle("one"), world.idle("other"));
    world.add("matchmaker", move |io| async move {
        io.link(BoxAddr::outbox(one, "outbox"), BoxAddr::inbox(other, "inbox")).await?;
        let nap = async { io.sleep(Duration::from_secs(1)).await };
        nap.await;
        Ok(())
    });
    world.settle();
    let view = TopologyView::of(&world.scheduler.snapshot());
    assert_eq!((view.components.len(), view.links.len()), (3, 1));
}

#[test]
fn intro_13_a_new_name_is_an_event_but_produces_no_line() {
    let mut world = World::default();
    let id = world.idle("old");
    let before = TopologyView::of(&world.scheduler.snapshot());
    world.steps(vec![Step::Describe { id, desc: desc("new", "Script", BTreeMap::new()) }]);
    let events = changes(&before, &TopologyView::of(&world.scheduler.snapshot()));
    assert_eq!(events, [Change::Renamed { id, name: "new".into() }]);
    assert_eq!(change_set(&events), "");
}

#[test]
fn intro_14_the_lines_are_text_that_sockets_and_line_splitters_accept() {
    let added = Change::ComponentAdded { id: ComponentId(1), name: "grün".into() };
    let message: Message = change_set(&[added]).into();
    let mut lines = compose_runtime::introspect::tokens::Lines::default();
    assert_eq!(lines.push(message.as_bytes().unwrap()), [r#"ADD NODE "1" "grün" randompos component"#]);
}

#[test]
fn an_introspector_ends_with_the_system_it_watches() {
    let (mut world, introspector, listener) = watched();
    world.unlink(data(introspector, "outbox", listener, "inbox"));
    let printer = world.printer("printer");
    world.wire(introspector, printer);
    world.shut_down(listener);
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(introspector));
}

#[test]
fn all_components_that_ask_for_the_topology_in_one_pass_get_the_same_view() {
    let mut world = World::default();
    let views = Rc::new(RefCell::new(Vec::new()));
    for name in ["a", "b", "c"] {
        let views = views.clone();
        world.add(name, move |io| {
            let views = views.clone();
            async move {
                let mut seen = 0;
                while let Some(view) = io.topology_after(&mut seen).await? {
                    views.borrow_mut().push(view);
                }
                Ok(())
            }
        });
    }
    for round in 1..=2 {
        world.settle();
        let views = views.take();
        assert_eq!(views.len(), 3, "round {round}");
        assert!(views.iter().all(|view| Arc::ptr_eq(view, &views[0])), "one snapshot for all of them");
        world.idle("new");
    }
}

#[test]
fn a_request_that_changes_no_component_box_or_link_wakes_no_watcher() {
    let mut world = World::default();
    let watched = world.printer("watched");
    let watcher = world.add("watcher", |io| async move {
        let mut seen = 0;
        while io.topology_after(&mut seen).await?.is_some() {}
        Ok(())
    });
    world.settle();
    let turns = world.view(watcher).turns;
    let meddler = world.add("meddler", move |io| async move {
        io.pause().await;
        io.set_paused(watched, true).await?;
        io.set_paused(watched, false).await?;
        io.send_control(watched, "not a request to end".into()).await;
        io.adopt(watched).await?;
        io.faults_in(watched).await;
        io.print("done");
        io.pause().await;
        io.link(BoxAddr::outbox(io.id(), "outbox"), BoxAddr::inbox(watched, "inbox")).await?;
        io.pause().await;
        Ok(())
    });
    world.settle();
    assert_eq!(world.view(watcher).turns, turns + 1, "the meddler is new");
    world.put(meddler, "inbox", 1);
    world.settle();
    assert_eq!(world.console(), ["done"]);
    assert_eq!(world.view(watcher).turns, turns + 1);
    world.put(meddler, "inbox", 2);
    world.settle();
    assert_eq!(world.view(watcher).turns, turns + 2);
}

#[test]
fn a_component_that_is_started_again_after_a_crash_is_reported() {
    let (mut world, _, listener) = watched();
    let crashes = Rc::new(Cell::new(true));
    let code = script(move |_| {
        let crashes = crashes.replace(false);
        async move { if crashes { Err(Fault::new("once")) } else { std::future::pending().await } }
    });
    world.take(listener, "inbox");
    let mut desc = desc("unstable", "Script", [("script".to_owned(), code)].into());
    desc.restart = RestartPolicy::OnFailure;
    let id = world.start(desc);
    world.scheduler.run(RunLimit { clock: Some(Duration::from_secs(1)), ..RunLimit::default() });
    assert!(matches!(world.state(id), State::Waiting(_)));
    let reports = world.take(listener, "inbox");
    let last = reports.last().unwrap();
    assert!(last.contains("ADD NODE") && last.contains("unstable"), "{reports:?}");
}
