//! Boxes: the inboxes or the outboxes of one component, found by name.
//!
//! Nearly everything goes through a component's first box. Its name is known without a look at the box itself, so that
//! finding it is one comparison.

use std::cell::{Cell, Ref, RefCell};
use std::mem;
use std::rc::Rc;

use smallvec::SmallVec;

use crate::box_name::{BoxKey, BoxName};

/// Something with the name of a box.
pub(crate) trait Named {
    /// What a message goes through when nothing is special about the box.
    type Way;

    fn name(&self) -> &BoxName;

    /// What messages go through while nothing is special about the box; its user asks what else there is to know.
    fn way(&self) -> Option<Rc<Self::Way>>;
}

/// Boxes in a row.
pub(crate) type List<T> = SmallVec<[T; 2]>;

/// How many of the boxes of a component messages find their way through without a look at the box.
const WAYS: usize = 2;

/// The boxes of one component and one direction, in order of declaration.
pub(crate) struct Boxes<T: Named> {
    list: RefCell<List<T>>,
    /// What finds the first of them, if its name is short enough to be known by that alone.
    first: Cell<Option<BoxKey>>,
    /// What messages go through at the first of them.
    ways: [Cell<Option<Rc<T::Way>>>; WAYS],
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
        for (place, way) in self.ways.iter().enumerate() {
            way.set(list.get(place).and_then(T::way));
        }
        result
    }

    /// What messages go through at the box of this place, if it is one of the first and has such a way; to be given back.
    /// Meanwhile it is not there, which costs less than to note that somebody looks at it, and the boxes must not change.
    #[inline]
    pub fn lend_way(&self, place: usize) -> Option<Rc<T::Way>> {
        self.ways.get(place)?.take()
    }

    /// Gives back what was lent.
    #[inline]
    pub fn give_back_way(&self, place: usize, way: Rc<T::Way>) {
        if let Some(lent) = self.ways.get(place) {
            // There is none, so nobody looks what would have to be dropped.
            let before = lent.replace(Some(way));
            debug_assert!(before.is_none(), "the boxes have not changed meanwhile");
            mem::forget(before);
        }
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

impl<T: Named> From<List<T>> for Boxes<T> {
    fn from(list: List<T>) -> Self {
        let all = Self { list: RefCell::new(list), first: Cell::new(None), ways: Default::default() };
        all.change(|_| ());
        all
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    struct Just(BoxName);

    impl Named for Just {
        type Way = Arc<str>;

        fn name(&self) -> &BoxName {
            &self.0
        }

        fn way(&self) -> Option<Rc<Arc<str>>> {
            Some(Rc::new(self.0.text()))
        }
    }

    fn way_at(boxes: &Boxes<Just>, place: usize) -> Option<Arc<str>> {
        let way = boxes.lend_way(place)?;
        assert_eq!(boxes.lend_way(place), None);
        let name = Arc::clone(&way);
        boxes.give_back_way(place, way);
        Some(name)
    }

    #[test]
    fn a_box_is_found_by_its_name_as_it_is_now() {
        let names = ["inbox", "outbox", "a_long_name", "a_long_one"];
        for first in names {
            let boxes = Boxes::from(List::from([first, "inbox2"].map(|name| Just(name.into()))));
            for name in names {
                assert_eq!(boxes.find(name), (name == first).then_some(0), "{name} where {first} comes first");
            }
            assert_eq!(boxes.find("inbox2"), Some(1));
            assert_eq!(way_at(&boxes, 0).as_deref(), Some(first));
            boxes.change(|list| list[0] = Just("other".into()));
            assert_eq!((boxes.find(first), boxes.find("other")), (None, Some(0)));
            assert_eq!(way_at(&boxes, 0).as_deref(), Some("other"));
            assert_eq!((way_at(&boxes, 1).as_deref(), way_at(&boxes, 2)), (Some("inbox2"), None));
        }
    }
}
