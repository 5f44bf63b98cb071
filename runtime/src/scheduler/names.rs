//! Names of boxes, each kept once: a million idle components have four million boxes and two names.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::box_name::{BoxKey, BoxName};

/// The names that are in use.
#[derive(Default)]
pub(crate) struct Names {
    known: BTreeMap<Arc<str>, BoxName>,
    /// The first few: nearly every box has one of them, and they are found by comparing numbers.
    first: SmallVec<[BoxName; FIRST]>,
}

/// As many as are searched one by one.
const FIRST: usize = 8;

impl Names {
    /// The one copy of this name.
    pub fn get(&mut self, name: &str) -> BoxName {
        let key = BoxKey::of(name);
        let first = self.first.iter().find(|known| known.is(key, name));
        if let Some(known) = first.or_else(|| self.known.get(name)) {
            return known.clone();
        }
        let name = BoxName::from(name);
        if self.first.len() < FIRST {
            self.first.push(name.clone());
        } else {
            self.known.insert(name.text(), name.clone());
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_kept_once_however_many_there_are() {
        let mut names = Names::default();
        let spelled: Vec<String> = (0..3 * FIRST).map(|number| format!("a long name {number}")).collect();
        let all: Vec<Arc<str>> = spelled.iter().map(|name| names.get(name).text()).collect();
        for (name, text) in spelled.iter().zip(&all) {
            assert_eq!(**name, **text);
            assert!(Arc::ptr_eq(&names.get(name).text(), text));
        }
    }
}
