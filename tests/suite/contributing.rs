//! CONTRIBUTING.md keeps its word: the component it shows is this one, compiled and tested as it stands there.

mod take;

#[test]
fn the_component_in_the_guide_is_the_one_that_is_tested() {
    let guide = std::fs::read_to_string(compose_tests::root().join("CONTRIBUTING.md")).unwrap();
    assert!(guide.contains(include_str!("contributing/take.rs").trim_end()), "copy take.rs into CONTRIBUTING.md");
}

#[test]
fn the_component_of_the_guide_can_be_registered_beside_the_library() {
    let mut registry = compose_components::registry();
    registry.register(&take::TAKE).unwrap();
    assert_eq!(registry.get("Take").unwrap().summary, take::TAKE.summary);
}
