//! The limits of a number as text, for errors. Pure.

/// A real number of at least this size is written with an exponent, because its digits cannot be counted at a glance.
const LARGE: f64 = 1.0e15;

/// The phrase for a whole number between two inclusive bounds.
pub(super) fn whole(min: i64, max: i64) -> String {
    format!("a whole number from {} to {}", grouped(&min.to_string()), grouped(&max.to_string()))
}

/// The phrase for a real number between two inclusive bounds.
pub(super) fn real(min: f64, max: f64) -> String {
    format!("a number from {} to {}", of_float(min), of_float(max))
}

fn of_float(number: f64) -> String {
    if number.abs() >= LARGE { format!("{number:e}") } else { grouped(&number.to_string()) }
}

/// The digits of a number, with those before the decimal point in groups of three, for example `31 536 000`.
pub fn grouped(number: &str) -> String {
    let (whole, rest) = number.find('.').map_or((number, ""), |point| number.split_at(point));
    let digits = whole.trim_start_matches('-');
    let mut text = whole.strip_suffix(digits).unwrap_or_default().to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_named_in_groups_of_three_digits() {
        assert_eq!(real(0.001, 31_536_000.0), "a number from 0.001 to 31 536 000");
        assert_eq!(real(-1234.5, f64::MAX), "a number from -1 234.5 to 1.7976931348623157e308");
        assert_eq!(whole(-100, 65_535), "a whole number from -100 to 65 535");
        assert_eq!(whole(0, i64::MAX), "a whole number from 0 to 9 223 372 036 854 775 807");
    }
}
