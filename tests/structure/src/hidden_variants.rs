//! Finds patterns that silently cover variants of an enum: a `_` or a name beside named variants, and a list of variants
//! in `matches!` or `if let`. A new variant would take such a path without a decision.
//!
//! The position of a pattern decides what it covers: in `match x { A::B(C::D) => .., A::B(_) => .. }`, the `_` covers
//! variants of `C`. An arm with a guard covers nothing for certain, so a `_` with a guard is allowed.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Path, Token};

use crate::crates::Workspace;
use crate::tree::Tree;

/// Lists such patterns in the code below `folder` that is not test code, as `file:line: what is wrong`.
pub fn hidden_variants(tree: &Tree, workspace: &Workspace, folder: &str, enums: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in tree.sources() {
        if !file.starts_with(folder) || workspace.test_files.contains(file) {
            continue;
        }
        let Ok(parsed) = syn::parse_file(text) else { continue };
        let mut search = Search { enums, own_type: None, found: Vec::new() };
        search.visit_file(&parsed);
        found.extend(search.found.iter().map(|(line, what)| format!("{file}:{line}: {what}")));
    }
    found
}

struct Search<'a> {
    enums: &'a [&'a str],
    /// The type that `Self` means.
    own_type: Option<String>,
    found: Vec<(usize, String)>,
}

/// A pattern at one position. `None` stands for `..`, which covers everything there.
#[derive(Clone, Copy)]
struct At<'a> {
    pattern: Option<&'a Pat>,
    span: Span,
    has_guard: bool,
}

impl<'a> At<'a> {
    fn new(pattern: &'a Pat, has_guard: bool) -> Self {
        Self { pattern: Some(pattern), span: pattern.span(), has_guard }
    }

    fn inside(self, pattern: &'a Pat) -> Self {
        Self::new(pattern, self.has_guard)
    }

    fn rest(self) -> Self {
        Self { pattern: None, ..self }
    }
}

/// The meaning of the patterns at one position.
#[derive(Default)]
struct Position<'a> {
    /// Named variants: enum and variant.
    variants: BTreeSet<(String, String)>,
    /// Patterns that cover everything.
    wild: Vec<Span>,
    /// The patterns below, by the path that contains them and the index or name of the field.
    below: BTreeMap<(String, String), Vec<At<'a>>>,
}

impl Search<'_> {
    /// The enum and the variant that a path names, if it is one of the enums.
    fn variant(&self, path: &Path) -> Option<(String, String)> {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let [.., owner, variant] = names.as_slice() else { return None };
        let owner = if owner == "Self" { self.own_type.as_ref()? } else { owner };
        self.enums.contains(&owner.as_str()).then(|| (owner.clone(), variant.clone()))
    }

    fn position<'a>(&self, patterns: Vec<At<'a>>) -> Position<'a> {
        let mut position = Position::default();
        let mut open = patterns;
        while let Some(at) = open.pop() {
            let Some(pattern) = at.pattern else {
                position.wild.push(at.span);
                continue;
            };
            match pattern {
                Pat::Or(or) => open.extend(or.cases.iter().map(|case| at.inside(case))),
                Pat::Reference(inner) => open.push(at.inside(&inner.pat)),
                Pat::Paren(inner) => open.push(at.inside(&inner.pat)),
                Pat::Ident(name) => match &name.subpat {
                    Some((_, inner)) => open.push(at.inside(inner)),
                    None if at.has_guard => {}
                    None => position.wild.push(at.span),
                },
                Pat::Wild(_) if at.has_guard => {}
                Pat::Wild(_) => position.wild.push(at.span),
                Pat::Path(path) => position.variants.extend(self.variant(&path.path)),
                Pat::TupleStruct(tuple) => {
                    position.variants.extend(self.variant(&tuple.path));
                    add_fields(&mut position, &written(&tuple.path), at, tuple.elems.iter());
                }
                Pat::Tuple(tuple) => add_fields(&mut position, "", at, tuple.elems.iter()),
                Pat::Struct(shape) => {
                    position.variants.extend(self.variant(&shape.path));
                    for field in &shape.fields {
                        let key = (written(&shape.path), name_of(&field.member));
                        position.below.entry(key).or_default().push(at.inside(&field.pat));
                    }
                }
                // Literals and ranges name no variant, and slices of commands do not occur.
                _ => {}
            }
        }
        position
    }

    /// Checks the arms of a `match`.
    fn arms(&mut self, patterns: Vec<At<'_>>) {
        let position = self.position(patterns);
        if let Some((owner, _)) = position.variants.first() {
            for span in &position.wild {
                let line = span.start().line;
                self.found.push((line, format!("a pattern covers every other {owner}; name the variants")));
            }
        }
        for below in position.below.into_values() {
            self.arms(below);
        }
    }

    /// Checks the pattern of `matches!`, `if let` and `let .. else`.
    fn question(&mut self, patterns: Vec<At<'_>>, span: Span) {
        let position = self.position(patterns);
        let owners: BTreeSet<&String> = position.variants.iter().map(|(owner, _)| owner).collect();
        for owner in owners {
            if position.variants.iter().filter(|(other, _)| other == owner).count() > 1 {
                let what = format!("a list of some variants of {owner} outside a match; decide with a match");
                self.found.push((span.start().line, what));
            }
        }
        for below in position.below.into_values() {
            self.question(below, span);
        }
    }
}

fn add_fields<'a>(position: &mut Position<'a>, path: &str, at: At<'a>, fields: impl Iterator<Item = &'a Pat>) {
    for (index, field) in fields.enumerate() {
        let is_rest = matches!(field, Pat::Rest(_));
        let inside = if is_rest { at.rest() } else { at.inside(field) };
        position.below.entry((path.to_owned(), index.to_string())).or_default().push(inside);
        if is_rest {
            break;
        }
    }
}

fn written(path: &Path) -> String {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}

fn name_of(field: &syn::Member) -> String {
    match field {
        syn::Member::Named(name) => name.to_string(),
        syn::Member::Unnamed(index) => index.index.to_string(),
    }
}

fn is_test_code(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test"))
    })
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test_code(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test_code(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.own_type, name);
        visit::visit_item_impl(self, item);
        self.own_type = outer;
    }

    fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
        self.arms(expression.arms.iter().map(|arm| At::new(&arm.pat, arm.guard.is_some())).collect());
        visit::visit_expr_match(self, expression);
    }

    fn visit_expr_let(&mut self, expression: &'ast syn::ExprLet) {
        self.question(vec![At::new(&expression.pat, false)], expression.span());
        visit::visit_expr_let(self, expression);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.question(vec![At::new(&local.pat, false)], local.span());
        visit::visit_local(self, local);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let tokens = call.tokens.clone();
        if call.path.segments.last().is_some_and(|segment| segment.ident == "matches") {
            if let Ok((value, pattern)) = of_matches.parse2(tokens) {
                self.question(vec![At::new(&pattern, false)], call.span());
                self.visit_expr(&value);
            }
        } else if let Ok(arguments) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens) {
            for argument in &arguments {
                self.visit_expr(argument);
            }
        }
    }
}

/// The value and the pattern of `matches!(value, pattern if guard)`.
fn of_matches(input: ParseStream<'_>) -> syn::Result<(Expr, Pat)> {
    let value: Expr = input.parse()?;
    input.parse::<Token![,]>()?;
    let pattern = Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        input.parse::<Token![if]>()?;
        input.parse::<Expr>()?;
    }
    input.parse::<Option<Token![,]>>()?;
    Ok((value, pattern))
}
