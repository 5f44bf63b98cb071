//! What the command line reads: the project from standard input, settings as JSON, numbers, and files that two components
//! use.

use std::os::unix::fs::symlink;

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// A project that prints the value of its parameter `l`, which is of kind any.
fn prints_its_parameter() -> Fixture {
    Fixture::with(&json!({
        "parameters": { "l": { "type": "any", "default": [1] } },
        "components": {
            "a": { "type": "DataSource", "params": { "messages": ["${l}"] } },
            "c": { "type": "ConsoleEchoer", "params": { "use_repr": true } }
        },
        "links": ["a.outbox -> c.inbox"]
    }))
}

#[test]
fn a_project_is_read_from_standard_input() {
    let text = std::fs::read_to_string(prints_its_parameter().path("project.json")).unwrap();
    assert_eq!(binary::run_with_input(&["run", "-"], &text).expect_code(0).stdout, "[1]\n");
    let checked = binary::run_with_input(&["check", "-"], &text).expect_code(0);
    assert_eq!(checked.stdout, "standard input: no problems found\n");
    let explored = binary::run_with_input(&["explore", "-", "--runs", "2"], &text).expect_code(0);
    assert!(explored.stdout.starts_with("-: one outcome in 2 runs"), "{}", explored.stdout);
    let broken = binary::run_with_input(&["run", "-"], "{").expect_code(2);
    assert!(broken.stderr.contains("standard input: error: line 1"), "{}", broken.stderr);
}

#[test]
fn standard_input_that_cannot_be_read_is_reported() {
    let fixture = Fixture::with(&json!({
        "components": { "r": { "type": "ConsoleReader" }, "c": { "type": "ConsoleEchoer" } },
        "links": ["r.outbox -> c.inbox"]
    }));
    for clock in [&[][..], &["--virtual-time"]] {
        let mut command = binary::command(&[&["run", fixture.file().as_str()], clock].concat());
        command.stdin(std::fs::File::open("/").unwrap());
        let outcome = command.output().unwrap();
        let error = String::from_utf8_lossy(&outcome.stderr);
        assert!(error.contains("standard input cannot be read: Is a directory"), "{clock:?}: {error}");
    }
}

#[test]
fn the_file_of_the_project_itself_is_not_overwritten() {
    let fixture = Fixture::with(&json!({
        "components": {
            "a": { "type": "OneShot", "params": { "msg": "gone" } },
            "w": { "type": "SimpleFileWriter", "params": { "filename": "project.json", "overwrite": true } }
        },
        "links": ["a.outbox -> w.inbox"]
    }));
    let text = std::fs::read_to_string(fixture.path("project.json")).unwrap();
    for command in ["check", "run"] {
        let outcome = binary::run(&[command, &fixture.file()]);
        assert_ne!(outcome.code, Some(0), "{command}");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(shown.contains("filename: this is the file of the project itself project.json"), "{command}: {shown}");
    }
    assert_eq!(std::fs::read_to_string(fixture.path("project.json")).unwrap(), text);
}

#[test]
fn a_first_line_for_the_shell_is_ignored() {
    let text = std::fs::read_to_string(prints_its_parameter().path("project.json")).unwrap();
    let script = Fixture::with_text(format!("#!/usr/bin/env -S kamaelia-compose run\n{text}"));
    assert_eq!(binary::run(&["run", &script.file()]).expect_code(0).stdout, "[1]\n");
}

#[test]
fn set_takes_lists_maps_and_other_values_as_json() {
    let fixture = prints_its_parameter();
    for (value, printed) in [
        ("[1, \"two\", null]", "[1, \"two\", nothing]\n"),
        ("{\"a\": [2.5]}", "{a: [2.5]}\n"),
        ("\"3\"", "\"3\"\n"),
        ("3", "3\n"),
        ("plain text", "\"plain text\"\n"),
    ] {
        let outcome = binary::run(&["run", &fixture.file(), "--set", &format!("l={value}")]).expect_code(0);
        assert_eq!(outcome.stdout, printed);
    }
    let outcome = binary::run(&["run", &fixture.file(), "--set", "l=[1"]).expect_code(2);
    assert!(outcome.stderr.contains("l must be plain text or valid JSON, not \"[1\""), "{}", outcome.stderr);
    // The limit is that of a project file.
    let nested = |depth: usize| format!("l={}{}", "[".repeat(depth), "]".repeat(depth));
    binary::run(&["run", &fixture.file(), "--set", &nested(127)]).expect_code(0);
    let outcome = binary::run(&["run", &fixture.file(), "--set", &nested(5000)]).expect_code(2);
    let expected = "the value of the project parameter l nests lists and maps more than 127 deep: \"[[[";
    assert!(outcome.stderr.contains(expected) && outcome.stderr.len() < 400, "{}", outcome.stderr);
    let outcome = binary::run(&["run", &fixture.file(), "--set", &format!("l=[{}", "1,".repeat(5000))]).expect_code(2);
    assert!(outcome.stderr.contains("valid JSON, not \"[1,1,") && outcome.stderr.len() < 400, "{}", outcome.stderr);
}

#[test]
fn the_error_for_a_refused_number_names_both_limits() {
    let fixture = prints_its_parameter();
    let file = fixture.file();
    let expected = "write a whole number from 0 to 18 446 744 073 709 551 615";
    let from_one = "write a whole number from 1 to 18 446 744 073 709 551 615";
    let time = "write a time from 0s to 10 000 000 000s";
    for (arguments, expected) in [
        (["run", &file, "--seed", "many"], expected),
        (["run", &file, "--seed", "-1"], expected),
        (["run", &file, "--passes", "-1"], expected),
        (["run", &file, "--speed", "-1"], "write a number from 0.001 to 1000"),
        (["run", &file, "--for", "-1"], time),
        (["run", &file, "--for", "400years"], time),
        (["explore", &file, "--seed", "x"], expected),
        (["explore", &file, "--runs", "0"], from_one),
        (["explore", &file, "--runs", "-1"], from_one),
        (["explore", &file, "--passes", "-1"], from_one),
        (["explore", &file, "--until", "-1"], time),
    ] {
        let outcome = binary::run(&arguments).expect_code(2);
        assert!(outcome.stderr.contains(expected), "{arguments:?}: {}", outcome.stderr);
    }
    let clock =
        Fixture::project(&json!({ "clock": { "type": "CheapAndCheerfulClock", "params": { "interval": -1.0 } } }), &[]);
    let outcome = binary::run(&["check", &clock.file()]).expect_code(2);
    assert!(outcome.stdout.contains("interval must be a number from 0.001 to 1 000 000 000"), "{}", outcome.stdout);
}

#[test]
fn control_characters_of_others_do_not_reach_the_terminal() {
    let fixture = Fixture::project(
        &json!({
            "a\u{1b}[31m": { "type": "Odd\u{7}" },
            "b": { "type": "PureTransformer", "params": { "function": "throw \"\u{1b}[2J\"" } },
            "c": { "type": "OneShot", "params": { "msg": "x" } }
        }),
        &["c.outbox -> b.inbox"],
    );
    for arguments in [vec!["check", "--format", "json"], vec!["check"], vec!["run"]] {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).chain([fixture.file()]).collect();
        let outcome = binary::run(&arguments).expect_code(2);
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(all.contains("Odd") && !all.contains(['\u{1b}', '\u{7}']), "{all:?}");
    }
    let crash = Fixture::project(
        &json!({
            "b": { "type": "PureTransformer", "params": { "function": "throw \"\u{1b}[2J\"" } },
            "c": { "type": "OneShot", "params": { "msg": "x" } }
        }),
        &["c.outbox -> b.inbox"],
    );
    let crashed = binary::run(&["run", &crash.file()]).expect_code(1);
    assert!(crashed.stderr.contains("\\u{1b}[2J") && !crashed.stderr.contains('\u{1b}'), "{:?}", crashed.stderr);
    let explored = binary::run(&["explore", &crash.file(), "--runs", "1"]).expect_code(1);
    assert!(!explored.stdout.contains('\u{1b}'), "{:?}", explored.stdout);
    let sent = Fixture::project(
        &json!({
            "c\u{202e}": { "type": "OneShot", "params": { "msg": "x\u{1b}\u{9b}\u{202e}\u{61c}" } },
            "end": { "type": "NullSink" }
        }),
        &["c\u{202e}.outbox -> end.inbox"],
    );
    let traced = binary::run(&["run", &sent.file(), "--trace", "-"]).expect_code(0);
    assert!(traced.stdout.contains("c\\u202e.outbox"), "{:?}", traced.stdout);
    assert!(!traced.stdout.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{61c}']), "{:?}", traced.stdout);
}

#[test]
fn check_knows_which_rings_are_started() {
    let ring = |at_start: &str| {
        Fixture::project(
            &json!({
                "start": { "type": "Expression", "params": { "at_start": at_start, "script": "msg + \"T\"" } },
                "again": { "type": "PassThrough" }
            }),
            &["start.outbox -> again.inbox", "again.outbox -> start.inbox"],
        )
    };
    for at_start in ["\"B\"", "send(\"outbox\", \"B\");"] {
        let outcome = binary::run(&["check", &ring(at_start).file()]).expect_code(0);
        assert!(outcome.stdout.ends_with(": no problems found\n"), "{}", outcome.stdout);
    }
    for at_start in ["", "state.n = 1;", "state.n = 1; ()"] {
        let outcome = binary::run(&["check", &ring(at_start).file()]).expect_code(0);
        assert!(outcome.stdout.contains("warning: start: no component sends first"), "{}", outcome.stdout);
    }
}

/// A project that reads one file and writes another.
fn copies(from: &str, to: &str) -> Fixture {
    let fixture = Fixture::project(
        &json!({
            "r": { "type": "SimpleReader", "params": { "filename": from } },
            "w": { "type": "SimpleFileWriter", "params": { "filename": to, "overwrite": true } }
        }),
        &["r.outbox -> w.inbox"],
    );
    std::fs::write(fixture.path("same.txt"), "kept\n").unwrap();
    symlink("same.txt", fixture.path("soft.txt")).unwrap();
    fixture
}

#[test]
fn a_file_that_is_read_and_written_is_refused_before_it_is_touched() {
    for to in ["same.txt", "./same.txt", "soft.txt"] {
        let fixture = copies("same.txt", to);
        let checked = binary::run(&["check", &fixture.file()]).expect_code(2);
        assert!(checked.stdout.contains("error: w: filename: r reads the same file"), "{}", checked.stdout);
        binary::run(&["run", &fixture.file()]).expect_code(2);
        assert_eq!(std::fs::read_to_string(fixture.path("same.txt")).unwrap(), "kept\n");
    }
    let fixture = copies("same.txt", "other.txt");
    binary::run(&["run", &fixture.file()]).expect_code(0);
    assert_eq!(std::fs::read_to_string(fixture.path("other.txt")).unwrap(), "kept\n");
}

#[test]
fn an_output_in_a_folder_that_does_not_exist_is_refused_before_the_run() {
    let fixture = copies("same.txt", "other.txt");
    for option in ["--record", "--trace", "--stats"] {
        let outcome = binary::run(&["run", &fixture.file(), option, &fixture.argument("missing/x")]).expect_code(1);
        assert!(outcome.stderr.contains("cannot write ") && outcome.stderr.contains("missing/x"), "{}", outcome.stderr);
        assert!(!fixture.path("other.txt").exists(), "{option}: the components had begun");
    }
}

#[test]
fn a_recording_does_not_overwrite_the_project_or_a_file_of_a_component() {
    let fixture = copies("same.txt", "other.txt");
    let project = std::fs::read_to_string(fixture.file()).unwrap();
    for option in ["--record", "--trace", "--stats"] {
        for (file, owner) in
            [("project.json", "the project"), ("soft.txt", "a file of r"), ("other.txt", "a file of w")]
        {
            let outcome = binary::run(&["run", &fixture.file(), option, &fixture.argument(file)]).expect_code(2);
            assert!(outcome.stderr.contains(&format!("{option} would overwrite {owner}")), "{}", outcome.stderr);
        }
        let same = if option == "--stats" { "--trace" } else { "--stats" };
        let file = fixture.argument("both");
        let outcome = binary::run(&["run", &fixture.file(), option, &file, same, &file]).expect_code(2);
        assert!(outcome.stderr.contains("name the same file"), "{}", outcome.stderr);
    }
    assert_eq!(std::fs::read_to_string(fixture.file()).unwrap(), project);
    assert_eq!(std::fs::read_to_string(fixture.path("same.txt")).unwrap(), "kept\n");
}
