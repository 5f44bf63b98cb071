//! Durations on the command line: `10s`, `300ms`, `1h 30m`, or a number of seconds.
//!
//! The crate humantime reads units and sums of them; this file reads a number without a unit.

use std::time::Duration;

use compose_runtime::params::grouped;

/// The longest accepted duration, in seconds: about three hundred years, far below the limit of clocks.
const LONGEST_S: u64 = 10_000_000_000;
/// More digits than any such duration has. A sum of longer numbers can overflow inside humantime.
const MOST_DIGITS: usize = 18;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// The text is not a duration.
    #[error("write a number and a unit, as in 10s, 300ms, 2m or 1h 30m; a number without a unit means seconds")]
    Form,
    /// The duration is too long or negative.
    #[error("write a time from 0s to {}s, which is about 300 years", grouped(&LONGEST_S.to_string()))]
    OutsideLimits,
}

/// Reads a duration.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let text = text.trim();
    // humantime does not accept signs.
    let (is_negative, size) = text.strip_prefix('-').map_or((false, text), |size| (true, size));
    if size.chars().filter(char::is_ascii_digit).count() > MOST_DIGITS {
        return Err(DurationError::OutsideLimits);
    }
    let span = match size.parse::<f64>() {
        Ok(seconds) if seconds.is_nan() => return Err(DurationError::Form),
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| DurationError::OutsideLimits)?,
        Err(_) => humantime::parse_duration(size).map_err(|error| match error {
            humantime::DurationError::NumberOverflow => DurationError::OutsideLimits,
            _ => DurationError::Form,
        })?,
    };
    let is_within = span <= Duration::from_secs(LONGEST_S) && (span.is_zero() || !is_negative);
    if is_within { Ok(span) } else { Err(DurationError::OutsideLimits) }
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
        for text in ["", "soon", "1e99s", "nan", "10 parsecs", "s", "-", "--1s"] {
            assert_eq!(parse(text), Err(DurationError::Form), "{text}");
        }
        let overflow = "18446744073709551615s 1000ms";
        for text in ["-1s", "-1", "-0.5", "1e99", "inf", "400years", "10000000001", "99999999999999999y", overflow] {
            assert_eq!(parse(text), Err(DurationError::OutsideLimits), "{text}");
        }
        let error = DurationError::OutsideLimits.to_string();
        assert_eq!(error, "write a time from 0s to 10 000 000 000s, which is about 300 years");
    }
}
