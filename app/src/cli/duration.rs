//! Durations on the command line: `10s`, `300ms`, `1h 30m`, or a number of seconds.
//!
//! The crate humantime reads units and sums of them; this file reads a number without a unit.

use std::time::Duration;

/// The longest accepted duration: about three hundred years, far below the limit of clocks.
const LONGEST: Duration = Duration::from_secs(10_000_000_000);
/// More digits than any such duration has. A sum of longer numbers can overflow inside humantime.
const MOST_DIGITS: usize = 18;

/// The text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a number and a unit, as in 10s, 300ms, 2m or 1h 30m; a number without a unit means seconds")]
pub struct NotADuration;

/// Reads a duration.
pub fn parse(text: &str) -> Result<Duration, NotADuration> {
    if text.chars().filter(char::is_ascii_digit).count() > MOST_DIGITS {
        return Err(NotADuration);
    }
    let span = match text.trim().parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => humantime::parse_duration(text).ok(),
    };
    span.filter(|span| *span <= LONGEST).ok_or(NotADuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_read() {
        for (text, millis) in [
            ("10s", 10_000),
            ("300ms", 300),
            ("5000us", 5),
            ("1.5m", 90_000),
            ("2min", 120_000),
            ("1h", 3_600_000),
            ("1h 30m", 5_400_000),
            ("1d", 86_400_000),
            ("2", 2000),
            ("0.5", 500),
            ("0", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let overflow = "18446744073709551615s 1000ms";
        for text in ["", "soon", "-1s", "-1", "1e99s", "1e99", "nan", "inf", "10 parsecs", "s", "400years", overflow] {
            assert_eq!(parse(text), Err(NotADuration), "{text}");
        }
    }
}
