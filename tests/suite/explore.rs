//! `explore`: lists the possible outcomes of a project and how to reproduce each of them.

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::{Value, json};

const RACE: &str = "projects/race.json";

fn explore(arguments: &[&str], code: i32) -> Value {
    let arguments = [&["explore", "--format", "json"], arguments].concat();
    serde_json::from_str(&binary::run(&arguments).expect_code(code).stdout).unwrap()
}

fn console(outcome: &Value) -> String {
    let lines = outcome["console"].as_array().unwrap().iter();
    lines.flat_map(|line| [line.as_str().unwrap(), "\n"]).collect()
}

#[test]
fn the_rare_outcome_of_the_race_is_found_and_its_seed_reproduces_it() {
    for policy in ["random", "priority"] {
        let report = explore(&[RACE, "--runs", "1000", "--policy", policy], 0);
        let outcomes = report["outcomes"].as_array().unwrap();
        assert!(outcomes.len() >= 2, "{report:#}");
        let counts: Vec<u64> = outcomes.iter().map(|outcome| outcome["count"].as_u64().unwrap()).collect();
        assert!(counts.is_sorted_by(|one, next| one >= next) && counts.iter().sum::<u64>() == 1000, "{counts:?}");
        let rare = outcomes.last().unwrap();
        assert!(console(rare).contains("sold TWICE"), "{rare:#}");
        assert!(policy == "priority" || rare["share"].as_f64().unwrap() < 0.1, "{rare:#}");
        for outcome in outcomes {
            let again: Vec<&str> = outcome["again"].as_str().unwrap().split(' ').collect();
            assert_eq!(again[0], "kamaelia-compose");
            assert_eq!(binary::run(&again[1..]).expect_code(0).stdout, console(outcome));
        }
    }
}

#[test]
fn an_ordinary_run_of_the_race_sells_the_seat_once() {
    let outcome = binary::run(&["run", RACE, "--virtual-time"]).expect_code(0);
    assert_eq!(outcome.stdout, "free\nsold\nsold\nsold\n");
}

#[test]
fn the_text_report_lists_the_outcomes() {
    let text = binary::run(&["explore", RACE, "--runs", "300"]).expect_code(0).stdout;
    assert!(
        text.starts_with("projects/race.json: 2 different outcomes in 300 runs (policy random, seeds 0 to 299)\n"),
        "{text}"
    );
    assert!(text.contains("  | sold TWICE\n"), "{text}");
    assert!(
        text.contains(
            "  again: kamaelia-compose run projects/race.json --virtual-time --for 60s --policy random --seed"
        )
    );
}

#[test]
fn a_recorded_rare_outcome_can_be_replayed() {
    let report = explore(&[RACE, "--runs", "1000"], 0);
    let rare = report["outcomes"].as_array().unwrap().last().unwrap().clone();
    let folder = Fixture::with_text("{}");
    let (tape, seed) = (folder.argument("tape"), rare["seed"].to_string());
    binary::run(&["run", RACE, "--virtual-time", "--policy", "random", "--seed", &seed, "--record", &tape])
        .expect_code(0);
    assert_eq!(binary::run(&["run", RACE, "--replay", &tape]).expect_code(0).stdout, console(&rare));
}

#[test]
fn crashes_stalls_and_busy_systems_are_outcomes() {
    let crash = Fixture::project(
        &json!({ "a": { "type": "OneShot" }, "b": { "type": "PureTransformer", "params": { "function": "1 / 0" } } }),
        &["a.outbox -> b.inbox"],
    );
    let report = explore(&[&crash.file(), "--runs", "3"], 1);
    assert_eq!(report["outcomes"][0]["crashes"][0]["component"], "b");
    let stall = Fixture::project(
        &json!({ "a": { "type": "PassThrough" }, "b": { "type": "PassThrough" } }),
        &["a.outbox -> b.inbox", "b.outbox -> a.inbox"],
    );
    let report = explore(&[&stall.file(), "--runs", "3"], 1);
    let reason = report["outcomes"][0]["words"].as_str().unwrap();
    assert!(report["outcomes"][0]["end"] == "stalled" && reason.contains("in a ring"), "{reason}");
    let busy =
        Fixture::project(&json!({ "a": { "type": "Chargen" }, "b": { "type": "NullSink" } }), &["a.outbox -> b.inbox"]);
    let report = explore(&[&busy.file(), "--runs", "2", "--passes", "500"], 0);
    let again = report["outcomes"][0]["again"].as_str().unwrap();
    assert!(report["outcomes"][0]["end"] == "busy" && again.ends_with("--passes 500"), "{report:#}");
}

#[test]
fn every_run_reads_the_same_input() {
    let arguments = ["explore", "projects/console-echo.json", "--runs", "5", "--format", "json"];
    let report: Value = serde_json::from_str(&binary::run_with_input(&arguments, "hello\n").stdout).unwrap();
    assert_eq!((&report["outcomes"][0]["count"], console(&report["outcomes"][0])), (&json!(5), "hello\n".to_owned()));
}

#[test]
fn explain_names_waiting_components_and_the_slowest_one() {
    let slow = Fixture::project(
        &json!({
            "source": { "type": "DataSource", "params": { "messages": [1], "repeat": true } },
            "fast": { "type": "PassThrough" },
            "slow": { "type": "MessageRateLimit", "params": { "messages_per_second": 20.0, "buffer": 1 } },
            "sink": { "type": "NullSink" }
        }),
        &["source.outbox -> fast.inbox", "fast.outbox -> slow.inbox", "slow.outbox -> sink.inbox"],
    );
    let outcome = binary::run(&["run", &slow.file(), "--for", "1500ms", "--explain"]).expect_code(0);
    assert!(outcome.stderr.contains("the slowest part is slow: busy"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("sink is waiting for a message on inbox from slow"), "{}", outcome.stderr);
    let ring = [("a", "b"), ("b", "a")].map(|(from, to)| format!("{from}.outbox -> {to}.inbox"));
    let pair = json!({ "a": { "type": "PassThrough" }, "b": { "type": "PassThrough" } });
    let outcome = binary::run(&["run", &Fixture::project(&pair, &[&ring[0], &ring[1]]).file()]).expect_code(1);
    assert!(outcome.stderr.contains("a is waiting for a message on inbox from b"), "{}", outcome.stderr);
}
