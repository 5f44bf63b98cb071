//! Ring: messages in the order in which they came, in one piece of memory that is used round and round.
//!
//! Unlike a queue of the standard library it moves messages as they are, without a look at what they are. A look splits
//! the copy into pieces, and the next copy, which wants the whole, then has to wait until the pieces have left the
//! processor's store buffer: that was half the price of a hop.

#![allow(unsafe_code)] // Each place with its reason; stressed by `it_keeps_the_order_however_it_fills_and_empties`.

use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::ptr;

use crate::message::Message;

/// Messages in the order in which they came. Grows; gives its memory back when it is cleared.
///
/// What the `unsafe` places rest on:
/// - it is not `Sync`, and nothing that is called while `places` is in use could come back to this ring;
/// - there are as many places as a power of two, or none;
/// - the `len` places from number `popped` on, round and round, hold messages, and no others do;
/// - neither `len` nor `easy` is ever more than there are places.
#[derive(Default)]
pub(crate) struct Ring {
    places: UnsafeCell<Box<[MaybeUninit<Option<Message>>]>>,
    /// Messages that were taken out, on and on; the number of the oldest.
    popped: Cell<u64>,
    len: Cell<u32>,
    easy: Cell<u32>,
}

/// Places in the first piece of memory.
const FIRST_PLACES: usize = 4;

impl Ring {
    #[inline]
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }

    /// How many messages were taken out, ever.
    pub fn popped(&self) -> u64 {
        self.popped.get()
    }

    /// With fewer messages than this, and than there is memory for, [`Ring::push_easy`] takes one more.
    pub fn set_easy(&self, len: u32) {
        self.easy.set(len.min(self.places() as u32));
    }

    fn places(&self) -> usize {
        // SAFETY: the reference ends with this line.
        unsafe { (&*self.places.get()).len() }
    }

    /// Where the message of this number is or goes. There must be places.
    #[inline]
    fn place(&self, number: u64) -> *mut Option<Message> {
        // SAFETY: the reference ends with this function, and the pointer is used before anything else is done. The mask
        // leaves the number of a place, because there are as many as a power of two.
        unsafe {
            let places = &mut *self.places.get();
            debug_assert!(!places.is_empty(), "there are places");
            let mask = places.len().wrapping_sub(1);
            places.as_mut_ptr().add(number as usize & mask).cast()
        }
    }

    /// Puts a message behind the others.
    pub fn push(&self, message: Message) {
        if self.len() == self.places() {
            self.grow();
        }
        // SAFETY: there is a place behind the last message, and it holds none.
        unsafe { self.place(self.popped.get() + u64::from(self.len.get())).write(Some(message)) };
        self.len.set(self.len.get() + 1);
    }

    fn grow(&self) {
        let more = Box::new_uninit_slice((self.places() * 2).max(FIRST_PLACES));
        let more =
            Self { places: UnsafeCell::new(more), popped: self.popped.clone(), len: Cell::new(0), easy: Cell::new(0) };
        for number in self.popped.get()..self.popped.get() + u64::from(self.len.get()) {
            // SAFETY: a message of this ring moves to the place of the same number in the other, where there is none.
            unsafe { ptr::copy_nonoverlapping(self.place(number), more.place(number), 1) };
        }
        // SAFETY: nobody has a reference to either. The other ring is left with places that count as empty.
        unsafe { ptr::swap(self.places.get(), more.places.get()) };
    }

    /// Puts the message that is in `message` behind the others, and leaves `None` there. False, and everything as it was,
    /// if there is none or it is not easy.
    #[inline]
    pub fn push_easy(&self, message: &mut Option<Message>) -> bool {
        let len = self.len.get();
        if len >= self.easy.get() || message.is_none() {
            return false;
        }
        let place = self.place(self.popped.get().wrapping_add(u64::from(len)));
        // SAFETY: there is a place behind the last message, because `easy` is no more than there are places, and it holds
        // none. What is in `message` moves there as it is, and is forgotten here.
        unsafe {
            ptr::copy_nonoverlapping(message, place, 1);
            ptr::write(message, None);
        }
        self.len.set(len + 1);
        true
    }

    /// Takes the oldest out, if there is one.
    pub fn pop(&self) -> Option<Message> {
        if self.len() > 0 { self.pop_waiting() } else { None }
    }

    /// Takes the oldest out. There must be one.
    #[inline]
    pub fn pop_waiting(&self) -> Option<Message> {
        let len = self.len.get();
        assert!(len > 0, "a message waits");
        let number = self.popped.get();
        self.popped.set(number.wrapping_add(1));
        self.len.set(len - 1);
        // SAFETY: there was a message at this place, and from now on the place counts as empty.
        unsafe { self.place(number).read() }
    }

    /// Drops all of them and gives the memory back; how many there were.
    pub fn clear(&self) -> usize {
        let all = Self::default();
        // SAFETY: nobody has a reference to either. The messages are dropped with the other ring, when this one is empty.
        unsafe { ptr::swap(self.places.get(), all.places.get()) };
        all.popped.set(self.popped.get());
        all.len.set(self.len.replace(0));
        self.easy.set(0);
        all.len()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn it_keeps_the_order_however_it_fills_and_empties() {
        let mut lots = fastrand::Rng::with_seed(1);
        let (ring, mut model) = (Ring::default(), VecDeque::new());
        let (mut taken, mut easily) = (0, 0);
        for number in 0..200_000 {
            if lots.u32(0..1000) == 0 {
                assert_eq!(ring.clear(), model.len());
                model.clear();
            }
            if lots.u32(0..50) == 0 {
                ring.set_easy(lots.u32(0..400));
            }
            // Now more in, now more out, up to hundreds.
            if lots.u32(0..100) < if number / 1000 % 2 == 0 { 60 } else { 40 } {
                let message = Message::text(number.to_string());
                let mut given = Some(message.clone());
                if lots.bool() && ring.push_easy(&mut given) {
                    assert_eq!(given, None);
                    easily += 1;
                } else {
                    assert_eq!(given.as_ref(), Some(&message), "what is refused is left as it is");
                    ring.push(message.clone());
                }
                model.push_back(message);
            } else {
                let oldest = ring.pop();
                taken += u64::from(oldest.is_some());
                assert_eq!(oldest, model.pop_front());
            }
            assert_eq!((ring.len(), ring.popped()), (model.len(), taken));
        }
        assert!(easily > 10_000, "{easily} went the easy way");
    }

    #[test]
    fn nothing_is_easy_beyond_its_memory_or_without_a_message() {
        let ring = Ring::default();
        ring.set_easy(u32::MAX);
        assert!(!ring.push_easy(&mut Some(Message::Nothing)), "there is no memory yet");
        for _ in 0..10 {
            ring.push(Message::Nothing);
            ring.set_easy(u32::MAX);
            assert!(!ring.push_easy(&mut None));
            let mut more = 0;
            while ring.push_easy(&mut Some(Message::Nothing)) {
                more += 1;
            }
            assert_eq!(ring.len(), ring.places());
            assert!(more <= ring.places());
        }
        ring.clear();
        assert!(!ring.push_easy(&mut Some(Message::Nothing)), "the memory is gone");
        assert_eq!(ring.pop(), None);
    }

    #[test]
    fn it_drops_what_it_holds_once() {
        let text = Arc::<str>::from("text");
        let message = || Message::Text(text.clone());
        let ring = Ring::default();
        for _ in 0..100 {
            ring.push(message());
        }
        drop(ring.pop());
        assert_eq!(Arc::strong_count(&text), 100);
        ring.clear();
        assert_eq!(Arc::strong_count(&text), 1);
        // Round the end of its memory, grown and let go of.
        for number in 0..1000 {
            ring.push(message());
            if number % 3 > 0 {
                drop(ring.pop());
            }
        }
        assert_eq!(Arc::strong_count(&text), ring.len() + 1);
        drop(ring);
        assert_eq!(Arc::strong_count(&text), 1);
    }
}
