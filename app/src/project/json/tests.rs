//! Reading JSON: valid text gives the same as serde_json; invalid text is read as far as possible.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn problems(text: &str) -> Vec<String> {
    let mut report = Report::default();
    read(text, &mut report);
    report.into_problems().iter().map(ToString::to_string).collect()
}

fn readable(text: &str) -> Option<String> {
    read(text, &mut Report::default()).map(|json| json.to_value().to_string())
}

#[test]
fn everything_before_a_mistake_is_kept() {
    assert_eq!(readable(r#"{"a": [1, 2, {"b": tru"#).unwrap(), r#"{"a":[1,2,{}]}"#);
    assert_eq!(readable(r#"{"a": 1, "b": 1e999, "c": 2}"#).unwrap(), r#"{"a":1,"c":2}"#);
    assert_eq!(readable("[1 2]").unwrap(), "[1]");
}

#[test]
fn mistakes_are_reported_with_their_lines() {
    let mut report = Report::default();
    read("{\n  \"a\": 1,\n  \"b", &mut report);
    assert_eq!(report.into_problems()[0].place, crate::document::Place::File { line: 3, keys: String::new() });
    assert!(problems("[1 2]")[0].contains("expected a comma or the end of the list or map, found '2'"));
    assert!(problems("")[0].contains("the file is empty"));
    assert!(problems("{} {}")[0].contains("more text after the end"));
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    for open in ["[", "{\"a\":"] {
        assert!(problems(&open.repeat(1_000_000))[0].contains("nested more than 127 deep"));
    }
    let many = format!("[{}0]", "0,".repeat(MOST_VALUES));
    assert!(problems(&many)[0].contains("too many values"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_output_of_serde_json_is_read_unchanged(value in any_json(), is_pretty in any::<bool>()) {
        let text = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let mut report = Report::default();
        let read = read(&text, &mut report).unwrap().to_value();
        prop_assert_eq!(read, value);
        prop_assert!(report.into_problems().is_empty());
    }

    #[test]
    fn text_that_serde_json_refuses_is_reported(text in "[\\[\\]{}:,\"\\\\a-u0-9.eE+ -]{0,24}") {
        let is_valid = serde_json::from_str::<Value>(&text).is_ok();
        prop_assert_eq!(problems(&text).is_empty(), is_valid, "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        problems(&text);
    }
}
