//! Numbers as short text: rates, counts and clock times.

use std::time::Duration;

/// A rate as short text, with thin spaces between thousands.
pub fn rate_text(rate: f64) -> String {
    if rate <= 0.0 {
        "0".to_owned()
    } else if rate < 10.0 {
        format!("{rate:.1}")
    } else if rate < 100_000.0 {
        count_text(rate.round() as u64)
    } else if rate < 1.0e6 {
        format!("{:.0} k", rate / 1.0e3)
    } else {
        format!("{:.1} M", rate / 1.0e6)
    }
}

/// A whole number with thin spaces between thousands.
pub fn count_text(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// A time of the runtime's clock, for example `00:12.4`.
pub fn clock_text(clock: Duration) -> String {
    let tenths = clock.as_millis() / 100;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    if minutes >= 60 {
        return format!("{}:{:02}:{:02}", minutes / 60, minutes % 60, rest / 10);
    }
    format!("{minutes:02}:{:02}.{}", rest / 10, rest % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_short() {
        for (rate, text) in [(0.0, "0"), (0.93, "0.9"), (93.2, "93"), (1204.0, "1\u{2009}204"), (2.54e6, "2.5 M")] {
            assert_eq!(rate_text(rate), text);
        }
        assert_eq!(count_text(1_234_567), "1\u{2009}234\u{2009}567");
    }

    #[test]
    fn a_clock_shows_minutes_and_tenths() {
        assert_eq!(clock_text(Duration::from_millis(12_430)), "00:12.4");
        assert_eq!(clock_text(Duration::from_secs(3725)), "1:02:05");
    }
}
