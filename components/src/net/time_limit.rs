//! TimeLimit: how long a component waits for a peer.
//!
//! In every setting, 0 means no limit, because a limit of 0 would make success impossible.

use std::time::Duration;

use async_io::Timer;
use compose_runtime::dev::*;
use futures_lite::future;

/// A limit of real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeLimit(Option<Duration>);

impl TimeLimit {
    /// The limit in a setting, which is a number of seconds.
    pub(crate) fn of(params: &Params, name: &str) -> Self {
        Self(Some(params.seconds(name)).filter(|limit| !limit.is_zero()))
    }

    /// The limit; `None` if there is none.
    pub(crate) fn duration(self) -> Option<Duration> {
        self.0
    }

    /// Ends when this much time has passed; never without a limit.
    pub(crate) async fn passed(self) {
        match self.0 {
            Some(limit) => drop(Timer::after(limit).await),
            None => future::pending().await,
        }
    }

    /// The output of `work`; `None` if the limit passes first.
    pub(crate) async fn bound<T>(self, work: impl Future<Output = T>) -> Option<T> {
        let done = async { Some(work.await) };
        let late = async {
            self.passed().await;
            None
        };
        future::or(done, late).await
    }
}

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(limit) => write!(f, "{} s", limit.as_secs_f64()),
            None => f.write_str("any time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_means_no_limit() {
        const SPECS: &[ParamSpec] = &[ParamSpec::seconds("timeout", 0.0, "")];
        let limit = Params::check(SPECS, []).map(|params| TimeLimit::of(&params, "timeout"));
        assert_eq!(limit, Ok(TimeLimit(None)));
        let is_over = async_io::block_on(future::poll_once(TimeLimit(None).passed())).is_some();
        assert!(!is_over);
    }
}
