//! Order: compares messages. Numbers are compared by their exact value, whatever their kind.

use std::cmp::Ordering;

use super::{Message, SoundChunk};

/// 2^63 as a real number: the smallest one above every whole number.
const ABOVE_ALL: f64 = 9_223_372_036_854_775_808.0;

impl Message {
    /// Compares two numbers by their exact value; `None` if either is not a number or is NaN.
    pub fn compare_numbers(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Float(b)) => whole_and_real(*a, *b),
            (Self::Float(a), Self::Int(b)) => whole_and_real(*b, *a).map(Ordering::reverse),
            _ => None,
        }
    }

    /// A total order of all messages. Numbers come first, by value and with NaN last; then text and bytes, byte by
    /// byte; then false, true, nothing and times; then lists and maps, item by item; then pictures, sound, resources by
    /// label, and control messages. Two messages are equal if neither comes first; a whole number equals the real
    /// number with the same value.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => {
                self.compare_numbers(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
            }
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let pairs = a.iter().zip(b.iter()).map(|(a, b)| a.order(b));
                first_difference(pairs).then_with(|| a.len().cmp(&b.len()))
            }
            (Self::Map(a), Self::Map(b)) => {
                let pairs = a.iter().zip(b.iter()).map(|((k, a), (l, b))| k.cmp(l).then_with(|| a.order(b)));
                first_difference(pairs).then_with(|| a.len().cmp(&b.len()))
            }
            (Self::Image(a), Self::Image(b)) => (a.width, a.height, &a.rgba).cmp(&(b.width, b.height, &b.rgba)),
            (Self::Sound(a), Self::Sound(b)) => sounds(a, b),
            (Self::Resource(a), Self::Resource(b)) => a.label().cmp(b.label()),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    const fn is_nan(&self) -> bool {
        matches!(self, Self::Float(number) if number.is_nan())
    }

    /// The position of its kind in [`Message::order`].
    const fn rank(&self) -> u8 {
        match self {
            Self::Int(_) | Self::Float(_) => 0,
            Self::Text(_) => 1,
            Self::Bytes(_) => 2,
            Self::Bool(_) => 3,
            Self::Nothing => 4,
            Self::Time(_) => 5,
            Self::List(_) => 6,
            Self::Map(_) => 7,
            Self::Image(_) => 8,
            Self::Sound(_) => 9,
            Self::Resource(_) => 10,
            Self::ProducerFinished => 11,
            Self::Shutdown => 12,
        }
    }
}

fn first_difference(mut pairs: impl Iterator<Item = Ordering>) -> Ordering {
    pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn sounds(a: &SoundChunk, b: &SoundChunk) -> Ordering {
    let pairs = a.samples.iter().zip(&b.samples).map(|(a, b)| a.total_cmp(b));
    let samples = first_difference(pairs).then_with(|| a.samples.len().cmp(&b.samples.len()));
    (a.sample_rate, a.channels).cmp(&(b.sample_rate, b.channels)).then(samples)
}

/// Compares a whole number and a real one. Converting the whole number would round it.
fn whole_and_real(whole: i64, real: f64) -> Option<Ordering> {
    if real.is_nan() {
        return None;
    }
    if real >= ABOVE_ALL {
        return Some(Ordering::Less);
    }
    if real < -ABOVE_ALL {
        return Some(Ordering::Greater);
    }
    // In this range, the integer part is exact.
    let fraction = real.fract().partial_cmp(&0.0)?;
    Some(whole.cmp(&(real.trunc() as i64)).then(fraction.reverse()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    const LARGE: i64 = 1 << 53;

    #[test]
    fn numbers_are_compared_by_their_exact_value() {
        use Ordering::{Equal, Greater, Less};
        for (a, b, expected) in [
            (Message::Int(LARGE + 1), Message::Int(LARGE), Greater),
            (Message::Int(LARGE + 1), Message::Float(LARGE as f64), Greater),
            (Message::Float(LARGE as f64), Message::Int(LARGE + 1), Less),
            (Message::Int(i64::MAX), Message::Float(i64::MAX as f64), Less),
            (Message::Int(i64::MIN), Message::Float(i64::MIN as f64), Equal),
            (Message::Int(-1), Message::Float(-1.5), Greater),
            (Message::Int(-2), Message::Float(-1.5), Less),
            (Message::Int(1), Message::Float(f64::INFINITY), Less),
            (Message::Int(0), Message::Float(-0.0), Equal),
        ] {
            assert_eq!(a.compare_numbers(&b), Some(expected), "{a:?} {b:?}");
            assert_eq!(b.order(&a), expected.reverse(), "{a:?} {b:?}");
        }
        assert_eq!(Message::Int(1).compare_numbers(&Message::Float(f64::NAN)), None);
        assert_eq!(Message::Int(1).compare_numbers(&"1".into()), None);
    }

    #[test]
    fn different_kinds_have_a_fixed_order() {
        let sorted = [
            Message::Float(f64::NAN),
            "b".into(),
            Message::bytes(b"\xfe"),
            Message::bytes(b"\xff"),
            false.into(),
            true.into(),
            Message::Nothing,
            Message::Time(Duration::ZERO),
            Message::list([1.into()]),
            Message::list([1.into(), "x".into()]),
            Message::list([2.into()]),
            Message::map([("a", Message::Int(2))]),
            Message::map([("b", Message::Int(1))]),
            Message::ProducerFinished,
            Message::Shutdown,
        ];
        assert!(sorted.is_sorted_by(|a, b| a.order(b) == Ordering::Less), "{sorted:?}");
    }

    fn numbers() -> impl Strategy<Value = Message> {
        let near = (-3_i64..3, prop_oneof![Just(0), Just(LARGE), Just(-LARGE), Just(i64::MAX - 4), Just(i64::MIN + 4)]);
        let near = near.prop_map(|(step, base)| base + step);
        prop_oneof![
            near.clone().prop_map(Message::Int),
            near.prop_map(|number| Message::Float(number as f64)),
            (-3.0..3.0).prop_map(Message::Float),
            Just(Message::Float(f64::NAN)),
            Just(Message::Float(f64::NEG_INFINITY)),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_consistent(a in numbers(), b in numbers(), c in numbers()) {
            prop_assert_eq!(a.order(&b), b.order(&a).reverse());
            if a.order(&b).is_le() && b.order(&c).is_le() {
                prop_assert!(a.order(&c).is_le(), "{:?} {:?} {:?}", a, b, c);
            }
        }
    }
}
