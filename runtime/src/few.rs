//! Few: a list that is nearly always empty and then occupies no more memory than a pointer.

use std::ops::{Deref, DerefMut};

/// A list that is nearly always empty.
#[allow(clippy::box_collection)] // Every component has such lists: one pointer instead of three words.
pub(crate) struct Few<T>(Option<Box<Vec<T>>>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |all| all)
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.as_mut().map_or(&mut [], |all| all)
    }
}

impl<T> Few<T> {
    /// Appends an item.
    pub fn push(&mut self, item: T) {
        self.0.get_or_insert_default().push(item);
    }

    /// Removes the items for which `is_wanted` is false.
    pub fn retain(&mut self, is_wanted: impl FnMut(&T) -> bool) {
        if let Some(all) = &mut self.0 {
            all.retain(is_wanted);
        }
    }

    /// Removes all items and frees the memory.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_small_as_a_pointer() {
        assert_eq!(size_of::<Few<String>>(), size_of::<usize>());
        let mut few = Few::default();
        assert!(few.is_empty());
        (1..=3).for_each(|number| few.push(number));
        few.retain(|number| *number != 2);
        few.iter_mut().for_each(|number| *number *= 10);
        assert_eq!(*few, [10, 30]);
        few.clear();
        assert!(few.is_empty());
    }
}
