//! Statements: makes `;` discard the value of a statement. Pure.
//!
//! In Rhai, a block has the value of its last statement, even if the statement ends in `;`, so a script would send
//! unintended values. [`Statements::of`] inserts `()` after every `;` that ends a block or the script. It reads only as
//! much of the language as it needs: text, comments and brackets. Errors keep their locations, because
//! [`Statements::column_in_source`] maps them back.

use compose_runtime::script_text::{comment_length, quoted_length, raw_length};

/// The text that is inserted after a `;`.
const UNIT: &str = " ()";

/// A script in which a statement that ends in `;` has no value.
pub(super) struct Statements {
    /// The script for the engine.
    pub(super) text: String,
    /// Where something was inserted: the line and the column in the new text, both from 1, in order.
    inserted: Vec<(usize, usize)>,
}

impl Statements {
    /// Inserts `()` where a `;` ends a block or the script.
    pub(super) fn of(source: &str) -> Self {
        let mut found = Self { text: String::with_capacity(source.len()), inserted: Vec::new() };
        let mut copied = 0;
        for at in last_semicolons(source) {
            found.text.push_str(source.get(copied..=at).unwrap_or_default());
            copied = at + 1;
            let line = found.text.matches('\n').count() + 1;
            let column = found.text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            found.inserted.push((line, column));
            found.text.push_str(UNIT);
        }
        found.text.push_str(source.get(copied..).unwrap_or_default());
        found
    }

    /// The column in the source, for a line and a column in the text for the engine, all from 1.
    pub(super) fn column_in_source(&self, line: usize, column: usize) -> usize {
        let before = |(at, start): &&(usize, usize)| *at == line && *start < column;
        column - (self.inserted.iter().filter(before).count() * UNIT.len()).min(column.saturating_sub(1))
    }

    /// Whether the script certainly has no value: its last statement ends in `;`, or it is `()`.
    pub(super) fn has_no_value(source: &str) -> bool {
        let text = Self::of(source).text;
        text.trim().is_empty()
            || text.trim_end().ends_with("()") && {
                let before = text.trim_end().trim_end_matches("()").trim_end();
                before.is_empty() || before.ends_with([';', '}'])
            }
    }
}

/// The construct that the reader is inside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// A script, or a block of statements.
    Code,
    /// Template text, between backticks.
    Template,
}

/// The byte positions of all `;` after which a block or the script ends.
fn last_semicolons(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut inside = vec![Inside::Code];
    // The position of a `;` that has been followed only by white space and comments.
    let mut pending = None;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let at = source.len() - rest.len();
        let mut length = first.len_utf8();
        if inside.last() == Some(&Inside::Template) {
            match first {
                '`' => drop(inside.pop()),
                '$' if rest.starts_with("${") => {
                    length = 2;
                    inside.push(Inside::Code);
                }
                _ => length = plain_length(rest),
            }
        } else if let Some(comment) = comment_length(rest) {
            length = comment;
        } else if !first.is_whitespace() {
            match first {
                '}' => {
                    found.extend(pending);
                    if inside.len() > 1 {
                        inside.pop();
                    }
                }
                '{' => inside.push(Inside::Code),
                '`' => inside.push(Inside::Template),
                '"' | '\'' => length = quoted_length(rest, first),
                '#' => length = raw_length(rest),
                _ => {}
            }
            pending = (first == ';').then_some(at);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    found.extend(pending);
    found
}

/// The length of the next character.
fn plain_length(rest: &str) -> usize {
    rest.chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_inserted_only_where_a_semicolon_ends_a_block() {
        for (source, text) in [
            ("a; b", "a; b"),
            ("a;", "a; ()"),
            ("a; // end\n", "a; () // end\n"),
            ("if a { b; } else { c }", "if a { b; () } else { c }"),
            ("x = \"};\"; y", "x = \"};\"; y"),
            ("x = \"\\\";}\"; y", "x = \"\\\";}\"; y"),
            ("x = '\\''; y;", "x = '\\''; y; ()"),
            ("`;}${ a; }`", "`;}${ a; () }`"),
            ("`a``;}`", "`a``;}`"),
            ("#\"a\";}\"#; 1", "#\"a\";}\"#; 1"),
            ("/* ; } /* */ ; } */ 1", "/* ; } /* */ ; } */ 1"),
            ("#{ a: 1 };", "#{ a: 1 }; ()"),
            ("f(|x| { x; /* ; */ })", "f(|x| { x; () /* ; */ })"),
            ("é; }", "é; () }"),
        ] {
            assert_eq!(Statements::of(source).text, text);
        }
    }

    #[test]
    fn columns_behind_an_insertion_are_mapped_back() {
        let statements = Statements::of("a\nif b { c; } d; { e; }");
        assert_eq!(statements.text, "a\nif b { c; () } d; { e; () }");
        assert_eq!([1, 9, 16, 26].map(|column| statements.column_in_source(2, column)), [1, 9, 13, 20]);
        assert_eq!(statements.column_in_source(1, 16), 16);
    }

    #[test]
    fn a_script_without_a_value_is_recognised() {
        for source in ["", "x = 1;", "x = 1; ()", "()", "if a { b; } ()"] {
            assert!(Statements::has_no_value(source), "{source}");
        }
        for source in ["1", "x = 1; x", "f()", "x = 1; f()", "\"go\""] {
            assert!(!Statements::has_no_value(source), "{source}");
        }
    }
}
