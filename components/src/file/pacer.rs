//! Pacer: computes the amount for each tick so that a rate is observed without rounding drift. Pure data.

/// Splits a rate into whole amounts per tick.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pacer {
    carry: f64,
}

impl Pacer {
    /// The whole amount for the next tick, if `per_tick` is the average amount per tick. May be 0.
    pub(crate) fn next(&mut self, per_tick: f64) -> usize {
        self.carry += per_tick.max(0.0);
        let whole = self.carry.floor();
        self.carry -= whole;
        whole as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_up_to_the_rate() {
        let mut pacer = Pacer::default();
        let amounts: Vec<usize> = (0..8).map(|_| pacer.next(2.75)).collect();
        assert_eq!(amounts.iter().sum::<usize>(), 22);
        assert!(amounts.iter().all(|amount| (2..=3).contains(amount)), "{amounts:?}");
        assert_eq!(Pacer::default().next(0.5), 0);
    }
}
