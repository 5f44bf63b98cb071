//! The date in the headers of responses.
//!
//! Scheduler thread. The calendar is outside the run, like every input: it is read once for each connection, so that a
//! recording contains it. From then on, the runtime's clock counts the seconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use compose_runtime::dev::*;

/// Converts times of the runtime's clock to dates.
pub(super) struct Calendar {
    /// Time of the runtime's clock at which the calendar was read.
    read_at: Duration,
    /// The calendar time at that moment, since 1970.
    since_epoch: Duration,
    /// The most recent date, and the second for which it is valid.
    shown: (u64, String),
}

impl Calendar {
    /// Reads the calendar of the machine.
    ///
    /// # Errors
    /// The task that reads it was cancelled.
    pub(super) async fn read(io: &BoxIo) -> Result<Self, Fault> {
        let far = io.outside("the date", |port| async move {
            port.send(Message::Time(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())).await;
            Ok(())
        });
        let since_epoch = match far.recv().await? {
            Some(Message::Time(since_epoch)) => since_epoch,
            _ => Duration::ZERO,
        };
        Ok(Self::new(io.now(), since_epoch))
    }

    fn new(read_at: Duration, since_epoch: Duration) -> Self {
        Self { read_at, since_epoch, shown: (u64::MAX, String::new()) }
    }

    /// The date at this time of the runtime's clock, in HTTP format.
    pub(super) fn date(&mut self, now: Duration) -> &str {
        let seconds = self.since_epoch.saturating_add(now.saturating_sub(self.read_at)).as_secs();
        if self.shown.0 != seconds {
            let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(UNIX_EPOCH);
            self.shown = (seconds, httpdate::fmt_http_date(time));
        }
        &self.shown.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_the_run_moves_the_date() {
        let mut calendar = Calendar::new(Duration::from_secs(5), Duration::from_millis(784_111_777_400));
        assert_eq!(calendar.date(Duration::from_secs(5)), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(calendar.date(Duration::from_millis(5500)), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(calendar.date(Duration::from_millis(5600)), "Sun, 06 Nov 1994 08:49:38 GMT");
        assert_eq!(calendar.date(Duration::from_secs(86_405)), "Mon, 07 Nov 1994 08:49:37 GMT");
    }
}
