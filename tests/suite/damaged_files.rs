//! Damaged and hostile project files lead to a list of problems with location and remedy, never to a crash or a hang.

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// Asserts that `check` exits with code 2 and that its output contains each text of `expected`.
fn assert_rejected(contents: impl AsRef<[u8]>, expected: &[&str]) -> String {
    let fixture = Fixture::with_text(contents);
    let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
    let output = format!("{}{}", outcome.stdout, outcome.stderr);
    for text in expected {
        assert!(output.contains(text), "{text:?} is missing in: {output}");
    }
    assert!(!output.contains("panicked"), "{output}");
    let run = binary::run(&["run", &fixture.file(), "--for", "1s", "--virtual-time"]).expect_code(2);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    output
}

fn project(components: &serde_json::Value, links: &serde_json::Value) -> String {
    json!({ "format": "kamaelia-compose/1", "components": components, "links": links }).to_string()
}

#[test]
fn truncated_files_are_rejected() {
    let good = std::fs::read(compose_tests::root().join("projects/slideshow.json")).unwrap();
    for length in (0..good.len()).step_by(good.len() / 12) {
        let fixture = Fixture::with_text(&good[..length]);
        let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
        assert!(!outcome.stderr.contains("panicked"), "cut at {length}: {}", outcome.stderr);
    }
}

#[test]
fn the_end_of_a_truncated_file_is_reported_with_its_line() {
    assert_rejected("{\n  \"format\": \"kamaelia-compose/1\",\n  \"compo", &["line 3"]);
}

#[test]
fn files_that_are_not_project_json_are_rejected() {
    assert_rejected("", &[]);
    assert_rejected("hello", &["line 1"]);
    assert_rejected([0xff, 0xfe, 0x00, 0x80], &[]);
    assert_rejected("[1, 2, 3]", &[]);
    assert_rejected("null", &[]);
}

#[test]
fn an_unknown_format_is_named() {
    assert_rejected(r#"{ "format": "kamaelia-compose/99", "components": {}, "links": [] }"#, &["99"]);
    assert_rejected(r#"{ "format": "spreadsheet", "components": {} }"#, &["spreadsheet"]);
}

#[test]
fn wrong_types_are_named_with_their_location() {
    assert_rejected(r#"{ "format": "kamaelia-compose/1", "components": [1], "links": {} }"#, &["components", "links"]);
    assert_rejected(project(&json!({ "a": 7 }), &json!([])), &["a"]);
    assert_rejected(project(&json!({ "a": { "type": ["x"] } }), &json!([])), &["a", "type"]);
    assert_rejected(project(&json!({ "a": { "type": "PassThrough", "params": 3 } }), &json!([])), &["a", "params"]);
    assert_rejected(project(&json!({ "a": { "type": "PassThrough" } }), &json!([17])), &["17"]);
}

#[test]
fn an_unknown_component_is_named() {
    assert_rejected(project(&json!({ "odd": { "type": "Teleporter" } }), &json!([])), &["odd", "Teleporter"]);
}

#[test]
fn bad_links_are_named() {
    let components = json!({ "a": { "type": "PassThrough" }, "b": { "type": "PassThrough" } });
    assert_rejected(
        project(&components, &json!(["a.outbox -> b.inbox", "a.outbox -> b.inbox"])),
        &["a.outbox -> b.inbox"],
    );
    assert_rejected(project(&components, &json!(["a.outbox -> ghost.inbox"])), &["ghost"]);
    assert_rejected(project(&components, &json!(["a.nobox -> b.inbox"])), &["nobox"]);
    assert_rejected(project(&components, &json!(["a.inbox -> b.outbox"])), &["a.inbox -> b.outbox"]);
    assert_rejected(project(&components, &json!(["a to b"])), &["a to b"]);
    assert_rejected(project(&components, &json!(["a.outbox -> self.outbox", " -> ", "a. -> b."])), &[]);
}

#[test]
fn invalid_parameters_are_named() {
    let wrong = json!({ "clock": { "type": "CheapAndCheerfulClock", "params": { "interval": "soon" } } });
    assert_rejected(project(&wrong, &json!([])), &["clock", "interval", "soon"]);
    let unknown = json!({ "clock": { "type": "CheapAndCheerfulClock", "params": { "colour": 1 } } });
    assert_rejected(project(&unknown, &json!([])), &["clock", "colour"]);
}

#[test]
fn out_of_range_numbers_are_rejected() {
    let text = r#"{ "format": "kamaelia-compose/1",
        "components": { "a": { "type": "CheapAndCheerfulClock", "params": { "interval": 1e999 } } },
        "links": [] }"#;
    assert_rejected(text, &[]);
    let interval = json!({ "a": { "type": "CheapAndCheerfulClock", "params": { "interval": -5 } } });
    assert_rejected(project(&interval, &json!([])), &["a", "interval"]);
    let port =
        json!({ "a": { "type": "TCPClient", "params": { "host": "127.0.0.1", "port": 123_456_789_012_345_i64 } } });
    assert_rejected(project(&port, &json!([])), &["a", "port"]);
}

#[test]
fn an_absurd_position_on_the_canvas_does_not_panic() {
    let fixture = Fixture::with(&json!({
        "components": { "a": { "type": "NullSink" } },
        "links": [],
        "layout": { "a": [1e300, -1e300], "nobody": [0, 0], "b": "here" }
    }));
    let outcome = binary::run(&["check", &fixture.file()]);
    assert!(!outcome.stderr.contains("panicked") && outcome.code.is_some(), "{}", outcome.stderr);
}

#[test]
fn fifty_megabytes_of_nesting_are_rejected() {
    let mut text = String::from(r#"{ "format": "kamaelia-compose/1", "components": "#);
    text.push_str(&"[".repeat(50_000_000));
    assert_rejected(text, &[]);
}

#[test]
fn deeply_nested_composites_are_rejected() {
    let depth = 3_000;
    let mut text = String::from(r#"{ "format": "kamaelia-compose/1", "#);
    for _ in 0..depth {
        text.push_str(r#""components": { "a": { "#);
    }
    text.push_str(r#""type": "NullSink" "#);
    text.push_str(&"}".repeat(2 * depth + 1));
    let fixture = Fixture::with_text(text);
    let outcome = binary::run(&["check", &fixture.file()]);
    assert!(outcome.code == Some(2) && !outcome.stderr.contains("panicked"), "{:?}", outcome.code);
}

#[test]
fn all_problems_are_listed_not_only_the_first() {
    let components = json!({ "a": { "type": "Nope1" }, "b": { "type": "Nope2" }, "c": { "type": "PassThrough" } });
    assert_rejected(
        project(&components, &json!(["c.outbox -> x.inbox", "y.outbox -> c.inbox"])),
        &["Nope1", "Nope2", "x", "y"],
    );
}
