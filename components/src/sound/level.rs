//! Measures a chunk of sound: peak, loudness, main pitch, and a wave to draw.
//!
//! Pure functions. Pitch is found by autocorrelation at a reduced sample rate: accurate enough for a tuner, and cheap
//! enough to run every tenth of a second.

use std::sync::Arc;

use compose_runtime::dev::{SoundChunk, Surface};

/// Approximate sample rate for the pitch search, in hertz.
const PITCH_RATE: u32 = 12_000;
/// Lowest and highest pitch to search for, in hertz.
const PITCH_RANGE: [f64; 2] = [50.0, 2_000.0];
/// Minimum similarity, from 0 to 1, between a tone and the same tone one period later.
const TONE_SIMILARITY: f64 = 0.8;
/// Sound below this loudness has no pitch.
const SILENCE: f32 = 0.001;
/// Maximum number of points in the wave of a meter.
const WAVE_POINTS: usize = 256;

/// Largest absolute sample and root mean square; both are 0 for silence.
pub fn peak_and_rms(samples: &[f32]) -> [f32; 2] {
    if samples.is_empty() {
        return [0.0, 0.0];
    }
    let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    [peak, (power / samples.len() as f64).sqrt() as f32]
}

/// Mixes the channels to one, with one mean sample per group of `every` frames.
fn mono(sound: &SoundChunk, every: usize) -> Vec<f32> {
    let group = usize::from(sound.channels.max(1)) * every.max(1);
    sound.samples.chunks_exact(group).map(|frames| frames.iter().sum::<f32>() / group as f32).collect()
}

/// The main pitch in hertz; `None` for silence, noise and less than two periods.
pub fn pitch(sound: &SoundChunk) -> Option<f64> {
    if peak_and_rms(&sound.samples)[1] < SILENCE || sound.sample_rate == 0 {
        return None;
    }
    let every = (sound.sample_rate / PITCH_RATE).max(1);
    let rate = f64::from(sound.sample_rate) / f64::from(every);
    let wave = mono(sound, every as usize);
    let shortest = (rate / PITCH_RANGE[1]).floor().max(2.0) as usize;
    let longest = ((rate / PITCH_RANGE[0]).ceil() as usize).min(wave.len() / 2);
    if shortest + 2 > longest {
        return None;
    }
    let similarities: Vec<f64> = (shortest..=longest).map(|lag| similarity(&wave, lag)).collect();
    let best = similarities.iter().copied().fold(0.0, f64::max);
    if best < TONE_SIMILARITY {
        return None;
    }
    // Take the first peak that is almost as good as the best: multiples of the period match as well as the period
    // itself.
    let first = similarities.windows(3).position(|around| match around {
        [before, here, after] => *here >= best * 0.95 && here >= before && here >= after,
        _ => false,
    })?;
    let mut period = refine(&wave, shortest + first + 1);
    // Refining at several periods divides the error in the lag by the number of periods.
    for periods in [2.0, 4.0, 8.0] {
        let lag = (period * periods).round() as usize;
        if lag * 3 / 2 < wave.len() {
            period = refine(&wave, lag) / periods;
        }
    }
    Some(rate / period)
}

/// Similarity of the wave to itself `lag` samples later: 1 if identical, 0 if unrelated.
fn similarity(wave: &[f32], lag: usize) -> f64 {
    let later = wave.get(lag..).unwrap_or_default();
    let (mut product, mut power) = (0.0_f64, 0.0_f64);
    for (now, then) in wave.iter().zip(later) {
        let (now, then) = (f64::from(*now), f64::from(*then));
        product += now * then;
        power += now * now + then * then;
    }
    if power > 0.0 { 2.0 * product / power } else { 0.0 }
}

/// Refines the peak near `lag` to a fraction of a sample: the vertex of the parabola through three points.
fn refine(wave: &[f32], lag: usize) -> f64 {
    let [before, here, after] = [lag - 1, lag, lag + 1].map(|lag| similarity(wave, lag));
    let curvature = before - 2.0 * here + after;
    if curvature.abs() < 1.0e-12 {
        return lag as f64;
    }
    lag as f64 + (0.5 * (before - after) / curvature).clamp(-1.0, 1.0)
}

/// A meter that shows this sound.
pub fn meter(sound: &SoundChunk) -> Surface {
    let [peak, rms] = peak_and_rms(&sound.samples);
    let wave = mono(sound, 1);
    let every = wave.len().div_ceil(WAVE_POINTS).max(1);
    let samples = wave.into_iter().step_by(every).collect();
    let wave = SoundChunk { sample_rate: (sound.sample_rate / every as u32).max(1), channels: 1, samples };
    Surface::Meter { peak: peak.min(1.0), rms: rms.min(1.0), wave: Some(Arc::new(wave)) }
}

/// A meter that shows silence.
pub fn silent_meter() -> Surface {
    Surface::Meter { peak: 0.0, rms: 0.0, wave: None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tone(hertz: f64, sample_rate: u32, channels: u16, seconds: f64) -> SoundChunk {
        let frames = (f64::from(sample_rate) * seconds) as usize;
        let samples = (0..frames)
            .flat_map(|frame| {
                let phase = frame as f64 * hertz / f64::from(sample_rate);
                let sample = 0.5 * (phase * std::f64::consts::TAU).sin() as f32;
                std::iter::repeat_n(sample, usize::from(channels))
            })
            .collect();
        SoundChunk { sample_rate, channels, samples }
    }

    #[test]
    fn peak_and_rms_of_a_sine_are_correct() {
        let [peak, rms] = peak_and_rms(&tone(440.0, 44_100, 1, 0.1).samples);
        assert!((peak - 0.5).abs() < 0.001 && (rms - 0.3535).abs() < 0.001, "{peak} {rms}");
    }

    #[test]
    fn pitch_is_found_within_half_a_percent_at_every_rate() {
        for rate in [8_000, 22_050, 44_100, 48_000, 96_000] {
            for hertz in [82.4, 220.0, 440.0, 987.8] {
                let found = pitch(&tone(hertz, rate, 2, 0.1)).unwrap();
                assert!((found / hertz - 1.0).abs() < 0.005, "{hertz} Hz at {rate}: {found}");
            }
        }
    }

    #[test]
    fn silence_and_very_short_sounds_have_no_pitch() {
        assert_eq!(pitch(&SoundChunk { sample_rate: 44_100, channels: 1, samples: vec![0.0; 4_410] }), None);
        assert_eq!(pitch(&tone(440.0, 44_100, 1, 0.001)), None);
        assert_eq!(pitch(&SoundChunk { sample_rate: 0, channels: 0, samples: vec![0.5; 100] }), None);
    }

    #[test]
    fn the_wave_of_a_meter_has_a_limited_number_of_points() {
        let Surface::Meter { wave: Some(wave), .. } = meter(&tone(440.0, 44_100, 2, 1.0)) else { panic!("no wave") };
        assert!(wave.samples.len() <= WAVE_POINTS && !wave.samples.is_empty());
    }
}
