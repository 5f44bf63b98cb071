//! Tests of the rules themselves: each finds a planted violation, in whichever way the code uses the path.

use compose_structure::crates::Workspace;
use compose_structure::cycles::cycles;
use compose_structure::rules::{Rule, violations};
use compose_structure::tree::Tree;

use super::form::{MAX_LINES, findings, too_long, unfinished, without_description};
use super::table::{RULES, WITHIN_ROWS};

/// A manifest for each package that the rules name.
const MANIFESTS: &[(&str, &str)] = &[
    ("runtime/Cargo.toml", "[package]\nname = \"compose_runtime\"\n"),
    ("components/Cargo.toml", "[package]\nname = \"compose_components\"\n"),
    ("app/Cargo.toml", "[package]\nname = \"compose_app\"\n"),
];

/// Ways to use `PATH` in a module: a description and the code.
const WAYS: &[(&str, &str)] = &[
    ("an import", "use PATH;"),
    ("a group with a new name", "use PARENT::{LAST as other};"),
    ("everything in it", "use PATH::*;"),
    ("a public import", "pub use PATH;"),
    ("an inline path", "pub fn f() { PATH::planted(); }"),
    ("an import inside a function", "pub fn f() { use PATH; }"),
    ("a type", "pub struct S { field: Vec<PATH::Planted> }"),
    ("an argument of a macro", "pub fn f() { println!(\"{}\", PATH::planted()); }"),
    ("a derive", "#[derive(PATH::Planted)] pub struct S;"),
    ("code behind a test module", "#[cfg(test)]\nmod tests;\nuse PATH;"),
    ("code behind a test", "#[cfg(test)]\nmod tests { #[test]\nfn t() {} }\npub fn f() { PATH::planted(); }"),
    ("an inline module", "mod inside { use PATH; }"),
];

/// A workspace in which `module` (a full path such as `compose_app::live`) contains `code`, and the modules in `more` theirs.
fn planted(module: &str, code: &str, more: &[(&str, &str)]) -> Workspace {
    let mut tree = Tree::of(MANIFESTS);
    let mut put = |module: &str, code: &str| {
        let parts: Vec<&str> = module.split("::").collect();
        let folder = parts[0].trim_start_matches("compose_");
        for depth in 0..parts.len() {
            let file = match depth {
                0 => format!("{folder}/src/lib.rs"),
                depth => format!("{folder}/src/{}/mod.rs", parts[1..=depth].join("/")),
            };
            let text = tree.files.entry(file).or_insert_with(|| "//! Planted.\n".to_owned());
            match parts.get(depth + 1) {
                Some(child) if !text.contains(&format!("pub mod {child};")) => {
                    text.extend(["pub mod ", child, ";\n"]);
                }
                Some(_) => {}
                None => text.push_str(code),
            }
        }
    };
    for (module, code) in more {
        put(module, code);
    }
    put(module, code);
    Workspace::of(&tree)
}

/// Whether the rule reports that the code uses `path`.
fn finds(rule: &Rule, workspace: &Workspace, path: &str) -> bool {
    let found = violations(workspace, &[*rule]);
    found.iter().any(|text| text.contains(&format!("must not use {path} ")))
}

#[test]
fn a_planted_violation_of_each_rule_is_found_however_it_is_written() {
    let mut missed = Vec::new();
    for rule in RULES.iter().chain(WITHIN_ROWS) {
        for (module, path) in
            rule.modules.iter().flat_map(|module| rule.must_not.iter().map(move |path| (module, path)))
        {
            let (parent, last) = path.rsplit_once("::").unwrap_or(("", path));
            for (way, code) in WAYS {
                let written = written_in(module, path);
                let code = match parent {
                    "" => code.replace("PARENT::{LAST", "{LAST"),
                    _ => code.replace("PARENT", &written_in(module, parent)),
                };
                let code = code.replace("PATH", &written).replace("LAST", last);
                let workspace = planted(module, &code, &[]);
                if !finds(rule, &workspace, path) {
                    missed.push(format!("{module} uses {path} by {way}"));
                }
            }
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

/// The path as code in `module` writes it: with `crate` if it is in the same crate.
fn written_in(module: &str, path: &str) -> String {
    let root = module.split("::").next().unwrap_or_default();
    match path.strip_prefix(root) {
        Some(rest) => format!("crate{rest}"),
        None => path.to_owned(),
    }
}

#[test]
fn a_planted_violation_is_found_through_the_parent_of_the_parent() {
    for rule in RULES.iter().chain(WITHIN_ROWS) {
        for (module, path) in
            rule.modules.iter().flat_map(|module| rule.must_not.iter().map(move |path| (module, path)))
        {
            let Some(rest) = path.strip_prefix("compose_app::").filter(|_| module.starts_with("compose_app::")) else {
                continue;
            };
            let deep = format!("{module}::deep");
            for code in [
                format!("use super::super::{rest};"),
                format!("pub fn f() {{ super::super::{rest}::planted(); }}"),
                format!("use super::super as top; pub fn f() {{ top::{rest}::planted(); }}"),
                format!("mod inside {{ use super::super::super::{rest}; }}"),
                format!("use self::super::super::{{{rest}}};"),
            ] {
                assert!(finds(rule, &planted(&deep, &code, &[]), path), "{deep}: {code}");
            }
        }
    }
}

#[test]
fn a_planted_violation_is_found_behind_re_exports() {
    for rule in RULES.iter().chain(WITHIN_ROWS) {
        for (module, path) in
            rule.modules.iter().flat_map(|module| rule.must_not.iter().map(move |path| (module, path)))
        {
            // The re-export is in a third module of the same crate, named by a glob in a fourth.
            let root = module.split("::").next().unwrap_or_default();
            let (third, fourth) = (format!("{root}::third"), format!("{root}::fourth"));
            let export = format!("pub use {} as renamed;", written_in(module, path));
            let more = [(third.as_str(), export.as_str()), (fourth.as_str(), "pub use crate::third::*;")];
            for code in [
                "use crate::third::renamed;",
                "use crate::fourth::renamed;",
                "pub fn f() { crate::fourth::renamed::planted(); }",
                "use crate::fourth; pub fn f() { fourth::renamed::planted(); }",
                "use crate::fourth::*; pub fn f() { renamed::planted(); }",
            ] {
                // The third module itself breaks a rule for the whole crate, so only the planted module is checked.
                let own = Rule { except: &["compose_runtime::third", "compose_components::third"], ..*rule };
                assert!(finds(&own, &planted(module, code, &more), path), "{module}: {code} with {export}");
            }
        }
    }
}

#[test]
fn a_list_of_allowed_paths_rejects_any_other_path() {
    let document = RULES.iter().find(|rule| rule.row == "app::document").unwrap();
    for (code, found) in [
        ("use crate::live::LiveView;", 1),
        ("use rand::Rng;", 1),
        ("pub fn f() { compose_runtime::handle::stop(); }", 1),
        ("use petgraph::visit::Bfs; use std::fmt; pub fn f() -> Vec<u8> { Vec::with_capacity(usize::MAX) }", 0),
        ("#[expect(clippy::too_many_lines)] pub fn f(list: &[u8]) -> usize { <[u8]>::len(list) }", 0),
        ("pub fn f() -> usize { <[rand::Rng]>::len(&[]) }", 1),
        ("#[cfg(test)]\nmod tests { use rand::Rng; }", 0),
        ("#[cfg(test)]\nuse rand::Rng;\npub fn f() {}", 0),
    ] {
        let workspace =
            planted("compose_app::document", code, &[("compose_app::live", ""), ("compose_runtime::handle", "")]);
        assert_eq!(violations(&workspace, &[*document]).len(), found, "{code}");
    }
}

#[test]
fn a_file_in_the_wrong_form_is_found() {
    let mark = ["TO", "DO"].concat();
    let tree = Tree::of(&[
        ("a/src/lib.rs", "//! Short, and described.\n"),
        ("a/src/bare.rs", "fn f() {}\n"),
        ("a/src/later.rs", &format!("//! Later.\n// {mark}: the rest\n")),
        ("a/src/long.rs", &format!("//! Long.\n{}", "\n".repeat(MAX_LINES))),
    ]);
    assert_eq!(findings(&tree, without_description), ["a/src/bare.rs: no `//!` line first"]);
    assert_eq!(findings(&tree, unfinished), [format!("a/src/later.rs: contains {mark}")]);
    let long = findings(&tree, too_long);
    assert!(long.len() == 1 && long[0].starts_with("a/src/long.rs: 401 lines, but at most 400"), "{long:?}");
}

#[test]
fn a_circular_dependency_is_found_and_a_re_export_is_not_one() {
    let cycle = |files: &[(&str, &str)]| {
        let tree = Tree::of(&[MANIFESTS, files].concat());
        cycles(&Workspace::of(&tree)).into_iter().map(|cycle| cycle.files).collect::<Vec<_>>()
    };
    let (lib, a, b) = ("runtime/src/lib.rs", "runtime/src/a.rs", "runtime/src/b.rs");
    let both = vec![vec![a.to_owned(), b.to_owned()]];
    let of_lib = vec![vec![a.to_owned(), lib.to_owned()]];

    assert_eq!(
        cycle(&[(lib, "mod a; mod b;"), (a, "use crate::b::B; pub struct A;"), (b, "use crate::a::A; pub struct B;")]),
        both
    );
    assert_eq!(
        cycle(&[(lib, "mod a; mod b;"), (a, "pub struct A(super::b::B);"), (b, "pub fn b() { crate::a::A::new(); }")]),
        both
    );
    // If the path goes through a re-export, the edge leads to the file that declares the item.
    let through = [
        (lib, "mod a; mod b; pub use a::A; pub use b::B;"),
        (a, "use crate::B; pub struct A;"),
        (b, "use super::*; pub struct B(A);"),
    ];
    assert_eq!(cycle(&through), both);
    // A parent that declares and re-exports its child does not use it; one whose code uses it does.
    assert_eq!(
        cycle(&[(lib, "mod a; pub use a::A; pub struct L;"), (a, "use crate::L; pub struct A(L);")]),
        Vec::<Vec<String>>::new()
    );
    assert_eq!(cycle(&[(lib, "mod a; pub use a::A; pub struct L(A);"), (a, "use crate::L; pub struct A(L);")]), of_lib);
    assert_eq!(cycle(&[(lib, "mod a; pub fn l() { assert!(a::is()); }"), (a, "use crate::l; pub fn is() {}")]), of_lib);
    // A use in tests adds no edge.
    let tested = [
        (lib, "mod a; mod b;"),
        (a, "#[cfg(test)]\nuse crate::b::B;\npub struct A;"),
        (b, "use crate::a::A; pub struct B;"),
    ];
    assert_eq!(cycle(&tested), Vec::<Vec<String>>::new());
}
