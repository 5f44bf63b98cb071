//! Samples that components can compute with.
//!
//! Pure. A file or a network can deliver floating-point samples that are not numbers, infinite, or far too loud. A
//! single such sample would corrupt every sum that includes it.

/// Largest plausible sample, in units of full scale.
const LOUDEST: f32 = 1000.0;

/// The sample; 0 if it is not a number, and full scale if it is infinite or more than 1000 times full scale.
pub(super) fn usable(sample: f32) -> f32 {
    if sample.is_nan() {
        0.0
    } else if sample.abs() > LOUDEST {
        sample.signum()
    } else {
        sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unusable_samples_change() {
        let samples = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MIN, 0.5, -1.5, 1000.0].map(usable);
        assert_eq!(samples, [0.0, 1.0, -1.0, -1.0, 0.5, -1.5, 1000.0]);
    }
}
