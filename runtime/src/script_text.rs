//! Script text: the lengths of the parts of a Rhai script that hold text instead of code.
//!
//! Pure. This parses only as much of the language as settings need: comments, quotes and raw text.

/// The length of the comment that begins here, if one does, in bytes.
pub fn comment_length(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut length) = (0, 0);
    while let Some(here) = rest.get(length..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            (depth, length) = (depth + 1, length + 2);
        } else if here.starts_with("*/") {
            (depth, length) = (depth - 1, length + 2);
            if depth == 0 {
                break;
            }
        } else {
            length += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(length)
}

/// The length of the text in quotes that begins here, in bytes, with both quotes.
pub fn quoted_length(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if letter == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    rest.len()
}

/// The length of the raw text that begins here, as `#"..."#`, or of the sign `#`, in bytes.
pub fn raw_length(rest: &str) -> usize {
    let signs = rest.len() - rest.trim_start_matches('#').len();
    if !rest.get(signs..).is_some_and(|rest| rest.starts_with('"')) {
        return 1;
    }
    let end = format!("\"{}", "#".repeat(signs));
    let body = rest.get(signs + 1..).unwrap_or_default();
    body.find(&end).map_or(rest.len(), |at| signs + 1 + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_ends_where_the_language_ends_it() {
        assert_eq!(comment_length("// a\nb"), Some(4));
        assert_eq!(comment_length("/* a /* b */ é */c"), Some(18));
        assert_eq!(comment_length("a"), None);
        assert_eq!(quoted_length(r#""a\"b"c"#, '"'), 6);
        assert_eq!(quoted_length("'open", '\''), 5);
        assert_eq!(raw_length("##\"a\"#b\"##c"), 10);
        assert_eq!(raw_length("#{ a: 1 }"), 1);
    }
}
