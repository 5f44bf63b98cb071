//! Every test can fail, and no test waits for real time to pass.

use compose_structure::checks::{tests_that_cannot_fail, tests_that_wait_for_the_clock};
use compose_structure::crates::Workspace;
use compose_structure::tree::Tree;

use super::checkout::{TREE, WORKSPACE};

/// Helpers that tests of every package use.
const SUPPORT: &[&str] = &["runtime/src/testing.rs"];

/// Tests without an assertion, with the reason.
const WITHOUT: &[(&str, &str)] = &[
    // The child process that other tests start; run on its own, it does nothing.
    ("runtime/tests/rules/process.rs", "process_child_entry"),
];

/// Functions that may wait for real time, with the reason.
const CLOCK: &[(&str, &str)] = &[
    // It waits for another process or the screen, and neither notifies a test.
    ("tests/src/lib.rs", "wait_until"),
    // A user pauses between two movements of the mouse, so a drag without pauses would not be realistic.
    ("tests/src/screen.rs", "let_a_frame_pass"),
    // Time must pass inside a turn, because the test checks that the turn does not see it.
    ("runtime/tests/rules/scheduler.rs", "sched_20_components_see_the_time_at_the_start_of_the_pass"),
    // A cluster does not announce a stall, so the test must ask repeatedly.
    ("runtime/tests/system/cluster.rs", "wait_until"),
    // These tests use a runtime without a hook for snapshots.
    ("runtime/tests/system/observing.rs", "wait_for"),
];

/// The findings (`file:line: function ..`) without the exceptions. Fails if an exception is no longer needed.
fn without(found: Vec<String>, exceptions: &[(&str, &str)]) -> Vec<String> {
    let is = |found: &str, (file, name): (&str, &str)| {
        let function = found.split(": ").nth(1).and_then(|text| text.split(' ').next());
        found.starts_with(file) && function == Some(name)
    };
    for exception in exceptions {
        assert!(
            found.iter().any(|found| is(found, *exception)),
            "remove {exception:?} from the list; it is not needed"
        );
    }
    found.into_iter().filter(|found| !exceptions.iter().any(|exception| is(found, *exception))).collect()
}

/// The tests of a tree that assert nothing, without the exceptions.
pub fn cannot_fail(tree: &Tree, workspace: &Workspace) -> Vec<String> {
    without(tests_that_cannot_fail(tree, workspace, SUPPORT), WITHOUT)
}

/// The test code of a tree that waits for real time, without the exceptions.
pub fn wait_for_the_clock(tree: &Tree, workspace: &Workspace) -> Vec<String> {
    without(tests_that_wait_for_the_clock(tree, workspace, SUPPORT), CLOCK)
}

#[test]
fn every_test_can_fail() {
    assert_eq!(cannot_fail(&TREE, &WORKSPACE), Vec::<String>::new(), "tests without an assertion");
}

#[test]
fn no_test_waits_for_the_clock() {
    let found = wait_for_the_clock(&TREE, &WORKSPACE);
    assert_eq!(found, Vec::<String>::new(), "wait for a message, a condition or the virtual clock instead");
}

#[test]
fn a_planted_test_that_cannot_fail_is_found() {
    for (code, expected) in [
        ("#[test]\nfn empty() {}", 1),
        ("#[test]\nfn only_runs() { let x = run().unwrap(); drop(x); }\nfn run() -> Option<u8> { Some(1) }", 1),
        ("#[test]\nfn only_expects() { run().expect(\"it runs\"); }\nfn run() -> Option<u8> { Some(1) }", 1),
        ("#[test]\nfn is_refused() { run().unwrap_err(); }\nfn run() -> Result<(), Refused> { Err(Refused) }", 0),
        ("#[test]\nfn is_refused() { run().expect_err(\"no\"); }\nfn run() -> Result<(), Refused> { Err(Refused) }", 0),
        (
            "#[test]\nfn by_helper() { check(1); }\nfn check(x: u8) { deeper(x); }\nfn deeper(x: u8) { assert_eq!(x, 1); }",
            0,
        ),
        ("#[test]\nfn by_loop() { for x in 0..3 { if x > 1 { assert!(x > 1) } } }", 0),
        ("proptest! { #[test]\nfn law(x in 0..3) { let y = x; drop(y); } }", 1),
        ("proptest! { #[test]\nfn law(x in 0..3) { prop_assert!(x < 3); } }", 0),
        ("#[cfg(test)] mod tests { mod deep { #[test]\nfn empty() {} } }", 1),
        ("#[test]\n#[should_panic(expected = \"no\")]\nfn panics() { run(); }\nfn run() {}", 0),
        ("fn no_test() {}", 0),
    ] {
        let tree = Tree::of(&[("app/Cargo.toml", "name = \"compose_app\""), ("app/tests/planted.rs", code)]);
        let found = tests_that_cannot_fail(&tree, &Workspace::of(&tree), &[]);
        assert_eq!(found.len(), expected, "{code}: {found:?}");
    }
}

#[test]
fn a_planted_wait_is_found() {
    for (code, expected) in [
        ("use std::thread; #[test]\nfn t() { thread::park_timeout(PAUSE); }", 1),
        ("#[test]\nfn t() { while Instant::now() < end { std::thread::yield_now(); } }", 1),
        ("#[test]\nfn t() { let limit = began.elapsed(); loop { yield_now(); } }", 1),
        ("#[test]\nfn t() { let _ = condvar.wait_timeout(lock, PAUSE); }", 1),
        ("#[test]\nfn t() { thread::sl\u{65}ep(PAUSE); }", 1),
        ("#[test]\nfn t() { block_on(async { io.sleep(PAUSE).await; io.yield_now().await; }); }", 0),
    ] {
        let tree = Tree::of(&[("app/Cargo.toml", "name = \"compose_app\""), ("app/tests/planted.rs", code)]);
        let found = tests_that_wait_for_the_clock(&tree, &Workspace::of(&tree), &[]);
        assert_eq!(found.len(), expected, "{code}: {found:?}");
    }
}
