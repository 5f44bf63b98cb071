//! Damaged input: seeds from `fuzz/seeds`, cut, repeated and overwritten, and a watch for panics.
//!
//! These are property tests and no coverage-guided fuzzing, which needs a nightly toolchain. `make test` runs a few cases
//! of each target, `make nightly` many (`PROPTEST_CASES`).
#![allow(clippy::unwrap_used, clippy::expect_used)] // support code of tests: a broken seed must say so loudly

use std::any::Any;
use std::cell::Cell;
use std::path::Path;
use std::sync::Once;

use compose_runtime::component::Fault;
use proptest::prelude::*;

/// The contents of all files in `fuzz/seeds/<folder>`, and of those in a folder of the project.
pub fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = [here.join("seeds").join(folder), here.join("..").join(folder)]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are seeds for {folder}");
    files.iter().map(|file| std::fs::read(file).expect("a seed can be read")).collect()
}

/// One change of an input: at a place, as a share of its length, some bytes are replaced by others.
type Damage = (f64, usize, Vec<u8>);

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    // Bytes that mean something in one of the formats come up more often than others.
    let byte = prop_oneof![
        4 => any::<u8>(),
        1 => prop::sample::select(b"\0\r\n \"'\\{}[]<>&;:,=%#/0189-.eE\x7f\x80\xff".to_vec()),
    ];
    prop::collection::vec((0.0..=1.0, 0_usize..40, prop::collection::vec(byte, 0..12)), 0..6)
}

/// One of the seeds, damaged in up to five places.
pub fn damaged(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(seeds), damages()).prop_map(|(mut bytes, damages)| {
        for (place, cut, put) in damages {
            let start = (bytes.len() as f64 * place) as usize;
            let end = (start + cut).min(bytes.len());
            bytes.splice(start..end, put);
        }
        bytes
    })
}

/// The input in pieces, as a socket or a file gives it.
pub fn pieces(bytes: &[u8], cuts: &[f64]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| (bytes.len() as f64 * cut) as usize).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect()
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// How many panics happen on this thread while `run` runs, those that are caught included. A [`Fault`] is no panic: it is
/// how a component says that its input is wrong.
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
