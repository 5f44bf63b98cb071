//! How runs end: programs end with them, signals take effect quickly, and `--for` applies even if a virtual clock does
//! not advance.

use std::path::Path;
use std::time::Duration;

use compose_tests::binary::{self, Running};
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// A run that starts a program, which starts another one.
fn with_program() -> Fixture {
    let line =
        "sleep 1000 & echo $! > child.new; mv child.new child; echo $$ > program.new; mv program.new program; wait";
    Fixture::project(&json!({ "it": { "type": "UnixProcess", "params": { "command": line, "shell": true } } }), &[])
}

/// Whether the process whose number is in this file is running; a zombie is not.
fn is_running(file: &Path) -> bool {
    let pid = std::fs::read_to_string(file).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[cfg(target_os = "linux")]
#[test]
fn however_a_run_ends_its_program_and_children_end_too() {
    for end in ["INT", "TERM", "HUP", "KILL", "--for"] {
        let fixture = with_program();
        let file = fixture.file();
        let mut arguments = vec!["run", file.as_str()];
        arguments.extend(if end == "--for" { &["--for", "2s"][..] } else { &[] });
        let running = Running::start(binary::command(&arguments), "");
        let files = ["program", "child"].map(|name| fixture.path(name));
        compose_tests::wait_until("the program", binary::LIMIT, || {
            files.iter().all(|file| file.exists()).then_some(())
        });
        assert!(files.iter().all(|file| is_running(file)), "{end}");
        if end != "--for" {
            running.signal(end);
        }
        running.wait();
        let ends = || (!files.iter().any(|file| is_running(file))).then_some(());
        compose_tests::wait_until(&format!("the end of the program after {end}"), Duration::from_secs(10), ends);
    }
}

#[test]
fn a_signal_ends_a_run_with_outside_tasks() {
    let port = compose_tests::free_port();
    let server = json!({ "server": { "type": "SingleServer", "params": { "port": port } } });
    let fixture = Fixture::project(&server, &[]);
    let running = Running::start(binary::command(&["run", &fixture.file()]), "");
    compose_tests::wait_until("the server", binary::LIMIT, || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    running.signal("INT");
    running.wait().expect_code(0);
}

#[cfg(unix)]
#[test]
fn the_time_limit_applies_even_if_the_virtual_clock_is_stuck() {
    // Opening a named pipe waits for its writer, and a virtual clock waits for the file.
    let reader = json!({ "type": "SimpleReader", "params": { "filename": "pipe", "any_kind": true } });
    let fixture = Fixture::project(&json!({ "reader": reader }), &[]);
    let made = std::process::Command::new("mkfifo").arg(fixture.path("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo failed");
    let outcome = binary::run(&["run", &fixture.file(), "--virtual-time", "--for", "6s"]).expect_code(0);
    assert!(outcome.stderr.contains("was applied to real time"), "{}", outcome.stderr);
}

#[test]
fn a_component_that_keeps_its_turn_is_named_and_a_signal_ends_the_run() {
    // Each function is a few steps of its language, so that neither of its limits applies, and copies a long list into
    // the language and out again. All of them run in one turn, far longer than the test. The first component begins first.
    let long = "let list = []; list.pad(500000, 0); list";
    let functions: Vec<&str> = std::iter::once(long).chain(std::iter::repeat_n("msg", 1000)).collect();
    let fixture = Fixture::project(
        &json!({
            "file": { "type": "SimpleFileWriter", "params": { "filename": "begun" } },
            "one": { "type": "OneShot", "params": { "msg": "x" } },
            "slow": { "type": "SequentialTransformer", "params": { "functions": functions } },
        }),
        &["one.outbox -> slow.inbox", "slow.outbox -> file.inbox"],
    );
    let running = Running::start(binary::command(&["run", &fixture.file()]), "");
    compose_tests::wait_until("the start", binary::LIMIT, || fixture.path("begun").exists().then_some(()));
    running.signal("INT");
    let outcome = running.wait().expect_code(130);
    assert!(outcome.stderr.contains("slow has held the turn for "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("ending the process even though slow has not returned"), "{}", outcome.stderr);
}
