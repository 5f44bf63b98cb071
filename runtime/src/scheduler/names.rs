//! Names of boxes, each kept once: a million idle components have four million boxes and two names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::box_name::BoxName;

/// The names that are in use.
#[derive(Default)]
pub(crate) struct Names {
    known: BTreeMap<Arc<str>, BoxName>,
}

impl Names {
    /// The one copy of this name.
    pub fn get(&mut self, name: &str) -> BoxName {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let name = BoxName::from(name);
        self.known.insert(name.text(), name.clone());
        name
    }
}
