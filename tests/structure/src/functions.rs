//! The functions of a file and the calls in each. They are read from tokens, so that functions inside macro calls such
//! as `proptest!` are included.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

/// One function with a body.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// Whether it is a test.
    pub is_test: bool,
    /// Whether it is expected to panic.
    pub should_panic: bool,
    /// Whether it is compiled in tests only, because of its attribute or that of an enclosing module.
    pub in_test: bool,
    /// Whether it is a method: its first parameter is `self`.
    pub is_method: bool,
    /// What it calls or passes as an argument, including the calls of nested functions: `name` and `parent::name` for
    /// functions, `.name` for methods.
    pub calls: BTreeSet<String>,
    /// Names of the macros it calls.
    pub macros: BTreeSet<String>,
}

/// All functions of a file, including nested ones.
///
/// # Errors
/// The text does not consist of Rust tokens.
pub fn functions(text: &str) -> Result<Vec<Function>, LexError> {
    let tokens: TokenStream = text.parse()?;
    let mut found = Vec::new();
    scan(tokens, false, &mut found);
    Ok(found)
}

/// Attributes in front of an item.
#[derive(Default)]
struct Attributes {
    is_test: bool,
    should_panic: bool,
    is_cfg_test: bool,
}

fn scan(tokens: TokenStream, in_test: bool, found: &mut Vec<Function>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut attributes = Attributes::default();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if let Some(TokenTree::Group(group)) = tokens.peek() {
                    note(&group.stream().to_string(), &mut attributes);
                    tokens.next();
                }
            }
            TokenTree::Ident(ident) if ident == "fn" => {
                let Some(TokenTree::Ident(name)) = tokens.next() else { continue };
                let mut is_method = None;
                let body = tokens.by_ref().find_map(|token| match token {
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && is_method.is_none() => {
                        is_method = Some(takes_self(group.stream()));
                        None
                    }
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(Some(group.stream())),
                    TokenTree::Punct(punct) if punct.as_char() == ';' => Some(None),
                    _ => None,
                });
                let Attributes { is_test, should_panic, is_cfg_test } = std::mem::take(&mut attributes);
                let in_test = in_test || is_test || is_cfg_test;
                if let Some(Some(body)) = body {
                    let mut function =
                        Function { name: name.to_string(), line: name.span().start().line, ..Function::default() };
                    (function.is_test, function.should_panic, function.in_test) = (is_test, should_panic, in_test);
                    function.is_method = is_method == Some(true);
                    calls(body.clone(), &mut function);
                    found.push(function);
                    scan(body, in_test, found);
                }
            }
            TokenTree::Group(group) => {
                let in_test = in_test || attributes.is_cfg_test;
                if group.delimiter() == Delimiter::Brace {
                    attributes = Attributes::default();
                }
                scan(group.stream(), in_test, found);
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => attributes = Attributes::default(),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn note(attribute: &str, attributes: &mut Attributes) {
    let text: String = attribute.split_whitespace().collect();
    attributes.is_test |= text == "test" || text.ends_with("::test");
    attributes.should_panic |= text.starts_with("should_panic");
    attributes.is_cfg_test |= text == "cfg(test)" || (text.starts_with("cfg(all(") && text.contains("test"));
}

fn calls(tokens: TokenStream, function: &mut Function) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => calls(group.stream(), function),
            TokenTree::Ident(name) => {
                let before = index.checked_sub(1).and_then(|before| tokens.get(before));
                match tokens.get(index + 1) {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                        if is_dot(before) {
                            function.calls.insert(format!(".{name}"));
                            continue;
                        }
                        function.calls.insert(name.to_string());
                        if let Some(TokenTree::Ident(parent)) =
                            index.checked_sub(3).and_then(|parent| tokens.get(parent))
                        {
                            function.calls.insert(format!("{parent}::{name}"));
                        }
                    }
                    Some(TokenTree::Punct(punct)) if punct.as_char() == '!' && is_group(tokens.get(index + 2)) => {
                        function.macros.insert(name.to_string());
                    }
                    // `name::<T>(..)`
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && is_turbofish(&tokens, index) => {
                        function.calls.insert(if is_dot(before) { format!(".{name}") } else { name.to_string() });
                    }
                    // A function passed as an argument: `(name)` or `(.., name)`.
                    None if !is_dot(before) => {
                        function.calls.insert(name.to_string());
                    }
                    _ => {}
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn takes_self(parameters: TokenStream) -> bool {
    let first =
        parameters.into_iter().take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    first.into_iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "self"))
}

fn is_dot(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '.')
}

fn is_group(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(_)))
}

fn is_turbofish(tokens: &[TokenTree], index: usize) -> bool {
    matches!(tokens.get(index + 3), Some(TokenTree::Punct(punct)) if punct.as_char() == '<')
}
