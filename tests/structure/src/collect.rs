//! Collects the modules of one file from its syntax tree: declarations, imports and used paths.
//!
//! Only the items under `#[cfg(test)]` are skipped. Code that follows such an item is read.

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Meta, UseTree, Visibility};

use crate::module::{Import, Module, Written};
use crate::tokens;

/// What one file declares.
#[derive(Debug, Default)]
pub struct FileModules {
    /// Each module with its path relative to the file's own module, which has an empty path.
    pub modules: Vec<(Vec<String>, Module)>,
    /// Each `mod name;` with the path of its parent, relative to the file's own module.
    pub outside: Vec<(Vec<String>, OutsideModule)>,
}

/// A declaration `mod name;`, whose contents are in another file.
#[derive(Debug, Clone)]
pub struct OutsideModule {
    /// Its name.
    pub name: String,
    /// The value of `#[path = "..."]`.
    pub path: Option<String>,
    /// Whether it or a parent is under `#[cfg(test)]`.
    pub is_test: bool,
}

/// Reads the text of a file.
///
/// # Errors
/// The text is not Rust.
pub fn file(path: &str, text: &str) -> syn::Result<FileModules> {
    let syntax = syn::parse_file(text)?;
    let mut reader = Reader { file: path.to_owned(), ..Reader::default() };
    reader.module(Vec::new(), &syntax.items);
    Ok(reader.found)
}

/// Whether an item is compiled in tests only: it is a test, or under `#[cfg(test)]` or `#[cfg(all(test, ..))]`.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let text: String = list.tokens.to_string().split_whitespace().collect();
            text == "test" || (text.starts_with("all(") && text.contains("test") && !text.contains("not(test)"))
        }
        _ => false,
    })
}

#[derive(Default)]
struct Reader {
    file: String,
    found: FileModules,
    path: Vec<String>,
    module: Module,
    in_test: bool,
}

impl Reader {
    fn module(&mut self, path: Vec<String>, items: &[Item]) {
        let parent = (std::mem::replace(&mut self.path, path), std::mem::take(&mut self.module));
        self.module.file.clone_from(&self.file);
        for item in items {
            self.visit_item(item);
        }
        let done = std::mem::replace(&mut self.module, parent.1);
        let path = std::mem::replace(&mut self.path, parent.0);
        if !self.in_test {
            self.found.modules.push((path, done));
        }
    }

    fn import(&mut self, tree: &UseTree, before: &[String], is_global: bool, is_reexport: bool) {
        let mut add = |segments: Vec<String>, name: Option<String>, is_glob: bool, line: usize| {
            let target = Written { segments, is_global, line };
            self.module.imports.push(Import { target, name, is_glob, is_reexport });
        };
        let with = |last: &syn::Ident| [before, &[last.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident), is_global, is_reexport),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, is_global, is_reexport);
                }
            }
            UseTree::Glob(glob) => add(before.to_vec(), None, true, glob.star_token.spans[0].start().line),
            UseTree::Name(name) if name.ident == "self" => {
                add(before.to_vec(), before.last().cloned(), false, name.ident.span().start().line);
            }
            UseTree::Name(name) => {
                add(with(&name.ident), Some(name.ident.to_string()), false, name.ident.span().start().line);
            }
            UseTree::Rename(name) => {
                let target = if name.ident == "self" { before.to_vec() } else { with(&name.ident) };
                let renamed = Some(name.rename.to_string()).filter(|text| text != "_");
                add(target, renamed, false, name.ident.span().start().line);
            }
        }
    }

    /// Reads `<[T]>::len`: the type is used, and `len` belongs to it.
    fn of_type(&mut self, own: &syn::QSelf, path: &syn::Path) {
        self.visit_type(&own.ty);
        visit::visit_path(self, path);
    }

    fn tokens(&mut self, stream: TokenStream) {
        tokens::paths(stream, &mut self.module.uses);
    }

    /// Records the name that an item declares in the module.
    fn declare(&mut self, item: &Item) {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Macro(item) => match &item.ident {
                Some(name) => name,
                None => return,
            },
            _ => return,
        };
        self.module.items.insert(name.to_string());
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let is_test = is_test(attributes(item));
        if let Item::Mod(module) = item {
            let was = self.in_test;
            self.in_test = was || is_test;
            self.visit_item_mod(module);
            self.in_test = was;
        } else if !is_test {
            self.declare(item);
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let name = module.ident.to_string();
        if !self.in_test {
            self.module.children.insert(name.clone());
        }
        if let Some((_, items)) = &module.content {
            let path = [self.path.as_slice(), &[name]].concat();
            self.module(path, items);
        } else {
            let path = module.attrs.iter().find_map(|attribute| match &attribute.meta {
                Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                    syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            });
            self.found.outside.push((self.path.clone(), OutsideModule { name, path, is_test: self.in_test }));
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        self.import(&item.tree, &[], item.leading_colon.is_some(), is_reexport);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = item.rename.as_ref().map_or_else(|| item.ident.to_string(), |(_, rename)| rename.to_string());
        let line = item.ident.span().start().line;
        let target = Written { segments: vec![item.ident.to_string()], is_global: true, line };
        self.module.imports.push(Import { target, name: Some(name), is_glob: false, is_reexport: false });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_test(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.module.uses.push(Written { segments, is_global: path.leading_colon.is_some(), line });
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        match &path.qself {
            Some(own) if own.position == 0 => self.of_type(own, &path.path),
            _ => visit::visit_expr_path(self, path),
        }
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        match &path.qself {
            Some(own) if own.position == 0 => self.of_type(own, &path.path),
            _ => visit::visit_type_path(self, path),
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // Their arguments are not module paths: `clippy::too_many_lines` is a lint.
        let is_plain = ["cfg", "allow", "expect", "warn", "deny"];
        if let Meta::List(list) = &attribute.meta
            && !is_plain.iter().any(|name| list.path.is_ident(name))
        {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}
