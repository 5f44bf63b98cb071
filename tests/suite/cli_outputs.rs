//! What the command line writes: a failed write is reported, and `-` means standard output.

use std::fs::File;
use std::process::Stdio;

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

fn prints_lines() -> Fixture {
    Fixture::project(
        &json!({
            "source": { "type": "DataSource", "params": { "messages": ["a", "b"] } },
            "sink": { "type": "ConsoleEchoer" }
        }),
        &["source.outbox -> sink.inbox"],
    )
}

/// A run that never ends by itself.
fn endless() -> Fixture {
    Fixture::project(
        &json!({ "source": { "type": "Chargen" }, "sink": { "type": "ConsoleEchoer" } }),
        &["source.outbox -> sink.inbox"],
    )
}

/// Runs the binary with standard output on a full device. Returns the exit code and standard error.
#[cfg(target_os = "linux")]
fn on_full_device(arguments: &[&str]) -> (Option<i32>, String) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = binary::command(arguments).stdin(Stdio::null()).stdout(full).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_reported() {
    let (lines, endless) = (prints_lines(), endless());
    let lines = lines.file();
    for arguments in [
        vec!["run", &lines],
        vec!["run", &endless.file()],
        vec!["run", &lines, "--stats", "-"],
        vec!["run", &lines, "--trace", "-"],
        vec!["check", &lines],
        vec!["explore", &lines, "--runs", "1"],
        vec!["components"],
    ] {
        let (code, stderr) = on_full_device(&arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {stderr}");
        assert!(stderr.contains("cannot write"), "{arguments:?}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_file_is_reported_and_ends_an_endless_run() {
    let endless = endless();
    let endless = endless.file();
    for option in ["--stats", "--trace", "--record"] {
        let mut arguments = vec!["run", endless.as_str(), option, "/dev/full"];
        // The statistics are written at the end only.
        arguments.extend(if option == "--stats" { &["--passes", "50"][..] } else { &[] });
        let mut command = binary::command(&arguments);
        command.stdout(Stdio::null());
        let outcome = binary::Running::start(command, "").wait();
        assert_eq!(outcome.code, Some(1), "{option}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("cannot write /dev/full"), "{option}: {}", outcome.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_created_is_reported() {
    let fixture = prints_lines();
    let file = fixture.file();
    for option in ["--stats", "--trace", "--record"] {
        let outcome = binary::run(&["run", &file, option, "/no/such/folder/file"]).expect_code(1);
        assert!(outcome.stderr.contains("cannot write /no/such/folder/file"), "{option}: {}", outcome.stderr);
    }
}

#[test]
fn a_dash_means_standard_output_and_never_a_file() {
    let fixture = prints_lines();
    let run = |arguments: &[&str]| {
        let all = [&["run", "project.json"], arguments].concat();
        let mut command = binary::command(&all);
        command.current_dir(fixture.folder());
        binary::Running::start(command, "").wait()
    };
    let traced = run(&["--trace", "-"]).expect_code(0);
    let deliveries = traced.stdout.lines().filter(|line| line.contains("\"to\":\"sink.inbox\"")).count();
    assert_eq!((deliveries, traced.stdout.lines().filter(|line| ["a", "b"].contains(line)).count()), (2, 2));
    // A virtual clock, because traced lines contain the time.
    let ordered = || run(&["--trace", "-", "--virtual-time"]).stdout;
    let first = ordered();
    for _ in 0..3 {
        assert_eq!(ordered(), first, "traced and printed lines keep their order");
    }
    run(&["--stats", "-"]).expect_code(0);
    for option in ["--record", "--replay"] {
        let outcome = run(&[option, "-"]).expect_code(2);
        assert!(outcome.stderr.contains("needs the name of a file"), "{}", outcome.stderr);
    }
    assert!(!fixture.path("-").exists());
}

#[test]
fn a_reader_that_has_gone_is_not_an_error() {
    let endless = endless();
    let mut child = binary::command(&["run", &endless.file()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""));
}
