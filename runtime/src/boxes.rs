//! Boxes: the inboxes or the outboxes of one component, found by name.
//!
//! Nearly everything goes through a component's first box. Its name is known without a look at the box itself, so that
//! finding it is one comparison.

use std::cell::{Cell, Ref, RefCell};

use smallvec::SmallVec;

use crate::box_name::{BoxKey, BoxName};

/// Something with the name of a box.
pub(crate) trait Named {
    fn name(&self) -> &BoxName;
}

type List<T> = SmallVec<[T; 2]>;

/// The boxes of one component and one direction, in order of declaration.
pub(crate) struct Boxes<T> {
    list: RefCell<List<T>>,
    /// What finds the first of them, if its name is short enough to be known by that alone.
    first: Cell<Option<BoxKey>>,
}

impl<T: Named> Boxes<T> {
    /// To look at them. They must not be changed meanwhile.
    #[inline]
    pub fn borrow(&self) -> Ref<'_, List<T>> {
        self.list.borrow()
    }

    /// Changes which there are.
    pub fn change<R>(&self, change: impl FnOnce(&mut List<T>) -> R) -> R {
        let mut list = self.list.borrow_mut();
        let result = change(&mut list);
        self.first.set(list.first().and_then(|first| BoxKey::of_whole(first.name())));
        result
    }

    /// The place of the box of this name.
    #[inline]
    pub fn find(&self, name: &str) -> Option<usize> {
        match BoxKey::of_whole(name) {
            Some(key) if self.first.get() == Some(key) => Some(0),
            _ => self.search(name),
        }
    }

    #[inline(never)]
    fn search(&self, name: &str) -> Option<usize> {
        let key = BoxKey::of(name);
        self.borrow().iter().position(|own| own.name().is(key, name))
    }
}

impl<T: Named> FromIterator<T> for Boxes<T> {
    fn from_iter<I: IntoIterator<Item = T>>(boxes: I) -> Self {
        let all = Self { list: RefCell::default(), first: Cell::new(None) };
        all.change(|list| list.extend(boxes));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Just(BoxName);

    impl Named for Just {
        fn name(&self) -> &BoxName {
            &self.0
        }
    }

    #[test]
    fn a_box_is_found_by_its_name_as_it_is_now() {
        let names = ["inbox", "outbox", "a_long_name", "a_long_one"];
        for first in names {
            let boxes: Boxes<Just> = [first, "inbox2"].into_iter().map(|name| Just(name.into())).collect();
            for name in names {
                assert_eq!(boxes.find(name), (name == first).then_some(0), "{name} where {first} comes first");
            }
            assert_eq!(boxes.find("inbox2"), Some(1));
            boxes.change(|list| list[0] = Just("other".into()));
            assert_eq!((boxes.find(first), boxes.find("other")), (None, Some(0)));
        }
    }
}
