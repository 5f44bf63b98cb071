//! The data about one module: the names it declares, its imports and the paths its code uses.

use std::collections::BTreeSet;

/// One imported name. A `use` with a group counts as several imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path as written.
    pub target: Written,
    /// Its name in this module; `None` for `use x::*` and `use x as _`.
    pub name: Option<String>,
    /// Whether it is `use x::*`.
    pub is_glob: bool,
    /// Whether other modules see it: `pub use`, `pub(crate) use` and the like.
    pub is_reexport: bool,
}

/// A path as it is written in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its segments, including `crate`, `self` and `super`.
    pub segments: Vec<String>,
    /// Whether it begins with `::`.
    pub is_global: bool,
    /// Its line in the file, from 1.
    pub line: usize,
}

impl Written {
    /// The path as text.
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
    /// Names of the items it declares, except modules.
    pub items: BTreeSet<String>,
    /// Names of its child modules outside `#[cfg(test)]`.
    pub children: BTreeSet<String>,
    /// Its imports, including those inside functions.
    pub imports: Vec<Import>,
    /// Every path its code uses, including those inside macro calls.
    pub uses: Vec<Written>,
}
