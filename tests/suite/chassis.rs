//! Chassis in the real binary: crashes inside them, names of templates, child processes.

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::{Value, json};

/// A template with one component between its inbox and its outbox.
fn template(component: &Value) -> Value {
    let links = ["self.inbox -> only.inbox", "only.outbox -> self.outbox"];
    json!({ "type": "Composite", "template": true, "graph": { "components": { "only": component }, "links": links } })
}

fn divides_by_zero() -> Value {
    json!({ "type": "PureTransformer", "params": { "function": "1 / 0" } })
}

#[test]
fn a_crash_inside_a_chassis_fails_the_run_although_the_chassis_continues() {
    let chassis = [
        ("Carousel", json!({ "child": "Bad" }), "next"),
        ("PAR", json!({ "components": ["Bad"], "policy": "copy" }), "inbox"),
        ("Seq", json!({ "sequence": ["Bad"] }), "inbox"),
    ];
    for (kind, params, inbox) in chassis {
        let mut bad = template(&divides_by_zero());
        if kind == "Carousel" {
            // Here, the item itself fails.
            bad["graph"]["components"]["say"] = json!({ "type": "DataSource", "params": { "messages": [1] } });
            bad["graph"]["links"] = json!(["say.outbox -> only.inbox", "only.outbox -> self.outbox"]);
        }
        let fixture = Fixture::project(
            &json!({
                "Bad": bad,
                "say": { "type": "DataSource", "params": { "messages": ["hello"] } },
                "chassis": { "type": kind, "params": params },
            }),
            &[&format!("say.outbox -> chassis.{inbox}")],
        );
        let outcome = binary::run(&["run", &fixture.file(), "--virtual-time"]).expect_code(1);
        assert!(outcome.stderr.contains("chassis/1/only crashed: "), "{kind}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("stalled"), "{kind}: {}", outcome.stderr);
    }
}

#[test]
fn members_of_a_chassis_that_wait_for_a_user_end_when_there_is_no_user() {
    for kind in ["Button", "Multiclick", "KeyEvent", "ConsoleReader", "Textbox"] {
        let mut waiting = template(&json!({ "type": kind }));
        waiting["graph"]["links"] = json!(["only.outbox -> self.outbox"]);
        let fixture = Fixture::project(
            &json!({
                "Waiting": waiting,
                "chassis": { "type": "PAR", "params": { "components": ["Waiting", "Waiting"] } },
                "print": { "type": "ConsoleEchoer" },
            }),
            &["chassis.outbox -> print.inbox"],
        );
        for arguments in [vec!["run", "--virtual-time"], vec!["explore", "--runs", "20"]] {
            let outcome = binary::run(&[arguments, vec![&fixture.file()]].concat()).expect_code(0);
            assert!(!outcome.stderr.contains("nothing can move"), "{kind}: {}", outcome.stderr);
        }
        let tape = fixture.path("tape").display().to_string();
        binary::run(&["run", &fixture.file(), "--record", &tape]).expect_code(0);
        binary::run(&["run", "--replay", &tape, &fixture.file()]).expect_code(0);
    }
}

#[test]
fn a_crash_in_a_connection_fails_the_run_unless_the_server_contains_it() {
    for (contain, code) in [(false, 1), (true, 0)] {
        let port = compose_tests::free_port();
        let mut bad = template(&divides_by_zero());
        // When the protocol ends, the server ends, so that the run ends.
        bad["graph"]["links"].as_array_mut().unwrap().push(json!("only.signal -> self.serversignal"));
        bad["outboxes"] = json!(["serversignal"]);
        let fixture = Fixture::project(
            &json!({
                "Bad": bad,
                "server": { "type": "SimpleServer", "params": { "port": port, "protocol": "Bad", "contain": contain } },
                "say": { "type": "DataSource", "params": { "messages": ["hello\n"] } },
                "client": { "type": "TCPClient", "params": { "port": port, "retry": 5 } },
            }),
            &["say.outbox -> client.inbox"],
        );
        let outcome = binary::run(&["run", &fixture.file()]).expect_code(code);
        assert!(
            outcome.stderr.contains("server/1/only crashed: "),
            "the crash is reported in both cases: {}",
            outcome.stderr
        );
    }
}

#[test]
fn names_of_templates_in_lists_are_checked() {
    let fixture = Fixture::project(
        &json!({
            "Good": template(&json!({ "type": "PassThrough" })),
            "side by side": { "type": "PAR", "params": { "components": ["Good", "Missing"] } },
            "in turn": { "type": "Seq", "params": { "sequence": [
                "Good",
                { "print": "words" },
                { "template": "Gone", "colour": "red" },
                "Away",
            ] } },
        }),
        &[],
    );
    let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
    let output = format!("{}{}", outcome.stdout, outcome.stderr);
    for expected in [
        "components: the project has no template Missing",
        "sequence: the project has no template Gone",
        "sequence: the project has no template Away",
    ] {
        assert!(output.contains(expected), "{expected}: {output}");
    }
    assert!(!output.contains("template Good"), "{output}");
}

#[test]
fn a_process_pipeline_runs_in_its_own_process() {
    let parent = json!({ "type": "UnixProcess", "command": "echo $PPID", "shell": true });
    let fixture = Fixture::project(
        &json!({
            "here": { "type": "UnixProcess", "params": { "command": "echo here $PPID", "shell": true } },
            "there": { "type": "ProcessPipeline", "params": { "components": [parent] } },
            "words": { "type": "DataSource", "params": { "messages": ["a cat", "a dog", "the cat"] } },
            "chosen": { "type": "ProcessPipeline", "params": { "components": [
                { "type": "Grep", "pattern": "cat" },
                { "type": "PureTransformer", "function": "upper(msg)" },
            ] } },
            "screen": { "type": "ConsoleEchoer" },
        }),
        &[
            "here.outbox -> screen.inbox",
            "there.outbox -> screen.inbox",
            "words.outbox -> chosen.inbox",
            "chosen.outbox -> screen.inbox",
        ],
    );
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(0);
    let (upper, mut lines): (Vec<&str>, Vec<&str>) = outcome.lines().into_iter().partition(|line| line.contains("CAT"));
    assert_eq!(upper, ["A CAT", "THE CAT"]);
    lines.retain(|line| !line.is_empty());
    lines.sort_unstable();
    let [there, here] = lines[..] else { panic!("{lines:?}") };
    let here = here.strip_prefix("here ").unwrap();
    assert!(here.parse::<u32>().is_ok() && there.parse::<u32>().is_ok(), "{lines:?}");
    assert_ne!(here, there, "the pipeline is another process");
}

#[test]
fn a_crash_in_a_process_pipeline_crashes_that_component() {
    let fixture = Fixture::project(
        &json!({
            "say": { "type": "DataSource", "params": { "messages": ["hello"] } },
            "far": { "type": "ProcessPipeline", "params": { "components": [
                { "type": "PureTransformer", "function": "1 / 0" },
            ] } },
        }),
        &["say.outbox -> far.inbox"],
    );
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(1);
    assert!(outcome.stderr.contains("far crashed: "), "{}", outcome.stderr);
    assert!(outcome.stderr.to_lowercase().contains("zero"), "{}", outcome.stderr);
}
