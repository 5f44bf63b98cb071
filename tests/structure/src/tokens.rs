//! Paths inside token streams: the arguments of macro calls and of `derive`.

use proc_macro2::{Spacing, TokenStream, TokenTree};

use crate::module::Written;

/// Collects every path in the tokens, including those in nested groups. Names after a dot and lifetimes are not paths.
pub(crate) fn paths(tokens: TokenStream, found: &mut Vec<Written>) {
    let mut current = Open::default();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => current.name(&ident.to_string(), ident.span().start().line, found),
            TokenTree::Punct(punct) => current.punct(punct.as_char(), punct.spacing(), found),
            TokenTree::Group(group) => {
                current.close(found);
                paths(group.stream(), found);
            }
            TokenTree::Literal(_) => current.close(found),
        }
    }
    current.close(found);
}

/// The path that is being read.
#[derive(Default)]
struct Open {
    segments: Vec<String>,
    line: usize,
    is_global: bool,
    /// Colons since the last name.
    colons: u8,
    /// The next name is a field, a method or a lifetime.
    skips_next: bool,
}

impl Open {
    fn name(&mut self, name: &str, line: usize, found: &mut Vec<Written>) {
        if self.skips_next {
            self.skips_next = false;
            return;
        }
        if self.colons != 2 {
            self.close(found);
        }
        if self.segments.is_empty() {
            self.is_global = self.colons == 2;
            self.line = line;
        }
        self.colons = 0;
        self.segments.push(name.to_owned());
    }

    fn punct(&mut self, letter: char, spacing: Spacing, found: &mut Vec<Written>) {
        if letter == ':' && (self.colons == 1 || (self.colons == 0 && spacing == Spacing::Joint)) {
            self.colons += 1;
            return;
        }
        self.close(found);
        self.skips_next = letter == '.' || letter == '\'';
    }

    fn close(&mut self, found: &mut Vec<Written>) {
        let segments = std::mem::take(&mut self.segments);
        if !segments.is_empty() {
            found.push(Written { segments, is_global: self.is_global, line: self.line });
        }
        *self = Self::default();
    }
}
