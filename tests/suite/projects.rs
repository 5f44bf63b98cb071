//! Every ready-made project opens without problems, is unchanged by saving, runs, ends, and produces exactly the
//! expected lines, files and bytes. The tests use real files, real sockets and the real binary.

use std::collections::BTreeSet;

use compose_app::canvas::node_shape::NodeShape;
use compose_tests::binary::{self, Stats};
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// Projects that the documentation mentions.
const DOCUMENTED: &[&str] = &[
    "barriers-channels",
    "component-styles",
    "console-echo",
    "echo-server",
    "http-load",
    "long-tail",
    "meow-mix",
    "mimedict",
    "mini-axon",
    "network-radio",
    "office-desk",
    "p2p-core",
    "p2p-peer",
    "p2p-player",
    "protocol-bench",
    "race",
    "reading-list",
    "services",
    "shakespeare",
    "shared-values",
    "shot-changes",
    "simple-radio",
    "single-echo",
    "slideshow",
    "slideshow-par",
    "subtitles",
    "tcp-udp",
    "topology",
    "typed-presentation",
    "unix-pipeline",
    "video-preview",
    "video-serving",
    "vorbis-multicast",
    "vorbis-streaming",
    "web-server",
];

fn project(name: &str) -> String {
    compose_tests::root().join("projects").join(format!("{name}.json")).display().to_string()
}

#[test]
fn all_documented_projects_exist() {
    let names: Vec<String> = compose_tests::project_files()
        .iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    for name in DOCUMENTED {
        assert!(names.iter().any(|found| found == name), "{name} is missing in {names:?}");
    }
}

#[test]
fn every_project_opens_without_a_problem() {
    for file in compose_tests::project_files() {
        let outcome = binary::run(&["check".as_ref(), file.as_os_str()]).expect_code(0);
        let report = binary::run(&["check".as_ref(), file.as_os_str(), "--format".as_ref(), "json".as_ref()]);
        assert!(!report.stdout.contains("\"problem"), "{}: {}", file.display(), outcome.stdout);
    }
}

#[test]
fn the_readme_names_every_project_and_no_other() {
    let readme = std::fs::read_to_string(compose_tests::root().join("README.md")).unwrap();
    let table = readme.split("## Ready-made projects").nth(1).and_then(|rest| rest.split("## ").next()).unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split(" |").next());
    let named: BTreeSet<&str> = rows.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`')).collect();
    let files = compose_tests::project_files();
    let shipped: BTreeSet<&str> = files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(named, shipped);
}

/// To rewrite the project files, run with `UPDATE_PROJECTS=1`.
#[test]
fn saving_a_project_does_not_change_its_file() {
    let folder = tempfile::tempdir().unwrap();
    for file in compose_tests::project_files() {
        let opened = compose_app::project::store::open(&file).unwrap();
        assert!(opened.problems.is_empty(), "{}: {:?}", file.display(), opened.problems);
        let mut project = opened.project;
        let copy = folder.path().join("copy.json");
        compose_app::project::store::save_as(&mut project, &copy).unwrap();
        if std::env::var_os("UPDATE_PROJECTS").is_some() {
            std::fs::copy(&copy, &file).unwrap();
        }
        let (before, after) = (std::fs::read_to_string(&file).unwrap(), std::fs::read_to_string(&copy).unwrap());
        assert_eq!(before, after, "{}", file.display());
    }
}

#[test]
fn every_project_has_a_description_and_notes() {
    for file in compose_tests::project_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let project: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(project["description"].as_str().is_some_and(|text| text.len() > 40), "{}", file.display());
        let frames = project["frames"].as_array().map_or(0, Vec::len);
        assert!(frames > 0, "{} has no frame with notes", file.display());
        for name in project["components"].as_object().unwrap().keys() {
            let position = &project["layout"][name];
            let on_grid = |index: usize| position[index].as_f64().is_some_and(|number| number % 10.0 == 0.0);
            assert!(on_grid(0) && on_grid(1), "{name} of {} is not on the grid", file.display());
        }
    }
}

#[test]
fn components_are_inside_frames_and_do_not_overlap() {
    let registry = compose_components::registry();
    for file in compose_tests::project_files() {
        let document = compose_app::project::store::open(&file).unwrap().project.document;
        let scopes: Vec<_> = std::iter::once(None).chain(document.all_nodes().map(|node| Some(node.id))).collect();
        for scope in scopes {
            let nodes: Vec<_> =
                document.nodes_in(scope).map(|node| NodeShape::of(&document, &registry, node)).collect();
            let frames: Vec<_> = document.frames_in(scope).collect();
            for (index, node) in nodes.iter().enumerate() {
                let (name, rect) = (&node.name, node.rect);
                for other in &nodes[index + 1..] {
                    assert!(!rect.intersects(other.rect), "{}: {name} overlaps {}", file.display(), other.name);
                }
                let is_framed =
                    frames.iter().any(|frame| frame.contains(rect.min.into()) && frame.contains(rect.max.into()));
                assert!(scope.is_some() || is_framed, "{}: {name} is not inside a frame: {rect}", file.display());
            }
        }
    }
}

#[test]
fn console_echo_prints_its_input_and_ends_with_it() {
    let outcome = binary::run_with_input(&["run", &project("console-echo")], "one\ntwo\n").expect_code(0);
    assert_eq!(outcome.stdout, "one\ntwo\n");
}

#[test]
fn meow_mix_prints_its_lines_in_order_for_ever() {
    let file = project("meow-mix");
    let source: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let song = source["components"]["producer"]["params"]["messages"].as_array().unwrap();
    let outcome = binary::run(&["run", &file, "--for", "60s", "--virtual-time"]).expect_code(0);
    assert!(
        (119..=121).contains(&outcome.lines().len()),
        "expected two lines per second, got {}",
        outcome.lines().len()
    );
    for (line, expected) in outcome.lines().iter().zip(song.iter().cycle()) {
        assert_eq!(*line, expected.as_str().unwrap());
    }
}

#[test]
fn meow_mix_ends_if_it_does_not_repeat() {
    let outcome = binary::run(&["run", &project("meow-mix"), "--virtual-time", "--set", "repeat=false"]).expect_code(0);
    assert_eq!(outcome.lines().len(), 4);
}

/// The expected output of the reading list: its three files, one after another.
fn reading() -> String {
    let read = |name: &str| std::fs::read_to_string(compose_tests::root().join("projects/data").join(name)).unwrap();
    [read("breakfast.txt"), read("supper.txt"), read("breakfast.txt")].concat()
}

#[test]
fn pref_1_the_chooser_selects_what_the_carousel_creates_and_the_carousel_requests_the_next() {
    let outcome = binary::run(&["run", &project("reading-list")]).expect_code(0);
    assert_eq!(outcome.stdout, reading());
}

#[test]
fn pref_2_with_a_chooser_that_does_not_finish_every_item_is_served_and_then_the_system_waits() {
    let text = std::fs::read_to_string(project("reading-list")).unwrap();
    let data = compose_tests::root().join("projects/data");
    let text = text.replace("ForwardIteratingChooser", "Chooser");
    let fixture = Fixture::with_text(text.replace("\"data/", &format!("\"{}/", data.display())));
    let outcome = binary::run(&["run", &fixture.file(), "--virtual-time"]).expect_code(1);
    assert_eq!(outcome.stdout, reading());
    assert!(outcome.stderr.contains("stalled: "), "{}", outcome.stderr);
}

#[test]
fn unix_pipeline_writes_exactly_the_matching_lines() {
    let fixture = Fixture::with_text("{}");
    let target = format!("target={}", fixture.argument("kept.txt"));
    let copies = format!("copies={}", fixture.argument("copies"));
    let arguments = ["run", &project("unix-pipeline"), "--set", &target, "--set", &copies];
    let outcome = binary::run(&arguments).expect_code(0);
    let source = std::fs::read_to_string(compose_tests::root().join("projects/data/sayings.txt")).unwrap();
    let kept = source.lines().filter(|line| line.to_lowercase().contains("cat") && !line.starts_with('#'));
    let expected: String = kept.flat_map(|line| [line.to_uppercase(), "\n".to_owned()]).collect();
    assert_eq!(std::fs::read_to_string(fixture.path("kept.txt")).unwrap(), expected);
    assert_eq!(outcome.stdout, expected, "the other branch prints the same");
}

#[test]
fn unix_pipeline_accepts_another_pattern() {
    let fixture = Fixture::with_text("{}");
    let target = format!("target={}", fixture.argument("kept.txt"));
    let copies = format!("copies={}", fixture.argument("copies"));
    let arguments = ["run", &project("unix-pipeline"), "--set", &target, "--set", &copies, "--set", "pattern=bird"];
    assert_eq!(binary::run(&arguments).expect_code(0).lines(), ["THE EARLY BIRD CATCHES THE WORM."]);
}

/// The pattern stands inside quotes in an expression, and must not end them.
#[test]
fn unix_pipeline_accepts_a_pattern_that_looks_like_code() {
    let fixture = Fixture::with_text("{}");
    let target = format!("target={}", fixture.argument("kept.txt"));
    let copies = format!("copies={}", fixture.argument("copies"));
    for pattern in ["pattern=c\"t", "pattern=\") || true || (\"", "pattern=\\"] {
        let arguments = ["run", &project("unix-pipeline"), "--set", &target, "--set", &copies, "--set", pattern];
        assert_eq!(binary::run(&arguments).expect_code(0).lines(), Vec::<String>::new(), "{pattern}");
    }
}

#[test]
fn single_echo_returns_lines_over_a_real_socket() {
    let fixture = Fixture::with_text("{}");
    let port = format!("port={}", compose_tests::free_port());
    let stats = fixture.argument("stats.json");
    let outcome = binary::run(&["run", &project("single-echo"), "--set", &port, "--stats", &stats]).expect_code(0);
    assert_eq!(outcome.lines(), ["hello", "is anybody there?", "goodbye"]);
    let stats = Stats::read(&fixture.path("stats.json"));
    assert!(stats.number("server", "sent") >= 1 && stats.number("protocol/echo", "sent") >= 1);
    assert!(stats.states().iter().all(|(_, state)| state == "finished"), "{:?}", stats.states());
}

#[test]
fn single_echo_keeps_a_thousand_lines_whole_and_in_order() {
    let port = compose_tests::free_port();
    let lines: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
    let fixture = Fixture::project(
        &json!({
            "server": { "type": "SingleServer", "params": { "port": port } },
            "echo": { "type": "PassThrough" },
            "lines": { "type": "DataSource", "params": { "messages": lines } },
            "client": { "type": "TCPClient", "params": { "port": port, "retry": 5 } },
            "join": { "type": "chunks_to_lines" },
            "screen": { "type": "ConsoleEchoer" }
        }),
        &[
            "server.outbox -> echo.inbox",
            "echo.outbox -> server.inbox",
            "lines.outbox -> client.inbox",
            "client.outbox -> join.inbox",
            "join.outbox -> screen.inbox",
        ],
    );
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(0);
    assert_eq!(outcome.stdout, lines.concat());
}

#[test]
fn an_independent_client_can_use_the_echo_server() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let port = compose_tests::free_port();
    let fixture = Fixture::project(
        &json!({
            "server": { "type": "SingleServer", "params": { "port": port } },
            "echo": { "type": "PassThrough" }
        }),
        &["server.outbox -> echo.inbox", "echo.outbox -> server.inbox"],
    );
    let running = binary::Running::start(binary::command(&["run", &fixture.file()]), "");
    let mut stream = compose_tests::wait_until("the server", binary::LIMIT, || {
        std::net::TcpStream::connect(("127.0.0.1", port)).ok()
    });
    stream.write_all(b"hello from outside\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "hello from outside\n");
    drop(stream);
    running.wait().expect_code(0);
}
