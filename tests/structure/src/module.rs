//! What is kept of one module: the names it declares, its imports and the paths its code uses.

use std::collections::BTreeSet;

/// One `use` of one name, with groups taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path as written.
    pub target: Written,
    /// The name it has in this module; nothing for `use x::*` and `use x as _`.
    pub name: Option<String>,
    /// Whether it is `use x::*`.
    pub is_glob: bool,
    /// Whether others see it: `pub use`, `pub(crate) use` and the like.
    pub is_reexport: bool,
}

/// A path as it is written in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its parts, `crate`, `self` and `super` among them.
    pub segments: Vec<String>,
    /// Whether it begins with `::`.
    pub is_global: bool,
    /// Its line in the file, from 1.
    pub line: usize,
}

impl Written {
    /// The path as a reader sees it.
    pub fn text(&self) -> String {
        let path = self.segments.join("::");
        if self.is_global { format!("::{path}") } else { path }
    }
}

/// One module outside `#[cfg(test)]`.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// Path of its file in the tree.
    pub file: String,
    /// Names of the items it declares itself; modules are not among them.
    pub items: BTreeSet<String>,
    /// Names of its child modules outside `#[cfg(test)]`.
    pub children: BTreeSet<String>,
    /// Its imports, those inside functions included.
    pub imports: Vec<Import>,
    /// Every path its code uses, those inside macro calls included.
    pub uses: Vec<Written>,
}
