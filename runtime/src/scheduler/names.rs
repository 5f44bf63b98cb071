//! Names of boxes, each kept once: a million idle components have four million boxes and two names.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The names that are in use.
#[derive(Default)]
pub(crate) struct Names {
    known: BTreeSet<Arc<str>>,
}

impl Names {
    /// The one copy of this name.
    pub fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.known.insert(name.clone());
        name
    }
}
