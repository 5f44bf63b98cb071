//! Boxes: the inboxes or the outboxes of one component, found by name.
//!
//! Nearly all messages go through a component's first box. Its name is cached beside the list, so that finding it is one
//! comparison.

use std::cell::{Cell, Ref, RefCell};
use std::mem;
use std::rc::Rc;

use smallvec::SmallVec;

use super::box_name::{BoxKey, BoxName};

/// A box with a name.
pub(crate) trait Named {
    /// The object that the fast path uses in place of the box.
    type Direct;

    fn name(&self) -> &BoxName;

    /// The fast path's object, if the box has one. The fast path checks its own conditions.
    fn direct(&self) -> Option<Rc<Self::Direct>>;
}

/// Boxes in a row.
pub(crate) type List<T> = SmallVec<[T; 2]>;

/// How many boxes of a component the fast path covers.
const DIRECT: usize = 2;

/// The boxes of one component and one direction, in order of declaration.
pub(crate) struct Boxes<T: Named> {
    list: RefCell<List<T>>,
    /// Key of the first box, if its name is short enough for the key to identify it.
    first: Cell<Option<BoxKey>>,
    /// The fast path's objects for the first boxes.
    direct: [Cell<Option<Rc<T::Direct>>>; DIRECT],
}

impl<T: Named> Boxes<T> {
    /// The boxes, for reading; they must not be changed while the borrow lives.
    #[inline]
    pub fn borrow(&self) -> Ref<'_, List<T>> {
        self.list.borrow()
    }

    /// Adds or removes boxes.
    pub fn change<R>(&self, change: impl FnOnce(&mut List<T>) -> R) -> R {
        let mut list = self.list.borrow_mut();
        let result = change(&mut list);
        self.first.set(list.first().and_then(|first| BoxKey::of_whole(first.name())));
        for (index, direct) in self.direct.iter().enumerate() {
            direct.set(list.get(index).and_then(T::direct));
        }
        result
    }

    /// Lends the fast path's object for the box at `index`, if the box is one of the first and has one; return it with
    /// [`Boxes::return_direct`]. Moving the `Rc` out and back is cheaper than counting a reference. The boxes must not
    /// change in between.
    #[inline]
    pub fn lend_direct(&self, index: usize) -> Option<Rc<T::Direct>> {
        self.direct.get(index)?.take()
    }

    /// Returns the object that was lent.
    #[inline]
    pub fn return_direct(&self, index: usize, direct: Rc<T::Direct>) {
        if let Some(lent) = self.direct.get(index) {
            // It is empty, so there is nothing to drop; `forget` avoids the drop check.
            let before = lent.replace(Some(direct));
            debug_assert!(before.is_none(), "the boxes have not changed in between");
            mem::forget(before);
        }
    }

    /// Index of the box with this name.
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

impl<T: Named> From<List<T>> for Boxes<T> {
    fn from(list: List<T>) -> Self {
        let all = Self { list: RefCell::new(list), first: Cell::new(None), direct: Default::default() };
        all.change(|_| ());
        all
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    struct NamedOnly(BoxName);

    impl Named for NamedOnly {
        type Direct = Arc<str>;

        fn name(&self) -> &BoxName {
            &self.0
        }

        fn direct(&self) -> Option<Rc<Arc<str>>> {
            Some(Rc::new(self.0.text()))
        }
    }

    fn direct_at(boxes: &Boxes<NamedOnly>, index: usize) -> Option<Arc<str>> {
        let direct = boxes.lend_direct(index)?;
        assert_eq!(boxes.lend_direct(index), None);
        let name = Arc::clone(&direct);
        boxes.return_direct(index, direct);
        Some(name)
    }

    #[test]
    fn a_box_is_found_by_its_current_name() {
        let names = ["inbox", "outbox", "a_long_name", "a_long_one"];
        for first in names {
            let boxes = Boxes::from(List::from([first, "inbox2"].map(|name| NamedOnly(name.into()))));
            for name in names {
                assert_eq!(boxes.find(name), (name == first).then_some(0), "{name} where {first} comes first");
            }
            assert_eq!(boxes.find("inbox2"), Some(1));
            assert_eq!(direct_at(&boxes, 0).as_deref(), Some(first));
            boxes.change(|list| list[0] = NamedOnly("other".into()));
            assert_eq!((boxes.find(first), boxes.find("other")), (None, Some(0)));
            assert_eq!(direct_at(&boxes, 0).as_deref(), Some("other"));
            assert_eq!((direct_at(&boxes, 1).as_deref(), direct_at(&boxes, 2)), (Some("inbox2"), None));
        }
    }
}
