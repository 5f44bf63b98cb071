//! The source of this checkout, read once for all tests of it.

use std::sync::LazyLock;

use compose_structure::crates::Workspace;
use compose_structure::tree::Tree;

/// The files.
pub static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&compose_structure::root()).unwrap());

/// The modules in them.
pub static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| Workspace::of(&TREE));
