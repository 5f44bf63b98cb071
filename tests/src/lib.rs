//! Support for the tests of the whole product: the real binary, a virtual screen, captured sound, project files and
//! running systems.
//!
//! This code uses only what a user or another program can use: it starts processes, reads files and calls the public
//! API of the packages.
#![allow(clippy::unwrap_used, clippy::expect_used)] // test support code: a broken fixture must fail loudly

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub mod arbitrary;
pub mod binary;
pub mod edit_session;
pub mod fixtures;
pub mod guide;
pub mod screen;
pub mod sound;
pub mod system;

/// The project root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a folder of the project").to_path_buf()
}

/// All ready-made project files, sorted by name.
pub fn project_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("projects"))
        .expect("the folder projects exists")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

/// Calls `condition` every 10 ms until it returns a value. Panics with `what` after `limit`.
pub fn wait_until<T>(what: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(started.elapsed() < limit, "timed out after {limit:?} while waiting for {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// A TCP port of this machine that is free at the moment. No two calls in one process return the same port.
pub fn free_port() -> u16 {
    static RETURNED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let free = || {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        listener.local_addr().expect("a listener has an address").port()
    };
    let mut returned = RETURNED.lock().expect("no test panics while it holds the lock");
    loop {
        let port = free();
        if returned.insert(port) {
            return port;
        }
    }
}

/// The median of `values`, or NaN if there are none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
