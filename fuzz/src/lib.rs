//! Damages the files in `fuzz/seeds` and counts the panics that they cause.
//!
//! These are property tests, not coverage-guided fuzzing, which needs a nightly toolchain. `make test` runs a few cases of
//! each test, and `make nightly` many (`PROPTEST_CASES`).
#![allow(clippy::unwrap_used, clippy::expect_used)] // test support code: a broken seed must fail loudly

use std::any::Any;
use std::cell::Cell;
use std::path::Path;
use std::sync::Once;

use compose_runtime::component::Fault;
use proptest::prelude::*;

/// The contents of all files in `fuzz/seeds/<folder>` and in the project's folder with the same name.
pub fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = [here.join("seeds").join(folder), here.join("..").join(folder)]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are no seeds for {folder}");
    files.iter().map(|file| std::fs::read(file).expect("a seed can be read")).collect()
}

/// One change of an input: the position, as a share of the length, the number of bytes to remove there, and the bytes to
/// insert instead.
type Damage = (f64, usize, Vec<u8>);

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    // Bytes that have a meaning in one of the formats are more frequent than others.
    let byte = prop_oneof![
        4 => any::<u8>(),
        1 => prop::sample::select(b"\0\r\n \"'\\{}[]<>&;:,=%#/0189-.eE\x7f\x80\xff".to_vec()),
    ];
    prop::collection::vec((0.0..=1.0, 0_usize..40, prop::collection::vec(byte, 0..12)), 0..6)
}

/// One of the seeds, damaged in up to five places.
pub fn damaged(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(seeds), damages()).prop_map(|(mut bytes, damages)| {
        for (position, cut, put) in damages {
            let start = (bytes.len() as f64 * position) as usize;
            let end = (start + cut).min(bytes.len());
            bytes.splice(start..end, put);
        }
        bytes
    })
}

/// Cuts the input into pieces, as a socket or a file may deliver it.
pub fn pieces(bytes: &[u8], cuts: &[f64]) -> Vec<Vec<u8>> {
    let mut positions: Vec<usize> = cuts.iter().map(|cut| (bytes.len() as f64 * cut) as usize).collect();
    positions.extend([0, bytes.len()]);
    positions.sort_unstable();
    positions.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect()
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// The number of panics on this thread during `run`, including caught ones. A [`Fault`] does not count, because components
/// report invalid input with it.
pub fn panics_in(run: impl FnOnce()) -> u32 {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let payload: &(dyn Any + Send) = info.payload();
            if !payload.is::<Fault>() {
                PANICS.with(|count| count.set(count.get() + 1));
            }
            before(info);
        }));
    });
    PANICS.with(|count| count.set(0));
    run();
    PANICS.with(Cell::get)
}
