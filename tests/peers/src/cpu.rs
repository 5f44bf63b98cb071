//! Processor time of threads, which does not count the time that others had the processor.

use std::path::{Path, PathBuf};

/// Where the kernel keeps the times of the calling thread; others may read there, too, for as long as it lives.
pub fn own_times() -> PathBuf {
    let thread = std::fs::read_link("/proc/thread-self").expect("the kernel tells threads about themselves");
    Path::new("/proc").join(thread).join("schedstat")
}

/// Seconds of processor time that a thread has had.
pub fn seconds(times: &Path) -> f64 {
    let words = std::fs::read_to_string(times).expect("the thread lives");
    words.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).expect("nanoseconds come first") / 1e9
}
