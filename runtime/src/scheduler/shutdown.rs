//! Shutdown: whether the run was asked to end, and how long components may take to end. The caller reads the wall clock.

use std::time::{Duration, Instant};

/// How long components may take to finish before they are asked to end at once, in real time.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait for outside tasks that may wait forever, in real time, while no component has a turn. A program
/// that has reached the end of its input, and a socket that sends the last bytes, usually answer much sooner.
const QUIET_TIMEOUT: Duration = Duration::from_millis(200);

/// The end of a run.
#[derive(Default)]
pub(crate) struct Shutdown {
    asked_at: Option<Instant>,
    /// The last pass, and the moment at which no component was found to be ready after it.
    quiet: Option<(u64, Instant)>,
    is_quit: bool,
}

impl Shutdown {
    /// Notes that all components were asked to end at `now`; their time starts again.
    pub fn begin(&mut self, now: Instant) {
        self.asked_at = Some(now);
    }

    pub fn has_begun(&self) -> bool {
        self.asked_at.is_some()
    }

    /// How much time components have left at `now` to finish, in real time; `None` if they were not asked to.
    pub fn time_left(&self, now: Instant) -> Option<Duration> {
        self.asked_at.map(|asked_at| TIMEOUT.saturating_sub(now.saturating_duration_since(asked_at)))
    }

    /// How much time is left for outside tasks that may wait forever; starts again with every pass.
    pub fn quiet_time_left(&mut self, pass: u64, now: Instant) -> Duration {
        let since = match self.quiet {
            Some((last, since)) if last == pass => since,
            _ => now,
        };
        self.quiet = Some((pass, since));
        QUIET_TIMEOUT.saturating_sub(now.saturating_duration_since(since))
    }

    /// Stops the run now, whatever components are doing.
    pub fn quit(&mut self) {
        self.is_quit = true;
    }

    pub fn is_quit(&self) -> bool {
        self.is_quit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_finish_runs_out_once_and_starts_again_with_the_next_request() {
        let asked_at = Instant::now();
        let mut shutdown = Shutdown::default();
        assert_eq!((shutdown.has_begun(), shutdown.time_left(asked_at)), (false, None));
        shutdown.begin(asked_at);
        let left = |shutdown: &Shutdown, after: Duration| shutdown.time_left(asked_at + after);
        assert!(shutdown.has_begun());
        for (after, expected) in [(0, 2000), (500, 1500), (1999, 1), (2000, 0), (9000, 0)] {
            assert_eq!(
                left(&shutdown, Duration::from_millis(after)),
                Some(Duration::from_millis(expected)),
                "{after} ms"
            );
        }
        shutdown.begin(asked_at + TIMEOUT);
        assert_eq!(left(&shutdown, TIMEOUT), Some(TIMEOUT));
        assert_eq!(shutdown.time_left(asked_at), Some(TIMEOUT), "a moment before the request uses up nothing");
    }

    #[test]
    fn the_time_for_tasks_that_may_wait_forever_runs_out_unless_a_pass_happens() {
        let start = Instant::now();
        let mut shutdown = Shutdown::default();
        // Each row: the pass, the moment in milliseconds, and how many milliseconds are left.
        for (pass, at, expected) in [
            (7, 0, 200),
            (7, 150, 50),
            (7, 200, 0),
            (7, 900, 0),
            (8, 1000, 200),
            (8, 1199, 1),
            (9, 1199, 200),
            (9, 1399, 0),
        ] {
            let left = shutdown.quiet_time_left(pass, start + Duration::from_millis(at));
            assert_eq!(left, Duration::from_millis(expected), "pass {pass} at {at} ms");
        }
    }

    #[test]
    fn a_run_that_quits_asks_no_component_to_finish() {
        let mut shutdown = Shutdown::default();
        assert!(!shutdown.is_quit());
        shutdown.quit();
        assert!(shutdown.is_quit() && !shutdown.has_begun());
    }
}
