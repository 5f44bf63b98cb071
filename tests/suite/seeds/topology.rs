//! The visualiser: one program sends its changing topology over a socket to another, which shows it.

use std::collections::BTreeSet;

use compose_app::app::App;
use compose_app::command::{RunCommand, ViewCommand};
use compose_runtime::surface::{GraphLinkKind, GraphNodeKind, Surface};
use compose_tests::fixtures::Fixture;

use super::{connect, port, project, run, start, tagged};
use crate::app_rig::AppRig;

/// Parses the commands in an answer of the visualiser. Each is a list of words.
fn commands(answer: &str) -> Vec<Vec<String>> {
    let (head, commands): (String, Vec<Vec<String>>) = serde_json::from_str(answer).unwrap();
    assert_eq!(head, "TOPOLOGY");
    commands
}

/// Names of the nodes of a kind.
fn named<'a>(commands: &'a [Vec<String>], kind: &str) -> BTreeSet<&'a str> {
    let is_match = |command: &&Vec<String>| command.len() == 6 && command[1] == "NODE" && command[5] == kind;
    commands.iter().filter(is_match).map(|command| command[3].as_str()).collect()
}

const OBSERVED: [&str; 6] = ["connection", "done", "enough", "introspector", "jobs", "workshop"];

#[test]
fn a_program_displays_its_graph_in_another_through_a_socket() {
    let (setting, port) = port("port");
    let settings = [setting, "asked=3.5".to_owned(), "seconds=4.0".to_owned()];
    let visualiser = start("topology", &settings, &["--frame", "Visualiser"]);
    // This client disconnects at once and sends nothing. It must not affect the next client.
    drop(connect(port));
    let observed = run("topology", &settings, &["--frame", "Looked at"]);
    assert_eq!(tagged(&observed, "done: "), ["look", "change", "look again"]);
    let outcome = visualiser.wait().expect_code(0);
    let answers = tagged(&outcome, "visualiser: ");
    assert_eq!(answers.len(), 1, "{answers:?}");
    let commands = commands(answers[0]);
    let components = named(&commands, "component");
    assert!(components.is_subset(&OBSERVED.into()), "{components:?}");
    assert!(components.is_superset(&["connection", "introspector"].into()), "{components:?}");
    assert!(named(&commands, "inbox").contains("control") && named(&commands, "outbox").contains("signal"));
    let id = |name: &str, kind: &str| {
        let found = commands.iter().find(|command| command.len() == 6 && command[3] == name && command[5] == kind);
        found.map(|command| command[2].clone()).unwrap()
    };
    let box_of = |component: &str, side: char, name: &str| {
        let own = id(component, "component");
        let number = own.rsplit(':').next().unwrap();
        own.replace(number, &format!("({number}, '{side}', '{name}')"))
    };
    let link = ["ADD", "LINK", &box_of("introspector", 'o', "outbox"), &box_of("connection", 'i', "inbox")];
    assert!(commands.iter().any(|command| *command == link), "{link:?} is not among {commands:?}");
}

#[test]
fn the_jobs_of_the_workshop_appear_and_disappear_in_the_graph() {
    let port = compose_tests::free_port();
    let text = std::fs::read_to_string(project("topology")).unwrap();
    let text = text.replace("\"default\": 1500", &format!("\"default\": {port}"));
    let fixture = Fixture::with_text(text);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let visualiser = rig.id("visualiser");
    let shown = move |app: &App| {
        let surface = app.live().component(visualiser).and_then(|view| view.surface.clone())?;
        let Surface::Graph { nodes, links, .. } = &*surface else { return None };
        let components = nodes.iter().filter(|node| node.kind == GraphNodeKind::Component);
        let names: BTreeSet<String> = components.map(|node| node.name.to_string()).collect();
        let data = links.iter().filter(|link| link.kind == GraphLinkKind::Data).count();
        Some((names, data))
    };
    rig.ask(RunCommand::Run);
    let has = move |app: &App, name: &str| shown(app).is_some_and(|(names, _)| names.contains(name));
    rig.until("a job", move |app| has(app, "workshop/1/deliver"));
    rig.until("the next job in its place", move |app| {
        has(app, "workshop/2/deliver") && !has(app, "workshop/1/deliver")
    });
    rig.until("the visualiser itself in the graph", move |app| {
        shown(app).is_some_and(|(names, data)| names.contains("visualiser") && names.contains("answers") && data >= 5)
    });
}

#[test]
fn a_node_is_selected_and_dragged_on_the_stage() {
    let commands = ["ADD NODE 1 one 0,0 -", "FREEZE ALL"];
    let viewer = serde_json::json!({ "type": "TopologyViewer", "params": { "initialTopology": commands } });
    let fixture = Fixture::project(&serde_json::json!({ "viewer": viewer }), &[]);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let id = rig.id("viewer");
    let shown = move |app: &App| {
        let surface = app.live().component(id).and_then(|view| view.surface.clone())?;
        let Surface::Graph { nodes, selected, .. } = &*surface else { return None };
        Some((nodes.first()?.at, *selected))
    };
    rig.ask(RunCommand::Run);
    rig.until("the node", move |app| shown(app) == Some(([0.0, 0.0], None)));
    rig.ask(ViewCommand::ToggleStage);
    // The only node is in the centre.
    let centre = rig.centre_of("graph of viewer: 1 nodes, 0 links");
    rig.click_at(centre);
    rig.until("the node to be selected", move |app| shown(app) == Some(([0.0, 0.0], Some(0))));
    rig.drag(centre, centre + egui::vec2(120.0, -60.0));
    rig.until("the node to follow the mouse", move |app| {
        shown(app).is_some_and(|([x, y], _)| x > 50.0 && (x + 2.0 * y).abs() < 1.0)
    });
    rig.click_at(centre + egui::vec2(-150.0, 100.0));
    rig.until("the selection to be cleared", move |app| shown(app).is_some_and(|(_, selected)| selected.is_none()));
}
