//! BoxName: the name of a box, kept once for all boxes of that name, beside a number that finds it.
//!
//! A box that the code spells out is found by comparing one number, which the compiler works out from the literal. The
//! number says everything about a name of up to seven bytes, as nearly all have; of a longer one it says length and
//! beginning, and the text decides.

use std::num::NonZeroU64;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// A name's length and first seven bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoxKey(NonZeroU64);

/// So many bytes fit.
const WHOLE: usize = 7;

impl BoxKey {
    /// The key of a name that nothing else has; `None` if the name is too long for that.
    #[inline]
    pub fn of_whole(name: &str) -> Option<Self> {
        (name.len() <= WHOLE).then(|| Self::of(name))
    }

    /// The key of a name. One more than the length goes first and is shifted on by every byte, so names of different
    /// lengths differ, and no key is zero.
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

    /// Whether somebody has it, or its text, besides a list of names, which has the name once and the text as its key.
    pub fn is_in_use(&self) -> bool {
        Rc::strong_count(&self.0) > 1 || Arc::strong_count(&self.0.text) > 2
    }

    /// The text, for those who keep it.
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
    fn keys_tell_names_apart_as_the_texts_do() {
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
