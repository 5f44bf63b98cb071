//! Damaged and hostile project files: a list of problems with place and remedy, never a crash, never a hang.

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// `check` must answer with exit code 2 and name every one of `words`.
fn refused(text: impl AsRef<[u8]>, words: &[&str]) -> String {
    let fixture = Fixture::with_text(text);
    let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    for word in words {
        assert!(said.contains(word), "{word:?} is named in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    let run = binary::run(&["run", &fixture.file(), "--for", "1s", "--virtual-time"]).expect_code(2);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    said
}

fn project(components: &serde_json::Value, links: &serde_json::Value) -> String {
    json!({ "format": "kamaelia-compose/1", "components": components, "links": links }).to_string()
}

#[test]
fn every_truncation_of_a_good_file_is_answered() {
    let good = std::fs::read(compose_tests::root().join("projects/slideshow.json")).unwrap();
    for length in (0..good.len()).step_by(good.len() / 12) {
        let fixture = Fixture::with_text(&good[..length]);
        let outcome = binary::run(&["check", &fixture.file()]).expect_code(2);
        assert!(!outcome.stderr.contains("panicked"), "cut at {length}: {}", outcome.stderr);
    }
}

#[test]
fn a_truncated_file_says_where_it_breaks_off() {
    refused("{\n  \"format\": \"kamaelia-compose/1\",\n  \"compo", &["line 3"]);
}

#[test]
fn what_is_not_json_at_all_is_answered() {
    refused("", &[]);
    refused("hello", &["line 1"]);
    refused([0xff, 0xfe, 0x00, 0x80], &[]);
    refused("[1, 2, 3]", &[]);
    refused("null", &[]);
}

#[test]
fn another_format_is_named() {
    refused(r#"{ "format": "kamaelia-compose/99", "components": {}, "links": [] }"#, &["99"]);
    refused(r#"{ "format": "spreadsheet", "components": {} }"#, &["spreadsheet"]);
}

#[test]
fn wrong_types_are_named_with_their_place() {
    refused(r#"{ "format": "kamaelia-compose/1", "components": [1], "links": {} }"#, &["components", "links"]);
    refused(project(&json!({ "a": 7 }), &json!([])), &["a"]);
    refused(project(&json!({ "a": { "type": ["x"] } }), &json!([])), &["a", "type"]);
    refused(project(&json!({ "a": { "type": "PassThrough", "params": 3 } }), &json!([])), &["a", "params"]);
    refused(project(&json!({ "a": { "type": "PassThrough" } }), &json!([17])), &["17"]);
}

#[test]
fn an_unknown_component_is_named() {
    refused(project(&json!({ "odd": { "type": "Teleporter" } }), &json!([])), &["odd", "Teleporter"]);
}

#[test]
fn bad_links_are_named() {
    let components = json!({ "a": { "type": "PassThrough" }, "b": { "type": "PassThrough" } });
    refused(project(&components, &json!(["a.outbox -> b.inbox", "a.outbox -> b.inbox"])), &["a.outbox -> b.inbox"]);
    refused(project(&components, &json!(["a.outbox -> ghost.inbox"])), &["ghost"]);
    refused(project(&components, &json!(["a.nobox -> b.inbox"])), &["nobox"]);
    refused(project(&components, &json!(["a.inbox -> b.outbox"])), &["a.inbox -> b.outbox"]);
    refused(project(&components, &json!(["a to b"])), &["a to b"]);
    refused(project(&components, &json!(["a.outbox -> self.outbox", " -> ", "a. -> b."])), &[]);
}

#[test]
fn refused_settings_are_named() {
    let wrong = json!({ "clock": { "type": "CheapAndCheerfulClock", "params": { "interval": "soon" } } });
    refused(project(&wrong, &json!([])), &["clock", "interval", "soon"]);
    let unknown = json!({ "clock": { "type": "CheapAndCheerfulClock", "params": { "colour": 1 } } });
    refused(project(&unknown, &json!([])), &["clock", "colour"]);
}

#[test]
fn absurd_numbers_are_answered() {
    let text = r#"{ "format": "kamaelia-compose/1",
        "components": { "a": { "type": "CheapAndCheerfulClock", "params": { "interval": 1e999 } } },
        "links": [] }"#;
    refused(text, &[]);
    let interval = json!({ "a": { "type": "CheapAndCheerfulClock", "params": { "interval": -5 } } });
    refused(project(&interval, &json!([])), &["a", "interval"]);
    let port =
        json!({ "a": { "type": "TCPClient", "params": { "host": "127.0.0.1", "port": 123_456_789_012_345_i64 } } });
    refused(project(&port, &json!([])), &["a", "port"]);
}

#[test]
fn an_absurd_place_on_the_canvas_hurts_nobody() {
    let fixture = Fixture::with(&json!({
        "components": { "a": { "type": "NullSink" } },
        "links": [],
        "layout": { "a": [1e300, -1e300], "nobody": [0, 0], "b": "here" }
    }));
    let outcome = binary::run(&["check", &fixture.file()]);
    assert!(!outcome.stderr.contains("panicked") && outcome.code.is_some(), "{}", outcome.stderr);
}

#[test]
fn fifty_megabytes_of_nesting_are_answered() {
    let mut text = String::from(r#"{ "format": "kamaelia-compose/1", "components": "#);
    text.push_str(&"[".repeat(50_000_000));
    refused(text, &[]);
}

#[test]
fn deep_composites_are_answered() {
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
    refused(
        project(&components, &json!(["c.outbox -> x.inbox", "y.outbox -> c.inbox"])),
        &["Nope1", "Nope2", "x", "y"],
    );
}
