//! Whether an event of a recording could have happened: values that the runtime never records are refused. Pure.

use std::time::Duration;

use compose_runtime::introspect::record::{Event, PortEvent};

use super::error::LineError;
use super::fields::Read;

/// The latest clock, in seconds: three hundred years, as for `--for`.
const LATEST: u64 = 10_000_000_000;

/// The largest free space that a queue reports, far above the capacity of any queue.
const MOST_SPACE: u64 = u32::MAX as u64;

/// Checks an event that happened at or after `clock`. Returns the clock after it.
pub fn check(event: &Event, clock: Duration) -> Read<Duration> {
    match event {
        Event::Clock(moment) if moment.as_secs() >= LATEST => {
            Err(LineError::Impossible { key: "clock", min: 0, max: LATEST })
        }
        Event::Clock(moment) if *moment < clock => Err(LineError::EarlierClock),
        Event::Clock(moment) => Ok(*moment),
        Event::Port(0, _) => Err(LineError::Impossible { key: "port", min: 1, max: u64::MAX }),
        Event::Port(_, PortEvent::Space(space)) if *space as u64 > MOST_SPACE => {
            Err(LineError::Impossible { key: "room", min: 0, max: MOST_SPACE })
        }
        Event::Port(..)
        | Event::Inject(..)
        | Event::Surface(..)
        | Event::Steps(_)
        | Event::Stop(_)
        | Event::Attach(..)
        | Event::PauseComponent(..)
        | Event::Wake(_)
        | Event::ShutDown
        | Event::ShutDownNow => Ok(clock),
    }
}
