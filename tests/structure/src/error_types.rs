//! Finds errors without their own type: a text, a number or nothing in place of an error.
//!
//! The type arguments are read from tokens, so that code inside macro calls is included, and parsed as types.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::{AngleBracketedGenericArguments, GenericArgument, Type};

use crate::tree::Tree;

/// Types that carry no information about the error they represent.
const BARE: &[&str] = &[
    "()", "String", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "bool",
];
/// Types that only hold another: `Arc<str>` is as bare as `str`.
const HOLDERS: &[&str] = &["Arc", "Box", "Rc", "Cow", "Option", "Vec"];

/// Lists the places where the error type of a `Result` (or of `Ok::<..>` and `Err::<..>`), or the associated type `Err` or
/// `Error`, is a text, a number or `()`, as `file:line: type`.
pub fn errors_without_a_type(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in tree.sources() {
        let Ok(tokens) = text.parse::<TokenStream>() else { continue };
        let mut in_file = Vec::new();
        scan(&tokens.into_iter().collect::<Vec<_>>(), &mut in_file);
        found.extend(in_file.into_iter().map(|(line, written)| format!("{file}:{line}: {written}")));
    }
    found
}

fn scan(tokens: &[TokenTree], found: &mut Vec<(usize, String)>) {
    for (index, token) in tokens.iter().enumerate() {
        let after = tokens.get(index + 1..).unwrap_or_default();
        match token {
            TokenTree::Group(group) => scan(&group.stream().into_iter().collect::<Vec<_>>(), found),
            TokenTree::Ident(name) if name == "Result" || name == "Ok" || name == "Err" => {
                if let Some(written) = error_of(after) {
                    found.push((name.span().start().line, format!("{name}{written}")));
                }
            }
            TokenTree::Ident(name) if name == "type" => {
                if let Some(written) = associated(after) {
                    found.push((name.span().start().line, format!("type {written}")));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The type arguments at the beginning of the tokens, `<A, B>` or `::<A, B>`, if the second is not a proper error type.
fn error_of(tokens: &[TokenTree]) -> Option<String> {
    let start = if is_punct(tokens.first(), ':') { 2 } else { 0 };
    let tokens = tokens.get(start..)?;
    if !is_punct(tokens.first(), '<') {
        return None;
    }
    let (mut depth, mut is_arrow) = (0, false);
    let length = tokens.iter().position(|token| {
        let TokenTree::Punct(punct) = token else { return false };
        match punct.as_char() {
            '<' => depth += 1,
            '>' if !is_arrow => depth -= 1,
            _ => {}
        }
        is_arrow = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
        depth == 0
    })?;
    let stream: TokenStream = tokens.get(..=length)?.iter().cloned().collect();
    let written = without_spaces(&stream);
    let arguments: AngleBracketedGenericArguments = syn::parse2(stream).ok()?;
    let mut types = arguments.args.into_iter().filter_map(|argument| match argument {
        GenericArgument::Type(found) => Some(found),
        _ => None,
    });
    types.nth(1).filter(is_bare).map(|_| written)
}

/// The text of `Err = type` or `Error = type`, if that type is not an error type.
fn associated(tokens: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(name), TokenTree::Punct(equals), rest @ ..] = tokens else { return None };
    if (name != "Err" && name != "Error") || equals.as_char() != '=' {
        return None;
    }
    let length = rest.iter().position(|token| is_punct(Some(token), ';'))?;
    let stream: TokenStream = rest.get(..length)?.iter().cloned().collect();
    let written = without_spaces(&stream);
    syn::parse2(stream).ok().filter(is_bare).map(|_: Type| format!("{name} = {written}"))
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_bare(error: &Type) -> bool {
    match error {
        Type::Reference(reference) => is_bare(&reference.elem),
        Type::Paren(inner) => is_bare(&inner.elem),
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            let held = match &last.arguments {
                syn::PathArguments::AngleBracketed(held) => held.args.iter().find_map(|argument| match argument {
                    GenericArgument::Type(held) => Some(held),
                    _ => None,
                }),
                syn::PathArguments::None | syn::PathArguments::Parenthesized(_) => None,
            };
            BARE.contains(&name.as_str()) || HOLDERS.contains(&name.as_str()) && held.is_some_and(is_bare)
        }),
        _ => false,
    }
}

fn without_spaces(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}
