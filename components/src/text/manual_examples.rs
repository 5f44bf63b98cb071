//! The example expressions in the manual work as printed.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use compose_runtime::component::ComponentSpec;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::Message;
use compose_runtime::testing::Rig;

use crate::flow::CONDITIONAL_SPLITTER;
use crate::text::{EXPRESSION, FILTER, PURE_TRANSFORMER, SEQUENTIAL_TRANSFORMER};

/// The code in the paragraph of examples, without its backticks.
fn examples(spec: &ComponentSpec) -> Vec<&'static str> {
    let paragraph = spec.docs.split("\n\n").find(|paragraph| paragraph.starts_with("Example")).unwrap();
    let mut found = Vec::new();
    let mut rest = paragraph;
    while let Some(start) = rest.find('`') {
        let fence = if rest[start..].starts_with("`` ") { "``" } else { "`" };
        let body = &rest[start + fence.len()..];
        let end = body.find(&format!("{}{fence}", if fence == "``" { " " } else { "" })).unwrap();
        found.push(body[..end].trim());
        rest = &body[end + fence.len()..];
        rest = rest.strip_prefix('`').unwrap_or(rest);
    }
    found
}

/// Whether the component handles at least one of a few messages with these settings, resolved as in a project without
/// parameters.
fn works(spec: &'static ComponentSpec, given: &[(&str, Message)]) -> bool {
    let resolved: Vec<(&str, Message)> = given
        .iter()
        .map(|(name, value)| {
            let param = spec.params.iter().find(|param| param.name == *name).unwrap();
            (*name, param.resolve(value, &BTreeMap::new()).unwrap())
        })
        .collect();
    let inbox = spec.inboxes.first().map_or("hires", |inbox| inbox.name);
    let person = Message::map([("name", "Ada")].map(|(key, value)| (key, Message::from(value))));
    let messages: [Message; 5] =
        ["error".into(), 7.into(), Message::bytes(b"bytes"), Message::list(["a".into()]), person];
    messages.into_iter().any(|message| {
        let mut rig = Rig::new(spec, &resolved);
        rig.put(inbox, message);
        rig.finish();
        rig.run();
        rig.state() == State::Finished
    })
}

#[test]
fn every_example_expression_of_the_manual_works() {
    for (spec, setting, least) in
        [(&PURE_TRANSFORMER, "function", 11), (&FILTER, "filter", 4), (&CONDITIONAL_SPLITTER, "condition", 1)]
    {
        let examples = examples(spec);
        assert!(examples.len() >= least, "{}: {examples:?}", spec.type_name);
        for example in examples {
            assert!(works(spec, &[(setting, example.into())]), "{}: {example}", spec.type_name);
        }
    }
}

#[test]
fn the_example_functions_of_the_manual_work() {
    let example = examples(&SEQUENTIAL_TRANSFORMER)[1];
    let functions: Vec<String> = serde_json::from_str(example).unwrap();
    let functions = Message::list(functions.into_iter().map(Message::from));
    assert!(works(&SEQUENTIAL_TRANSFORMER, &[("functions", functions)]));
}

#[test]
fn the_example_script_of_the_manual_works() {
    let script = EXPRESSION.docs.split("```").nth(1).unwrap();
    assert!(script.contains("`${state.n}: ${msg}`"), "{script}");
    let names = |names: [&str; 2]| Message::list(names.map(Message::from));
    let settings = [
        ("script", script.into()),
        ("inboxes", names(["hours", "hires"])),
        ("outboxes", names(["accounts", "security"])),
    ];
    assert!(works(&EXPRESSION, &settings));
}
