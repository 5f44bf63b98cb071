//! Names: one shared copy of each name of a box or type.
//!
//! A million idle components have four million boxes but only a few different names. Names that are no longer used are
//! removed, so that they do not accumulate in a scheduler that runs for months.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::delivery::box_name::{BoxKey, BoxName};

/// The names that are in use.
#[derive(Default)]
pub(crate) struct Names {
    known: BTreeMap<Arc<str>, BoxName>,
    /// The first few names. Most boxes have one of them, and a search compares keys only.
    first: SmallVec<[BoxName; FIRST]>,
    /// Unused names are removed when there are this many names.
    full_at: usize,
}

/// How many names are searched linearly.
const FIRST: usize = 8;
/// Unused names are not removed while there are fewer than this.
const FEW: usize = 64;

impl Names {
    /// The shared copy of a name.
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
            self.remove_unused_if_full();
            self.known.insert(name.text(), name.clone());
        }
        name
    }

    /// Removes unused names each time their number has doubled since the last removal, so that the cost per name is small.
    fn remove_unused_if_full(&mut self) {
        if self.known.len() >= self.full_at.max(FEW) {
            self.known.retain(|_, name| name.is_in_use());
            self.full_at = 2 * self.known.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_requests_for_a_name_share_one_copy() {
        let mut names = Names::default();
        let spelled: Vec<String> = (0..3 * FIRST).map(|number| format!("a long name {number}")).collect();
        let all: Vec<Arc<str>> = spelled.iter().map(|name| names.get(name).text()).collect();
        for (name, text) in spelled.iter().zip(&all) {
            assert_eq!(**name, **text);
            assert!(Arc::ptr_eq(&names.get(name).text(), text));
        }
    }

    #[test]
    fn unused_names_are_removed_and_the_others_stay() {
        let mut names = Names::default();
        let kept: Vec<BoxName> = (0..100).map(|number| names.get(&format!("kept {number}"))).collect();
        let texts: Vec<Arc<str>> = (0..100).map(|number| names.get(&format!("text {number}")).text()).collect();
        for number in 0..10_000 {
            names.get(&format!("passing {number}"));
        }
        assert!(names.known.len() <= 2 * (kept.len() + texts.len()) + FEW, "{}", names.known.len());
        for name in kept.iter().map(BoxName::text).chain(texts) {
            assert!(Arc::ptr_eq(&names.get(&name).text(), &name), "{name}");
        }
    }
}
