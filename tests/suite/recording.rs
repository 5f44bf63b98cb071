//! `run --record` and `run --replay`: a replay repeats the recording delivery by delivery, without network, disk or
//! console input.

use std::time::{Duration, Instant};

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use proptest::prelude::*;
use serde_json::json;

/// Records a run of `project`, replays it, and compares console and trace byte by byte. Returns the folder.
fn check(project: &str, arguments: &[&str], input: &str) -> Fixture {
    check_after(project, arguments, input, || ())
}

/// Like `check`, but calls `between` between the recording and the replay.
fn check_after(project: &str, arguments: &[&str], input: &str, between: impl FnOnce()) -> Fixture {
    let folder = Fixture::with_text("{}");
    let [tape, first, second] = ["tape", "first", "second"].map(|name| folder.argument(name));
    let recorded = [&["run", project, "--record", &tape, "--trace", &first], arguments].concat();
    let recorded = binary::run_with_input(&recorded, input);
    between();
    let replayed = binary::run(&["run", project, "--replay", &tape, "--trace", &second]);
    assert_eq!(replayed, recorded);
    let [first, second] = [first, second].map(|file| std::fs::read_to_string(file).unwrap());
    let same = first.lines().zip(second.lines()).take_while(|(one, other)| one == other).count();
    assert_eq!(first.lines().nth(same), second.lines().nth(same), "the traces differ after {same} deliveries");
    assert!(first == second && !first.is_empty());
    folder
}

#[test]
fn sockets_are_replayed_without_the_network() {
    let port = format!("port={}", compose_tests::free_port());
    check("projects/single-echo.json", &["--set", &port], "");
    check("projects/echo-server.json", &["--set", &port, "--for", "3s"], "");
    // Its clients get random sayings.
    let ports = ["fortune_port", "chat_port", "udp_port"].map(|name| format!("{name}={}", compose_tests::free_port()));
    let settings: Vec<&str> = ports.iter().flat_map(|port| ["--set", port.as_str()]).collect();
    check("projects/tcp-udp.json", &settings, "");
}

#[test]
fn files_are_replayed_without_the_disk() {
    let folder = Fixture::with_text("The cat\nthe dog\n");
    let [source, target] = ["project.json", "kept.txt"].map(|name| folder.argument(name));
    let settings = ["--set", &format!("target={target}"), "--set", &format!("source={source}")];
    check_after("projects/unix-pipeline.json", &settings, "", || {
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "THE CAT\n");
        std::fs::remove_file(&source).unwrap();
        std::fs::remove_file(&target).unwrap();
    });
    assert!(!std::fs::exists(&target).unwrap(), "a replay writes nothing");
}

#[test]
fn lines_from_the_console_are_replayed() {
    check("projects/console-echo.json", &[], "hello\nthere\n");
    check("projects/console-echo.json", &["--virtual-time"], "hello\nthere\n");
}

#[test]
fn a_bounded_run_is_replayed_to_the_same_point() {
    check("projects/meow-mix.json", &["--for", "700ms"], "");
    check("projects/meow-mix.json", &["--virtual-time", "--for", "30s"], "");
    let endless = Fixture::project(
        &json!({ "a": { "type": "Chargen" }, "b": { "type": "PassThrough" }, "c": { "type": "NullSink" } }),
        &["a.outbox -> b.inbox", "b.outbox -> c.inbox"],
    );
    check(&endless.file(), &["--for", "50ms"], "");
}

#[test]
fn a_stall_and_a_crash_are_replayed_with_their_messages() {
    let stalled = Fixture::project(
        &json!({ "a": { "type": "PassThrough" }, "b": { "type": "PassThrough" }, "c": { "type": "OneShot" },
            "d": { "type": "ConsoleEchoer" } }),
        &["a.outbox -> b.inbox", "b.outbox -> a.inbox", "c.outbox -> d.inbox"],
    );
    check(&stalled.file(), &[], "");
    let crashed = Fixture::project(
        &json!({ "a": { "type": "OneShot" }, "b": { "type": "PureTransformer", "params": { "function": "1 / 0" } } }),
        &["a.outbox -> b.inbox"],
    );
    check(&crashed.file(), &[], "");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_replayed() {
    let folder = Fixture::with_text("{}");
    let [tape, first, second] = ["tape", "first", "second"].map(|name| folder.argument(name));
    let project = "projects/meow-mix.json";
    let running = binary::Running::start(binary::command(&["run", project, "--record", &tape, "--trace", &first]), "");
    let has_events = || (std::fs::read_to_string(&tape).ok()?.lines().count() > 3).then_some(());
    compose_tests::wait_until("three events", Duration::from_secs(20), has_events);
    running.signal("INT");
    let recorded = running.wait();
    let replayed = binary::run(&["run", project, "--replay", &tape, "--trace", &second]);
    assert_eq!(replayed, recorded);
    assert_eq!(std::fs::read(first).unwrap(), std::fs::read(second).unwrap());
}

#[test]
fn a_truncated_recording_is_replayed_to_its_end() {
    let folder = check("projects/meow-mix.json", &["--virtual-time", "--for", "30s"], "");
    let whole = std::fs::read_to_string(folder.path("tape")).unwrap();
    let half: String = whole.chars().take(whole.len() / 2).collect();
    std::fs::write(folder.path("tape"), half).unwrap();
    let arguments = ["run", "projects/meow-mix.json", "--replay", &folder.argument("tape")];
    let outcome = binary::run(&arguments).expect_code(0);
    assert!(!outcome.stdout.is_empty() && outcome.stderr.contains("was cut off"), "{}", outcome.stderr);
}

#[test]
fn damaged_recordings_and_other_projects_are_rejected_with_a_reason() {
    let folder = check("projects/meow-mix.json", &["--virtual-time", "--for", "3s"], "");
    let tape = folder.argument("tape");
    let assert_rejected = |project: &str, reason: &str| {
        let outcome = binary::run(&["run", project, "--replay", &tape]).expect_code(2);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
    };
    assert_rejected("projects/console-echo.json", "was made with Meow mix");
    let damaged = std::fs::read_to_string(&tape).unwrap().replacen("clock", "clack", 1);
    std::fs::write(&tape, damaged).unwrap();
    assert_rejected("projects/meow-mix.json", "line 2: it names no event; restore the recording from a copy");
    std::fs::write(&tape, "not a tape").unwrap();
    assert_rejected("projects/meow-mix.json", "this is not a recording");
    std::fs::remove_file(&tape).unwrap();
    assert_rejected("projects/meow-mix.json", "check the file name");
}

#[test]
fn a_replay_runs_at_the_requested_speed() {
    let folder = check("projects/meow-mix.json", &["--virtual-time", "--for", "4s"], "");
    let started = Instant::now();
    let arguments = ["run", "projects/meow-mix.json", "--replay", &folder.argument("tape"), "--speed", "4.0"];
    binary::run(&arguments).expect_code(0);
    assert!(started.elapsed() > Duration::from_millis(800), "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_equals_the_recording_under_every_policy_and_seed(
        policy in prop::sample::select(vec!["round-robin", "random", "priority"]),
        seed: u64,
        is_virtual: bool,
        // With two lines, there is something to deliver even if both are empty.
        lines in prop::collection::vec("[a-z]{0,9}", 2..40),
    ) {
        let fixture = Fixture::project(
            &json!({
                "file": { "type": "ReadFileAdaptor", "params": { "filename": "in.txt", "readmode": "line" } },
                "typed": { "type": "ConsoleReader" },
                "tee": { "type": "TwoWaySplitter" },
                "write": { "type": "SimpleFileWriter", "params": { "filename": "out.txt" } },
                "print": { "type": "ConsoleEchoer" }
            }),
            &["file.outbox -> tee.inbox", "typed.outbox -> tee.inbox", "tee.outbox -> write.inbox",
              "tee.outbox2 -> print.inbox"],
        );
        std::fs::write(fixture.path("in.txt"), lines.join("\n")).unwrap();
        let seed = seed.to_string();
        let mut arguments = vec!["--policy", policy, "--seed", &seed];
        arguments.extend(is_virtual.then_some("--virtual-time"));
        check(&fixture.file(), &arguments, &lines.concat());
    }

    /// What a process and a server send back depends on the machine; in a replay it comes from the recording.
    #[test]
    fn sockets_and_processes_are_replayed_under_every_policy_and_seed(
        policy in prop::sample::select(vec!["round-robin", "random", "priority"]),
        seed: u64,
        lines in prop::collection::vec("[a-z]{1,9}", 1..30),
    ) {
        let port = compose_tests::free_port();
        let messages: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
        let fixture = Fixture::project(
            &json!({
                "words": { "type": "DataSource", "params": { "messages": messages } },
                "elsewhere": { "type": "ProcessPipeline", "params": { "components": [
                    { "type": "PureTransformer", "function": "upper(msg)" },
                ] } },
                "server": { "type": "SingleServer", "params": { "port": port } },
                "client": { "type": "TCPClient", "params": { "port": port, "retry": 5 } },
                "join": { "type": "chunks_to_lines" },
                "print": { "type": "ConsoleEchoer" },
            }),
            &["words.outbox -> elsewhere.inbox", "elsewhere.outbox -> client.inbox", "server.outbox -> server.inbox",
              "client.outbox -> join.inbox", "join.outbox -> print.inbox"],
        );
        let folder = check(&fixture.file(), &["--policy", policy, "--seed", &seed.to_string()], "");
        let trace = std::fs::read_to_string(folder.path("first")).unwrap();
        prop_assert_eq!(trace.matches("\"to\":\"print.inbox\"").count(), lines.len());
    }
}
