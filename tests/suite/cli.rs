//! The command line: what each command prints, where it prints it, and its exit code.

use compose_tests::binary::{self, Stats};
use compose_tests::fixtures::Fixture;
use serde_json::json;

fn three_lines() -> Fixture {
    Fixture::project(
        &json!({
            "source": { "type": "DataSource", "params": { "messages": ["a", "b", "c"] } },
            "sink": { "type": "ConsoleEchoer" }
        }),
        &["source.outbox -> sink.inbox"],
    )
}

fn endless_clock() -> Fixture {
    Fixture::project(
        &json!({
            "clock": { "type": "CheapAndCheerfulClock", "params": { "interval": 1.0 } },
            "sink": { "type": "ConsoleEchoer" }
        }),
        &["clock.outbox -> sink.inbox"],
    )
}

fn crashing() -> Fixture {
    Fixture::project(
        &json!({
            "source": { "type": "DataSource", "params": { "messages": ["a"] } },
            "bad": { "type": "PureTransformer", "params": { "function": "1 / 0" } },
            "sink": { "type": "ConsoleEchoer" }
        }),
        &["source.outbox -> bad.inbox", "bad.outbox -> sink.inbox"],
    )
}

#[test]
fn run_prints_what_the_console_components_print_and_nothing_else() {
    let outcome = binary::run(&["run", &three_lines().file()]).expect_code(0);
    assert_eq!(outcome.stdout, "a\nb\nc\n");
}

#[test]
fn run_under_virtual_time_does_not_wait() {
    let fixture = endless_clock();
    let started = std::time::Instant::now();
    let outcome = binary::run(&["run", &fixture.file(), "--for", "1h", "--virtual-time"]).expect_code(0);
    let ticks = outcome.lines().len();
    assert!((3599..=3601).contains(&ticks), "{ticks} ticks in a virtual hour");
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn run_stops_after_the_given_real_time() {
    let outcome = binary::run(&["run", &endless_clock().file(), "--for", "300ms"]).expect_code(0);
    assert_eq!(outcome.lines(), ["true"]);
}

#[test]
fn stats_contain_the_final_snapshot() {
    let fixture = three_lines();
    binary::run(&["run", &fixture.file(), "--stats", &fixture.argument("stats.json")]).expect_code(0);
    let stats = Stats::read(&fixture.path("stats.json"));
    assert_eq!(stats.component("source")["type"], "DataSource");
    assert_eq!((stats.number("source", "sent"), stats.number("sink", "received")), (3, 3));
    assert_eq!(stats.delivered("source.outbox", "sink.inbox"), 3);
    assert!(stats.number("sink", "turns") > 0);
    assert!(stats.component("sink").get("fault").is_some());
    assert!(stats.0["virtual_ms"].is_number());
    assert!(stats.states().iter().all(|(_, state)| state == "finished"), "{:?}", stats.states());
}

#[test]
fn stats_go_to_standard_output_on_request() {
    let outcome = binary::run(&["run", &three_lines().file(), "--stats", "-"]).expect_code(0);
    let json = outcome.stdout.strip_prefix("a\nb\nc\n").expect("the console output comes first");
    let stats: serde_json::Value = serde_json::from_str(json).expect("the rest is JSON");
    assert_eq!(stats["links"][0]["delivered"], 3);
}

#[test]
fn trace_has_one_line_for_each_delivery() {
    let fixture = three_lines();
    binary::run(&["run", &fixture.file(), "--trace", &fixture.argument("trace.jsonl")]).expect_code(0);
    let text = std::fs::read_to_string(fixture.path("trace.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let data: Vec<_> = lines.iter().filter(|line| line["to"] == "sink.inbox").collect();
    assert_eq!(data.len(), 3, "{text}");
    assert!(data.iter().all(|line| line["from"] == "source.outbox"), "{text}");
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let fixture = three_lines();
    let traces: Vec<String> = ["1.jsonl", "2.jsonl"]
        .iter()
        .map(|name| {
            let trace = fixture.argument(name);
            binary::run(&["run", &fixture.file(), "--virtual-time", "--seed", "7", "--trace", &trace]).expect_code(0);
            std::fs::read_to_string(trace).unwrap()
        })
        .collect();
    assert_eq!(traces.first(), traces.last());
}

#[test]
fn set_overrides_a_project_parameter() {
    let fixture = Fixture::with(&json!({
        "parameters": { "word": { "type": "text", "default": "plain", "help": "Text to print" } },
        "components": {
            "source": { "type": "DataSource", "params": { "messages": ["${word}"] } },
            "sink": { "type": "ConsoleEchoer" }
        },
        "links": ["source.outbox -> sink.inbox"]
    }));
    assert_eq!(binary::run(&["run", &fixture.file()]).expect_code(0).stdout, "plain\n");
    assert_eq!(binary::run(&["run", &fixture.file(), "--set", "word=other"]).expect_code(0).stdout, "other\n");
    let outcome = binary::run(&["run", &fixture.file(), "--set", "colour=red"]).expect_code(2);
    assert!(outcome.stderr.contains("colour") && outcome.stderr.contains("word"), "{}", outcome.stderr);
}

#[test]
fn a_crash_gives_exit_code_1_and_names_the_component() {
    let outcome = binary::run(&["run", &crashing().file()]).expect_code(1);
    assert!(outcome.stderr.contains("bad") && outcome.stderr.contains("zero"), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_stall_gives_exit_code_1_and_names_the_waiting_components() {
    // Each component waits for a message from the other, so neither can continue.
    let fixture = Fixture::project(
        &json!({ "hen": { "type": "PassThrough" }, "egg": { "type": "PassThrough" } }),
        &["hen.outbox -> egg.inbox", "egg.outbox -> hen.inbox"],
    );
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(1);
    assert!(outcome.stderr.contains("hen") && outcome.stderr.contains("egg"), "{}", outcome.stderr);
}

#[test]
fn invalid_command_lines_give_exit_code_2_and_a_reason() {
    let good = three_lines().file();
    for arguments in [
        vec!["run"],
        vec!["run", "no-such-file.json"],
        vec!["run", good.as_str(), "--for", "soon"],
        vec!["run", good.as_str(), "--seed", "many"],
        vec!["run", good.as_str(), "--set", "nothing"],
        vec!["run", good.as_str(), "--colour"],
        vec!["components", "NoSuchComponent"],
        vec!["check"],
    ] {
        let outcome = binary::run(&arguments).expect_code(2);
        assert!(!outcome.stderr.is_empty(), "{arguments:?} gives no reason");
    }
}

#[test]
fn check_reports_problems_as_text_and_as_json() {
    let fixture = Fixture::project(
        &json!({ "a": { "type": "PassThrough" }, "b": { "type": "NoSuchType" } }),
        &["a.outbox -> b.inbox", "a.nowhere -> b.inbox"],
    );
    let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
    let report = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(report.contains("NoSuchType") && report.contains("nowhere"), "{report}");
    let outcome = binary::run(&["check", &fixture.file(), "--format", "json"]).expect_code(2);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a JSON report");
    assert!(report.to_string().contains("NoSuchType"), "{report}");
}

#[test]
fn check_takes_several_files_and_accepts_valid_ones() {
    let (one, two) = (three_lines(), endless_clock());
    binary::run(&["check", &one.file(), &two.file()]).expect_code(0);
    binary::run(&["check", &one.file(), "no-such-file.json"]).expect_code(2);
}

#[test]
fn components_lists_the_library() {
    let outcome = binary::run(&["components"]).expect_code(0);
    for name in ["ConsoleReader", "PureTransformer", "Backplane", "TCPClient", "Output", "TestResult"] {
        assert!(outcome.stdout.contains(name), "{name} is missing");
    }
    let outcome = binary::run(&["components", "--format", "json"]).expect_code(0);
    let list: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert!(list.as_array().is_some_and(|entries| entries.len() >= 28), "{list}");
}

#[test]
fn components_describes_one_component() {
    let outcome = binary::run(&["components", "Chooser"]).expect_code(0);
    for word in ["Chooser", "items", "loop", "inbox", "outbox"] {
        assert!(outcome.stdout.contains(word), "{word} is missing in {}", outcome.stdout);
    }
    let outcome = binary::run(&["components", "Chooser", "--format", "json"]).expect_code(0);
    assert!(serde_json::from_str::<serde_json::Value>(&outcome.stdout).is_ok());
}

#[cfg(unix)]
#[test]
fn ctrl_c_shuts_the_system_down_cleanly() {
    let fixture = Fixture::project(
        &json!({
            "clock": { "type": "CheapAndCheerfulClock", "params": { "interval": 0.02 } },
            "file": { "type": "SimpleFileWriter", "params": { "filename": "ticks.txt" } }
        }),
        &["clock.outbox -> file.inbox"],
    );
    let stats = fixture.argument("stats.json");
    let running = binary::Running::start(binary::command(&["run", &fixture.file(), "--stats", &stats]), "");
    compose_tests::wait_until("the file", binary::LIMIT, || fixture.path("ticks.txt").exists().then_some(()));
    running.signal("INT");
    running.wait().expect_code(0);
    let states = Stats::read(&fixture.path("stats.json")).states();
    assert!(states.iter().all(|(_, state)| state == "finished"), "{states:?}");
}
