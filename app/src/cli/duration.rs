//! Durations on the command line: `10s`, `300ms`, `1.5m`, `2h`, or seconds alone.

use std::time::Duration;

/// The longest that is accepted: about three hundred years.
const LONGEST_S: f64 = 1.0e10;

/// Reads a duration; the error says how to write one.
pub fn parse(text: &str) -> Result<Duration, String> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "us" => 1.0e-6,
        "ms" => 1.0e-3,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => f64::NAN,
    };
    let span = number.trim().parse::<f64>().unwrap_or(f64::NAN) * seconds;
    if (0.0..=LONGEST_S).contains(&span) {
        Ok(Duration::from_secs_f64(span))
    } else {
        Err("write a number and a unit, as in 10s, 300ms, 2m or 1h".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_read() {
        for (text, millis) in [("10s", 10_000), ("300ms", 300), ("1.5m", 90_000), ("1h", 3_600_000), ("2", 2000)] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "soon", "-1s", "1e99s", "nan", "inf", "10 parsecs", "s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
