//! Ring: a first-in, first-out ring buffer of messages.
//!
//! Unlike the standard library's queue it copies messages whole, without inspecting them. Inspecting a message splits the
//! copy into two stores, and the next load of the whole message then stalls until both have left the processor's store
//! buffer: that was half the cost of a hop.

#![allow(unsafe_code)] // Each block has its reason; stressed by `order_is_kept_in_any_mix_of_pushes_and_pops`.

use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::ptr;

use crate::message::Message;

/// A first-in, first-out ring buffer of messages. It grows on demand and frees its memory when it is cleared.
///
/// Invariants that the `unsafe` blocks rely on:
/// - the ring is not `Sync`, and nothing that is called while `entries` is borrowed can reach this ring again;
/// - the number of entries is zero or a power of two;
/// - the `len` entries from number `popped` on, modulo the capacity, hold messages, and no others do;
/// - neither `len` nor `fast_limit` exceeds the number of entries.
#[derive(Default)]
pub(crate) struct Ring {
    entries: UnsafeCell<Box<[MaybeUninit<Option<Message>>]>>,
    /// Number of messages taken out so far, which is also the number of the oldest message.
    popped: Cell<u64>,
    len: Cell<u32>,
    fast_limit: Cell<u32>,
}

/// Capacity after the first allocation.
const FIRST_CAPACITY: usize = 4;

impl Ring {
    #[inline]
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }

    /// Number of messages taken out so far.
    pub fn popped(&self) -> u64 {
        self.popped.get()
    }

    /// Lets [`Ring::push_fast`] succeed while fewer messages than this, and than the capacity, are waiting.
    pub fn set_fast_limit(&self, len: u32) {
        self.fast_limit.set(len.min(self.capacity() as u32));
    }

    fn capacity(&self) -> usize {
        // SAFETY: the reference ends with this line.
        unsafe { (&*self.entries.get()).len() }
    }

    /// Pointer to the entry of message `number`.
    ///
    /// # Safety
    /// The capacity is not zero, and the pointer is used before any other method of this ring is called.
    #[inline]
    unsafe fn entry(&self, number: u64) -> *mut Option<Message> {
        // SAFETY: no other reference to the entries lives, because every method ends its own before it returns. The mask
        // yields an index in bounds, because the capacity is a power of two and, as promised by the caller, not zero.
        unsafe {
            let entries = &mut *self.entries.get();
            debug_assert!(!entries.is_empty(), "the ring has memory");
            let mask = entries.len().wrapping_sub(1);
            entries.as_mut_ptr().add(number as usize & mask).cast()
        }
    }

    /// Appends a message.
    pub fn push(&self, message: Message) {
        if self.len() == self.capacity() {
            self.grow();
        }
        // SAFETY: after `grow` there is a free entry behind the last message, and the pointer is used at once.
        unsafe { self.entry(self.popped.get() + u64::from(self.len.get())).write(Some(message)) };
        self.len.set(self.len.get() + 1);
    }

    fn grow(&self) {
        let more = Box::new_uninit_slice((self.capacity() * 2).max(FIRST_CAPACITY));
        let more = Self {
            entries: UnsafeCell::new(more),
            popped: self.popped.clone(),
            len: Cell::new(0),
            fast_limit: Cell::new(0),
        };
        for number in self.popped.get()..self.popped.get() + u64::from(self.len.get()) {
            // SAFETY: the loop runs only if this ring has messages, so both have memory. The message moves to the entry of
            // the same number in the other ring, which is free; it is not used in this ring again.
            unsafe { ptr::copy_nonoverlapping(self.entry(number), more.entry(number), 1) };
        }
        // SAFETY: no reference to either box lives. The other ring keeps the old entries, which count as empty (`len` is 0).
        unsafe { ptr::swap(self.entries.get(), more.entries.get()) };
    }

    /// Moves the message out of `message` and appends it. Returns false and changes nothing if `message` is `None` or the
    /// fast limit is reached.
    #[inline]
    pub fn push_fast(&self, message: &mut Option<Message>) -> bool {
        let len = self.len.get();
        if len >= self.fast_limit.get() || message.is_none() {
            return false;
        }
        // SAFETY: `len` is below `fast_limit`, which does not exceed the capacity: the ring has memory, and the entry behind
        // the last message is free. The message moves there; overwriting `message` without a drop leaves one owner.
        unsafe {
            let entry = self.entry(self.popped.get().wrapping_add(u64::from(len)));
            ptr::copy_nonoverlapping(message, entry, 1);
            ptr::write(message, None);
        }
        self.len.set(len + 1);
        true
    }

    /// Takes out the oldest message, if there is one.
    pub fn pop(&self) -> Option<Message> {
        if self.len() > 0 { self.pop_waiting() } else { None }
    }

    /// Takes out the oldest message. There must be one.
    #[inline]
    pub fn pop_waiting(&self) -> Option<Message> {
        let len = self.len.get();
        assert!(len > 0, "a message waits");
        let number = self.popped.get();
        self.popped.set(number.wrapping_add(1));
        self.len.set(len - 1);
        // SAFETY: `len` was not zero, so the ring has memory and this entry holds a message; from now on it counts as empty.
        unsafe { self.entry(number).read() }
    }

    /// Drops all messages and frees the memory. Returns how many there were.
    pub fn clear(&self) -> usize {
        let all = Self::default();
        // SAFETY: no reference to either box lives. The other ring, dropped at the end, drops the messages.
        unsafe { ptr::swap(self.entries.get(), all.entries.get()) };
        all.popped.set(self.popped.get());
        all.len.set(self.len.replace(0));
        self.fast_limit.set(0);
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
    fn order_is_kept_in_any_mix_of_pushes_and_pops() {
        let mut random = fastrand::Rng::with_seed(1);
        let (ring, mut model) = (Ring::default(), VecDeque::new());
        let (mut taken, mut fast) = (0, 0);
        for number in 0..200_000 {
            if random.u32(0..1000) == 0 {
                assert_eq!(ring.clear(), model.len());
                model.clear();
            }
            if random.u32(0..50) == 0 {
                ring.set_fast_limit(random.u32(0..400));
            }
            // Alternates between more pushes and more pops, up to hundreds of messages.
            if random.u32(0..100) < if number / 1000 % 2 == 0 { 60 } else { 40 } {
                let message = Message::text(number.to_string());
                let mut given = Some(message.clone());
                if random.bool() && ring.push_fast(&mut given) {
                    assert_eq!(given, None);
                    fast += 1;
                } else {
                    assert_eq!(given.as_ref(), Some(&message), "a refused message is unchanged");
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
        assert!(fast > 10_000, "{fast} took the fast path");
    }

    #[test]
    fn the_fast_path_stops_at_the_capacity_and_needs_a_message() {
        let ring = Ring::default();
        ring.set_fast_limit(u32::MAX);
        assert!(!ring.push_fast(&mut Some(Message::Nothing)), "there is no memory yet");
        for _ in 0..10 {
            ring.push(Message::Nothing);
            ring.set_fast_limit(u32::MAX);
            assert!(!ring.push_fast(&mut None));
            let mut more = 0;
            while ring.push_fast(&mut Some(Message::Nothing)) {
                more += 1;
            }
            assert_eq!(ring.len(), ring.capacity());
            assert!(more <= ring.capacity());
        }
        ring.clear();
        assert!(!ring.push_fast(&mut Some(Message::Nothing)), "the memory is gone");
        assert_eq!(ring.pop(), None);
    }

    #[test]
    fn every_message_is_dropped_exactly_once() {
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
        // Wrapping round the end of the buffer, growing, and dropping.
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
