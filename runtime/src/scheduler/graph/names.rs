//! Names of boxes, each kept once: a million idle components have four million boxes and two names. Names that nobody has
//! any more are forgotten, so that a scheduler that lives for months does not fill up with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::delivery::box_name::{BoxKey, BoxName};

/// The names that are in use.
#[derive(Default)]
pub(crate) struct Names {
    known: BTreeMap<Arc<str>, BoxName>,
    /// The first few: nearly every box has one of them, and they are found by comparing numbers.
    first: SmallVec<[BoxName; FIRST]>,
    /// As many as are known when the next look is taken for those that can be forgotten.
    full_at: usize,
}

/// As many as are searched one by one.
const FIRST: usize = 8;
/// So few are not worth a look.
const FEW: usize = 64;

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
            self.make_room();
            self.known.insert(name.text(), name.clone());
        }
        name
    }

    /// Forgets what nobody has, each time there are twice as many as were left: that costs next to nothing a name.
    fn make_room(&mut self) {
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
    fn every_name_is_kept_once_however_many_there_are() {
        let mut names = Names::default();
        let spelled: Vec<String> = (0..3 * FIRST).map(|number| format!("a long name {number}")).collect();
        let all: Vec<Arc<str>> = spelled.iter().map(|name| names.get(name).text()).collect();
        for (name, text) in spelled.iter().zip(&all) {
            assert_eq!(**name, **text);
            assert!(Arc::ptr_eq(&names.get(name).text(), text));
        }
    }

    #[test]
    fn names_that_nobody_has_are_forgotten_and_the_others_stay() {
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
