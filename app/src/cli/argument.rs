//! Parsers for values on the command line. Each error names the accepted form.

use compose_runtime::params::grouped;
use compose_runtime::scheduler::Policy;

/// Bounds for the speed of a replay, relative to the recording. Without a speed, a replay is as fast as possible.
const SLOWEST: f64 = 0.001;
const FASTEST: f64 = 1000.0;

/// Why a value on the command line was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// A project parameter without a name or a value.
    #[error("write NAME=VALUE, for example port=8080")]
    Setting,
    /// An unknown scheduling policy.
    #[error("write round-robin, random or priority")]
    Policy,
    /// A policy that gives the same order for every seed.
    #[error("write random or priority")]
    SeededPolicy,
    /// A replay speed that is not a number within the bounds.
    #[error("write a number from {SLOWEST} to {FASTEST}, for example 2.0 for twice as fast")]
    Speed,
    /// Not a whole number within the limits.
    #[error("write a whole number from {min} to {max}", max = grouped(&u64::MAX.to_string()))]
    Whole {
        /// The smallest accepted number.
        min: u64,
    },
}

/// A whole number from 0.
pub fn whole(text: &str) -> Result<u64, ArgumentError> {
    text.trim().parse().map_err(|_| ArgumentError::Whole { min: 0 })
}

/// A whole number from 1.
pub fn positive(text: &str) -> Result<u64, ArgumentError> {
    text.trim().parse().ok().filter(|number| *number > 0).ok_or(ArgumentError::Whole { min: 1 })
}

/// A project parameter and its value, for example `port=8080`.
pub fn setting(text: &str) -> Result<(String, String), ArgumentError> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(ArgumentError::Setting),
    }
}

/// A scheduling policy.
pub fn policy(text: &str) -> Result<Policy, ArgumentError> {
    Policy::from_name(text).ok_or(ArgumentError::Policy)
}

/// A scheduling policy that depends on the seed.
pub fn seeded_policy(text: &str) -> Result<Policy, ArgumentError> {
    match policy(text) {
        Ok(policy @ (Policy::Random | Policy::Priority)) => Ok(policy),
        Ok(Policy::RoundRobin) | Err(_) => Err(ArgumentError::SeededPolicy),
    }
}

/// The speed of a replay, as a multiple of the recorded speed.
pub fn speed(text: &str) -> Result<f64, ArgumentError> {
    let speed = text.parse().ok().filter(|speed| (SLOWEST..=FASTEST).contains(speed));
    speed.ok_or(ArgumentError::Speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_split_at_the_first_equals_sign() {
        assert_eq!(setting("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(setting("a="), Ok(("a".to_owned(), String::new())));
        for text in ["", "a", "=b"] {
            assert_eq!(setting(text), Err(ArgumentError::Setting), "{text}");
        }
    }

    #[test]
    fn only_some_policies_depend_on_the_seed() {
        assert_eq!(policy("round-robin"), Ok(Policy::RoundRobin));
        assert_eq!(seeded_policy("random"), Ok(Policy::Random));
        assert_eq!(seeded_policy("round-robin"), Err(ArgumentError::SeededPolicy));
    }

    #[test]
    fn a_number_is_refused_with_both_limits() {
        assert_eq!((whole("0"), positive("7")), (Ok(0), Ok(7)));
        for text in ["many", "-1", "1.5", "18446744073709551616", ""] {
            assert_eq!(whole(text), Err(ArgumentError::Whole { min: 0 }), "{text}");
        }
        let error = positive("0").map_err(|error| error.to_string());
        assert_eq!(error, Err("write a whole number from 1 to 18 446 744 073 709 551 615".to_owned()));
    }

    #[test]
    fn a_speed_is_a_number_within_bounds_that_the_error_names() {
        for (text, expected) in [("2.5", 2.5), ("0.001", 0.001), ("1000", 1000.0)] {
            assert_eq!(speed(text), Ok(expected), "{text}");
        }
        for text in ["0", "-1", "inf", "nan", "fast", "1e-20", "0.0009", "1000.1"] {
            assert_eq!(speed(text), Err(ArgumentError::Speed), "{text}");
        }
        let error = ArgumentError::Speed.to_string();
        assert_eq!(error, "write a number from 0.001 to 1000, for example 2.0 for twice as fast");
    }
}
