//! The pages of the manual match the component descriptions: none is missing, stale or left over.

use std::collections::BTreeSet;

use compose_components::{BUILTINS, manual};

#[test]
fn every_page_is_up_to_date() {
    let folder = compose_tests::root().join("docs/components");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let mut stale = Vec::new();
    if read("README.md") != manual::index() {
        stale.push("README.md".to_owned());
    }
    for spec in BUILTINS {
        let name = manual::file_name(spec);
        if read(&name) != manual::page(spec) {
            stale.push(name);
        }
    }
    assert_eq!(stale, Vec::<String>::new(), "run `make manual` and commit docs/components");
}

#[test]
fn no_page_describes_a_component_that_does_not_exist() {
    let known: BTreeSet<String> = BUILTINS.iter().map(|spec| manual::file_name(spec)).collect();
    for entry in std::fs::read_dir(compose_tests::root().join("docs/components")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(name == "README.md" || known.contains(&name), "{name}: run `make manual` and commit docs/components");
    }
}

#[test]
fn every_page_has_an_example() {
    for spec in BUILTINS {
        assert!(spec.docs.contains("Example"), "{} has no example", spec.type_name);
    }
}
