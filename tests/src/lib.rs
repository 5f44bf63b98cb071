//! Support for the tests of the whole product: the real binary, a screen of its own, sound that is measured, the
//! application driven without a window.
//!
//! Nothing here knows more than a user or a neighbouring program could: it starts processes, reads files and uses the
//! public API of the packages.
#![allow(clippy::unwrap_used, clippy::expect_used)] // support code of tests: a broken fixture must say so loudly

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub mod arbitrary;
pub mod binary;
pub mod fixtures;
pub mod guide;
pub mod screen;
pub mod sound;
pub mod system;

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the project").to_path_buf()
}

/// Every ready-made project file, in order of name.
pub fn project_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("projects"))
        .expect("the folder projects is there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

/// Waits until `condition` gives something, looking every 10 ms; panics with `what` after `limit`.
pub fn wait_until<T>(what: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(begun.elapsed() < limit, "waited {limit:?} in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// A TCP port of this machine that nobody uses at the moment.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// The middle one of some numbers; not a number if there are none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
