//! Ranges (RFC 9110, section 14): the part of a file that a request asks for.
//!
//! Pure. A request for several parts gets the whole file, which the standard allows.

use std::ops::Range;

/// The requested part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// The bytes from `start` up to, but not including, `end`.
    Part(Range<u64>),
    /// A part that begins after the end of the file.
    Beyond,
}

impl Wanted {
    /// The part of a file of this length that the header `Range` names. An invalid header is ignored.
    pub(super) fn of(header: Option<&str>, length: u64) -> Self {
        header.and_then(|header| Self::parse(header, length)).unwrap_or(Self::Whole)
    }

    /// The part that a valid header with one range names.
    fn parse(header: &str, length: u64) -> Option<Self> {
        let (unit, part) = header.split_once('=')?;
        let (first, last) = part.split_once('-')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        if first.trim().is_empty() {
            // The last bytes of the file.
            let start = length.saturating_sub(number(last)?);
            return Some(if start < length { Self::Part(start..length) } else { Self::Beyond });
        }
        let first = number(first)?;
        let end =
            if last.trim().is_empty() { length } else { number(last).filter(|last| first <= *last)?.saturating_add(1) };
        Some(if first < length { Self::Part(first..end.min(length)) } else { Self::Beyond })
    }
}

/// Parses a string of digits. A number that is too large becomes the largest possible number.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_range_is_a_part_of_the_file() {
        for (header, start, end) in [
            ("bytes=0-499", 0, 500),
            ("bytes=500-999", 500, 1000),
            ("bytes=-500", 9500, 10000),
            ("bytes=9500-", 9500, 10000),
            ("bytes=0-0", 0, 1),
            ("bytes=-1", 9999, 10000),
            ("bytes=-20000", 0, 10000),
            ("bytes=9999-20000", 9999, 10000),
            ("Bytes = 1 - 2 ", 1, 3),
            ("bytes=0-99999999999999999999999", 0, 10000),
        ] {
            assert_eq!(Wanted::of(Some(header), 10000), Wanted::Part(start..end), "{header}");
        }
    }

    #[test]
    fn a_range_beyond_the_end_cannot_be_satisfied() {
        for (header, length) in [
            ("bytes=10000-", 10000),
            ("bytes=99999999999999999999999-", 10000),
            ("bytes=-0", 10000),
            ("bytes=0-", 0),
            ("bytes=-5", 0),
        ] {
            assert_eq!(Wanted::of(Some(header), length), Wanted::Beyond, "{header} of {length}");
        }
    }

    #[test]
    fn without_a_valid_single_range_the_whole_file_is_wanted() {
        for header in
            ["bytes=0-1,3-4", "bytes=5-4", "bytes=-", "bytes=a-b", "bytes=+1-2", "lines=0-1", "bytes", "bytes=5"]
        {
            assert_eq!(Wanted::of(Some(header), 10000), Wanted::Whole, "{header}");
        }
        assert_eq!(Wanted::of(None, 10000), Wanted::Whole);
    }
}
