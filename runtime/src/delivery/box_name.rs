//! BoxName: the name of a box, shared by all boxes with that name, with a key for fast comparison.
//!
//! Finding a box whose name is a literal takes one comparison of keys, because the compiler evaluates the key of the
//! literal. For names of up to seven bytes (most names), the key identifies the name. For longer names it holds only
//! the length and the first bytes, and the full text is compared as well.

use std::num::NonZeroU64;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// The length and the first seven bytes of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoxKey(NonZeroU64);

/// How many bytes of a name fit into a key.
const WHOLE: usize = 7;

impl BoxKey {
    /// A key that identifies the name; `None` if the name is too long.
    #[inline]
    pub fn of_whole(name: &str) -> Option<Self> {
        (name.len() <= WHOLE).then(|| Self::of(name))
    }

    /// The key of a name. It starts with the length plus one, so keys of names with different lengths differ, and no key
    /// is zero.
    #[inline]
    pub fn of(name: &str) -> Self {
        let length = name.len().min(usize::from(u8::MAX) - 1) as u64;
        let key = name.bytes().take(WHOLE).fold(length + 1, |key, byte| key << 8 | u64::from(byte));
        Self(NonZeroU64::new(key).unwrap_or(NonZeroU64::MIN))
    }
}

/// The name of a box.
#[derive(Clone)]
pub(crate) struct BoxName(Rc<Named>);

struct Named {
    key: BoxKey,
    text: Arc<str>,
}

impl BoxName {
    /// Whether this is `name`, whose key is `key`.
    #[inline]
    pub fn is(&self, key: BoxKey, name: &str) -> bool {
        self.0.key == key && (name.len() <= WHOLE || *self.0.text == *name)
    }

    /// Whether the name or its text is used outside the list of names, which holds the name once and the text as its key.
    pub fn is_in_use(&self) -> bool {
        Rc::strong_count(&self.0) > 1 || Arc::strong_count(&self.0.text) > 2
    }

    /// The text, for callers that keep it.
    pub fn text(&self) -> Arc<str> {
        self.0.text.clone()
    }
}

impl Deref for BoxName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl From<Arc<str>> for BoxName {
    fn from(text: Arc<str>) -> Self {
        Self(Rc::new(Named { key: BoxKey::of(&text), text }))
    }
}

impl From<&str> for BoxName {
    fn from(text: &str) -> Self {
        Self::from(Arc::<str>::from(text))
    }
}

impl PartialEq for BoxName {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.0.key, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_exactly_if_their_text_is() {
        let names = [
            "",
            "a",
            "b",
            "\0",
            "a\0",
            "aa",
            "inbox",
            "outbox",
            "control",
            "controm",
            "signal",
            "_events",
            "longer_one",
            "longer_two",
            "longer_",
            "longer_o",
            "ünï",
        ];
        for one in names {
            for other in names {
                let name = BoxName::from(one);
                assert_eq!(name.is(BoxKey::of(other), other), one == other, "{one:?} and {other:?}");
            }
        }
    }
}
