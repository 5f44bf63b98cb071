//! Conditional requests (RFC 9110, section 13): whether the client already has the current version of a file.
//!
//! Pure. A version has an entity tag and, if the file system provides it, a modification time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The identity of one version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// The strong entity tag, with its quotes.
    pub tag: String,
    /// Modification time of the file, in whole seconds since 1970.
    modified: Option<u64>,
}

/// The result of evaluating the conditions of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The request is carried out.
    Proceed,
    /// The client has this version.
    NotModified,
    /// A precondition failed (412).
    Failed,
}

/// The last second of the year 9999; later times cannot be written in HTTP.
const LAST_SECOND: u64 = 253_402_300_799;

impl Version {
    /// The version of a file with this length and modification time.
    pub(super) fn new(length: u64, modified: Option<SystemTime>) -> Self {
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let since = since.filter(|since| since.as_secs() <= LAST_SECOND);
        let tag = format!("\"{:x}-{length:x}\"", since.unwrap_or_default().as_nanos());
        Self { tag, modified: since.map(|since| since.as_secs()) }
    }

    /// The value of the header `Last-Modified`.
    pub(super) fn last_modified(&self) -> Option<String> {
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(self.modified?))?;
        Some(httpdate::fmt_http_date(time))
    }

    /// Evaluates the conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2.
    pub(super) fn verdict<'a>(&self, header: impl Fn(&str) -> Option<&'a str>) -> Verdict {
        let is_unchanged = |name| header(name).and_then(seconds_of).zip(self.modified).map(|(date, own)| own <= date);
        let failed = match header("if-match") {
            Some(tags) => !self.is_in(tags, false),
            None => is_unchanged("if-unmodified-since") == Some(false),
        };
        if failed {
            return Verdict::Failed;
        }
        let has_it = match header("if-none-match") {
            Some(tags) => self.is_in(tags, true),
            None => is_unchanged("if-modified-since") == Some(true),
        };
        if has_it { Verdict::NotModified } else { Verdict::Proceed }
    }

    /// Whether the parts that the client already has (`If-Range`) belong to this version; true without the header.
    pub(super) fn matches_if_range(&self, if_range: Option<&str>) -> bool {
        match if_range.map(str::trim) {
            None => true,
            Some(tag) if tag.starts_with('"') || tag.starts_with("W/") => tag == self.tag,
            Some(date) => self.modified.is_some() && seconds_of(date) == self.modified,
        }
    }

    /// Whether a list of tags contains the tag of this version. The weak comparison also accepts weak tags.
    fn is_in(&self, tags: &str, is_weak: bool) -> bool {
        let mut rest = tags.trim();
        if rest == "*" {
            return true;
        }
        // Tags may contain commas, so the quotes separate them.
        while let Some((before, (tag, after))) =
            rest.split_once('"').and_then(|(before, rest)| Some((before, rest.split_once('"')?)))
        {
            let is_weak_tag = before.trim_end().ends_with("W/");
            if (is_weak || !is_weak_tag) && self.tag.trim_matches('"') == tag {
                return true;
            }
            rest = after;
        }
        false
    }
}

/// The time in a header, in seconds since 1970; `None` if it is not a date or is before 1970.
fn seconds_of(date: &str) -> Option<u64> {
    let time = httpdate::parse_http_date(date.trim()).ok()?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The example of RFC 9110, section 5.6.7.
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

    fn version() -> Version {
        Version::new(10, Some(UNIX_EPOCH + Duration::from_millis(784_111_777_500)))
    }

    fn verdict(headers: &[(&str, &str)]) -> Verdict {
        version().verdict(|name| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    #[test]
    fn a_version_has_a_tag_and_a_date_in_whole_seconds() {
        assert_eq!(version().last_modified().as_deref(), Some(DATE));
        assert_ne!(version().tag, Version::new(11, Some(UNIX_EPOCH + Duration::from_millis(784_111_777_500))).tag);
        assert_ne!(version().tag, Version::new(10, Some(UNIX_EPOCH + Duration::from_millis(784_111_777_600))).tag);
    }

    #[test]
    fn a_time_without_a_form_in_http_is_left_out() {
        for time in
            [UNIX_EPOCH.checked_sub(Duration::from_secs(1)), UNIX_EPOCH.checked_add(Duration::from_secs(1 << 38))]
        {
            let version = Version::new(1, Some(time.unwrap()));
            assert_eq!((version.last_modified(), version.tag.as_str()), (None, "\"0-1\""));
        }
    }

    #[test]
    fn conditions_are_evaluated_in_the_order_of_the_standard() {
        let tag = version().tag;
        let (weak, list) = (format!("W/{tag}"), format!("\"a, b\" , {tag}"));
        let other = "\"other\"";
        for (headers, expected) in [
            (&[][..], Verdict::Proceed),
            (&[("if-none-match", &*tag)], Verdict::NotModified),
            (&[("if-none-match", &*weak)], Verdict::NotModified),
            (&[("if-none-match", &*list)], Verdict::NotModified),
            (&[("if-none-match", "*")], Verdict::NotModified),
            (&[("if-none-match", other)], Verdict::Proceed),
            (&[("if-none-match", "nonsense")], Verdict::Proceed),
            (&[("if-modified-since", DATE)], Verdict::NotModified),
            (&[("if-modified-since", "Sunday, 06-Nov-94 08:49:37 GMT")], Verdict::NotModified),
            (&[("if-modified-since", "Sun Nov  6 08:49:37 1994")], Verdict::NotModified),
            (&[("if-modified-since", EARLIER)], Verdict::Proceed),
            (&[("if-modified-since", "yesterday")], Verdict::Proceed),
            (&[("if-none-match", other), ("if-modified-since", DATE)], Verdict::Proceed),
            (&[("if-match", &*tag)], Verdict::Proceed),
            (&[("if-match", "*")], Verdict::Proceed),
            (&[("if-match", &*weak)], Verdict::Failed),
            (&[("if-match", other)], Verdict::Failed),
            (&[("if-match", other), ("if-none-match", &*tag)], Verdict::Failed),
            (&[("if-unmodified-since", DATE)], Verdict::Proceed),
            (&[("if-unmodified-since", EARLIER)], Verdict::Failed),
            (&[("if-match", &*tag), ("if-unmodified-since", EARLIER)], Verdict::Proceed),
        ] {
            assert_eq!(verdict(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn parts_are_only_of_this_version_if_tag_or_date_are_the_same() {
        let tag = version().tag;
        for (if_range, matches) in [
            (None, true),
            (Some(&*tag), true),
            (Some(DATE), true),
            (Some(EARLIER), false),
            (Some("\"other\""), false),
            (Some("W/\"other\""), false),
            (Some("nonsense"), false),
        ] {
            assert_eq!(version().matches_if_range(if_range), matches, "{if_range:?}");
        }
        assert!(!version().matches_if_range(Some(&format!("W/{tag}"))));
        assert!(!Version::new(1, None).matches_if_range(Some("nonsense")));
    }
}
