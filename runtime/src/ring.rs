//! Ring: messages in the order in which they came, in one piece of memory that is used round and round.
//!
//! Unlike a queue of the standard library it moves messages as they are, without a look at what they are. A look splits
//! the copy into pieces, and the next copy, which wants the whole, then has to wait until the pieces have left the
//! processor's store buffer: that was half the price of a hop.

use std::cell::{Cell, RefCell};

use crate::message::Message;

/// Messages in the order in which they came. Grows; gives its memory back when it is cleared.
#[derive(Default)]
pub(crate) struct Ring {
    /// As many as a power of two, or none. Free places hold `None`.
    places: RefCell<Box<[Option<Message>]>>,
    /// Where the oldest is, counted on and on.
    first: Cell<u32>,
    len: Cell<u32>,
}

/// Places in the first piece of memory.
const FIRST_PLACES: usize = 4;

/// Where something is that is counted on and on.
#[inline]
fn place(count: u32, places: &[Option<Message>]) -> usize {
    count as usize & places.len().wrapping_sub(1)
}

impl Ring {
    #[inline]
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }

    #[cold]
    #[inline(never)]
    fn grow_if_full(&self) {
        if self.len() < self.places.borrow().len() {
            return;
        }
        let wanted = (self.len() * 2).max(FIRST_PLACES);
        let len = self.len.get();
        let mut places: Vec<Option<Message>> = (0..len).map(|_| self.pop()).collect();
        places.resize(wanted, None);
        self.len.set(len);
        self.first.set(0);
        *self.places.borrow_mut() = places.into_boxed_slice();
    }

    /// Puts the message that is in `message` behind the others, and leaves `None` there.
    #[inline]
    pub fn push(&self, message: &mut Option<Message>) {
        let len = self.len.get();
        if len & len.wrapping_sub(1) == 0 {
            // It may be full: its places are as many as a power of two.
            self.grow_if_full();
        }
        let mut places = self.places.borrow_mut();
        let place = place(self.first.get().wrapping_add(len), &places);
        // A free place holds nothing that would have to be dropped, so nobody looks.
        std::mem::forget(std::mem::replace(&mut places[place], message.take()));
        self.len.set(len + 1);
    }

    /// Takes the oldest out. There must be one.
    #[inline]
    pub fn pop(&self) -> Option<Message> {
        let first = self.first.get();
        self.first.set(first.wrapping_add(1));
        self.len.set(self.len.get().wrapping_sub(1));
        let mut places = self.places.borrow_mut();
        let place = place(first, &places);
        places[place].take()
    }

    /// Drops all of them and gives the memory back; how many there were.
    pub fn clear(&self) -> usize {
        let places = self.places.take();
        self.first.set(0);
        drop(places);
        self.len.replace(0) as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    #[test]
    fn it_keeps_the_order_however_it_fills_and_empties() {
        let mut lots = fastrand::Rng::with_seed(1);
        let (ring, mut model) = (Ring::default(), VecDeque::new());
        for number in 0..100_000 {
            if lots.u32(0..1000) == 0 {
                assert_eq!(ring.clear(), model.len());
                model.clear();
            }
            // Now more in, now more out, up to hundreds.
            if lots.u32(0..100) < if number / 1000 % 2 == 0 { 60 } else { 40 } {
                ring.push(&mut Some(Message::text(number.to_string())));
                model.push_back(Message::text(number.to_string()));
            } else {
                let oldest = (ring.len() > 0).then(|| ring.pop()).flatten();
                assert_eq!(oldest, model.pop_front());
            }
            assert_eq!(ring.len(), model.len());
        }
    }

    #[test]
    fn it_drops_what_it_holds() {
        let text = std::sync::Arc::<str>::from("text");
        let ring = Ring::default();
        for _ in 0..100 {
            ring.push(&mut Some(Message::Text(text.clone())));
        }
        drop(ring.pop());
        assert_eq!(std::sync::Arc::strong_count(&text), 100);
        ring.clear();
        assert_eq!(std::sync::Arc::strong_count(&text), 1);
    }
}
