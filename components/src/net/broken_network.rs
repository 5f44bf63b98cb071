//! Shared by Reorder, Throwaway and Duplicate: reproducible random numbers.

use compose_runtime::dev::*;

pub(super) const PERCENT: ParamSpec =
    ParamSpec::float("percent", 0.0, 100.0, 10.0, "Share of the messages that are affected").unit("%").live();

pub(super) const SEED: ParamSpec =
    ParamSpec::count("seed", 1, "Seed of the random numbers; the same seed gives the same run");

/// Reproducible random numbers: Marsaglia's xorshift.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(params: &Params) -> Self {
        // Spreads the seed over all bits; a state of zero would stay zero.
        Self((params.int("seed") as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(super) fn hits(&mut self, percent: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * 100.0 < percent
    }
}

/// The output for a thousand numbers.
#[cfg(test)]
pub(super) fn through(spec: &'static ComponentSpec, params: &[(&str, Message)]) -> Vec<Message> {
    let numbers: Vec<Message> = (0..1000).map(Message::Int).collect();
    compose_runtime::testing::through(spec, params, &numbers).take("outbox")
}
