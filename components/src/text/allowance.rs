//! Allowance: how large the values of an expression may become. Pure.
//!
//! A fixed amount for new values, plus a multiple of the size of the message, so that an expression that only passes on
//! a large message never fails. The state of a script counts only up to a limit, so that it cannot grow without bound.

use rhai::{Array, Dynamic, Engine, Map};

/// How much text an expression may create, in bytes.
const TEXT: usize = 16 << 20;
/// How many items of lists, and bytes of blobs, an expression may create.
const ITEMS: usize = 1 << 20;
/// How many entries of maps an expression may create.
const ENTRIES: usize = 100_000;
/// How many copies of its message, and of its state, an expression may hold in addition.
const COPIES: usize = 4;
/// How much the copies of a message may add to its own size.
const COPIED: usize = 64 << 20;
/// How much all copies of the state may add, in bytes of text, in items and bytes, and in entries.
const STATE: usize = 16 << 20;

/// The size of a value, including everything in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Bytes of text.
    text: usize,
    /// Items of lists and bytes of blobs.
    items: usize,
    /// Entries of maps.
    entries: usize,
}

impl Size {
    /// The size of a value.
    pub(super) fn of(value: &Dynamic) -> Self {
        let mut size = Self::default();
        size.add(value);
        size
    }

    fn add(&mut self, value: &Dynamic) {
        if let Ok(items) = value.as_array_ref() {
            let items: &Array = &items;
            self.items += items.len();
            for item in items {
                self.add(item);
            }
        } else if let Ok(map) = value.as_map_ref() {
            let map: &Map = &map;
            self.entries += map.len();
            for item in map.values() {
                self.add(item);
            }
        } else if let Ok(bytes) = value.as_blob_ref() {
            self.items += bytes.len() + 1;
        } else if let Ok(text) = value.as_immutable_string_ref() {
            self.text += text.len();
        }
    }

    /// The largest size that the values of a run may have.
    pub(super) fn allowance(message: Self, state: Self) -> Self {
        let of = |base: usize, message: usize, state: usize| {
            base.saturating_add(message)
                .saturating_add(message.saturating_mul(COPIES - 1).min(COPIED))
                .saturating_add(state.saturating_mul(COPIES).min(STATE))
        };
        Self {
            text: of(TEXT, message.text, state.text),
            items: of(ITEMS, message.items, state.items),
            entries: of(ENTRIES, message.entries, state.entries),
        }
    }

    /// Makes the engine enforce this size.
    pub(super) fn limit(self, engine: &mut Engine) {
        engine.set_max_string_size(self.text).set_max_array_size(self.items).set_max_map_size(self.entries);
    }
}

/// The error text for a value that became too large. `what` is the engine's name for the kind of value.
pub(super) fn too_large(what: &str, engine: &Engine) -> String {
    let (what, unit, limit) = if what.contains("string") {
        ("text", "bytes", engine.max_string_size())
    } else if what.contains("map") {
        ("map", "entries", engine.max_map_size())
    } else {
        ("list or blob", "items or bytes", engine.max_array_size())
    };
    format!(
        "a {what} would be larger than {limit} {unit}, the limit for this message (create less, or send it in parts),"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_counts_everything_inside() {
        let inner = Dynamic::from_map([("k".into(), Dynamic::from_blob(vec![0; 10]))].into());
        let list = Dynamic::from_array(vec!["abc".into(), inner, 1_i64.into()]);
        assert_eq!(Size::of(&list), Size { text: 3, items: 3 + 11, entries: 1 });
    }

    #[test]
    fn a_state_counts_only_up_to_a_limit() {
        let state = Size { items: usize::MAX, ..Size::default() };
        assert_eq!(Size::allowance(Size::default(), state).items, ITEMS + STATE);
        let message = Size { items: 7, ..Size::default() };
        assert_eq!(Size::allowance(message, Size::default()).items, ITEMS + 7 * COPIES);
    }
}
