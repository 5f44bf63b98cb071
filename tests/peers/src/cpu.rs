//! Processor time of threads, which excludes the time of other threads and programs.

use std::path::{Path, PathBuf};

/// The file in which the kernel reports the times of the calling thread. Other threads can read it while this thread
/// runs.
pub fn own_times() -> PathBuf {
    let thread = std::fs::read_link("/proc/thread-self").expect("the kernel reports the times of threads");
    Path::new("/proc").join(thread).join("schedstat")
}

/// Processor time of a thread in seconds.
pub fn seconds(times: &Path) -> f64 {
    let text = std::fs::read_to_string(times).expect("the thread is running");
    text.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).expect("nanoseconds come first") / 1e9
}
