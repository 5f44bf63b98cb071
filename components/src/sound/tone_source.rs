//! ToneSource: generates a steady tone or noise at playback speed.

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use crate::random::Random;

/// The description.
pub static TONE_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "ToneSource",
    category: Category::SoundAndPictures,
    summary: "Generates a tone or noise",
    docs: "\
Sends sound in chunks of 20 ms, at playback speed and a tenth of a second ahead, so that a loudspeaker never waits. \
`frequency`, `waveform` and `level` can change while it runs, without a click. With `paced` off, sound comes as fast \
as the receivers accept it. A sample rate can only carry frequencies below half of it, so a higher `frequency` is \
refused; if it is set while the component runs, the console reports it and the tone stays the same. A `seconds` of 0 \
means no limit. The noise depends on the seed of the run, so that a replay repeats it.

Example: `ToneSource` → `Output` is a tuning fork.

**New:** the original has no such component. It can also replace a microphone.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::float("frequency", 1.0, 20_000.0, 440.0, "Pitch").unit("Hz").live(),
        ParamSpec::choice("waveform", &["sine", "square", "saw", "noise"], "Shape of the wave").live(),
        ParamSpec::float("level", 0.0, 1.0, 0.5, "Largest sample; 1 is full scale").live(),
        ParamSpec::int("sample_rate", 4_000, 192_000, 48_000, "Sample rate").unit("Hz"),
        ParamSpec::int("channels", 1, 8, 1, "Number of identical channels"),
        ParamSpec::seconds("seconds", 0.0, "Duration; 0 for no limit"),
        ParamSpec::switch("paced", true, "Send sound at playback speed; off sends it as fast as possible"),
    ],
    build: build::<ToneSource>,
    ..ComponentSpec::EMPTY
};

/// Number of chunks per second.
const CHUNKS_PER_S: u32 = 50;
/// How far ahead of the clock sound is sent.
const LEAD: Duration = Duration::from_millis(100);

/// The component.
pub struct ToneSource {
    /// Initial frequency in hertz.
    frequency: f64,
    sample_rate: u32,
    channels: u16,
    seconds: f64,
    paced: bool,
}

/// Current state of the wave.
struct Wave {
    /// The frequency in hertz.
    frequency: f64,
    /// A frequency that has been reported as too high.
    refused: f64,
    /// Phase within one period, from 0 to 1.
    phase: f64,
    /// The samples of noise.
    noise: Random,
}

/// Shape of a wave.
#[derive(Clone, Copy)]
enum Shape {
    Sine,
    Square,
    Saw,
    Noise,
}

impl Shape {
    fn named(name: &str) -> Self {
        match name {
            "square" => Self::Square,
            "saw" => Self::Saw,
            "noise" => Self::Noise,
            _ => Self::Sine,
        }
    }
}

impl Wave {
    fn next(&mut self, shape: Shape, step: f64) -> f64 {
        let phase = self.phase;
        self.phase = (phase + step).fract();
        match shape {
            Shape::Sine => (phase * std::f64::consts::TAU).sin(),
            Shape::Square if phase < 0.5 => 1.0,
            Shape::Square => -1.0,
            Shape::Saw => 2.0 * phase - 1.0,
            Shape::Noise => 2.0 * self.noise.real() - 1.0,
        }
    }
}

impl Component for ToneSource {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let sample_rate = u32::try_from(params.int("sample_rate")).unwrap_or(48_000);
        check_frequency(params, sample_rate)?;
        Ok(Self {
            frequency: params.float("frequency"),
            sample_rate,
            channels: u16::try_from(params.int("channels")).unwrap_or(1),
            seconds: params.float("seconds"),
            paced: params.switch("paced"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut wave = Wave { frequency: self.frequency, refused: 0.0, phase: 0.0, noise: Random::of(&io, 0) };
        let rate = f64::from(self.sample_rate);
        let mut left = if self.seconds > 0.0 { (self.seconds * rate).round() as u64 } else { u64::MAX };
        let (started, mut sent) = (io.now(), 0_u64);
        while left > 0 && !io.is_shutting_down() {
            if self.paced {
                let due = Duration::from_secs_f64(sent as f64 / rate);
                io.sleep_until((started + due).saturating_sub(LEAD)).await;
            }
            let frames = u64::from(self.sample_rate / CHUNKS_PER_S).clamp(1, left);
            let params = io.params();
            let frequency = params.float("frequency");
            match check_frequency(&params, self.sample_rate) {
                Ok(()) => wave.frequency = frequency,
                Err(why) if wave.refused != frequency => {
                    wave.refused = frequency;
                    io.note(&format!("{why}; the tone stays at {} Hz", wave.frequency));
                }
                Err(_) => {}
            }
            let chunk = self.chunk(&mut wave, &params, frames);
            io.send("outbox", Message::Sound(Arc::new(chunk))).await;
            sent += frames;
            left -= frames;
        }
        Ok(())
    }
}

/// Refuses a frequency that the sample rate cannot represent.
fn check_frequency(params: &Params, sample_rate: u32) -> Result<(), ParamError> {
    let frequency = params.float("frequency");
    if frequency < f64::from(sample_rate) / 2.0 {
        return Ok(());
    }
    Err(ParamError::Refused {
        param: "frequency".to_owned(),
        expected: format!("below half of the sample_rate of {sample_rate} Hz"),
        got: format!("{frequency} Hz"),
    })
}

impl ToneSource {
    fn chunk(&self, wave: &mut Wave, params: &Params, frames: u64) -> SoundChunk {
        let shape = Shape::named(&params.text("waveform"));
        let level = params.float("level");
        let step = wave.frequency / f64::from(self.sample_rate);
        let mut samples = Vec::with_capacity(frames as usize * usize::from(self.channels));
        for _ in 0..frames {
            let sample = (wave.next(shape, step) * level) as f32;
            samples.extend(std::iter::repeat_n(sample, usize::from(self.channels)));
        }
        SoundChunk { sample_rate: self.sample_rate, channels: self.channels, samples }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::sound::level;

    fn whole(messages: &[Message]) -> SoundChunk {
        let mut whole = SoundChunk { sample_rate: 0, channels: 0, samples: Vec::new() };
        for message in messages {
            let Message::Sound(sound) = message else { panic!("{message} is not sound") };
            (whole.sample_rate, whole.channels) = (sound.sample_rate, sound.channels);
            whole.samples.extend_from_slice(&sound.samples);
        }
        whole
    }

    fn made(params: &[(&str, Message)]) -> (Rig, SoundChunk) {
        let mut rig = Rig::new(&TONE_SOURCE, params);
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        let sound = whole(&rig.take("outbox"));
        (rig, sound)
    }

    #[test]
    fn it_has_exactly_the_set_duration_and_frequency() {
        let (_, sound) = made(&[("seconds", 0.33.into()), ("channels", 2_i64.into()), ("frequency", 330_i64.into())]);
        assert_eq!(sound.samples.len(), 15_840 * 2);
        assert!((level::pitch(&sound).unwrap() - 330.0).abs() < 1.0);
    }

    #[test]
    fn it_runs_slightly_ahead_of_the_clock() {
        let (rig, _) = made(&[("seconds", 2_i64.into())]);
        assert_eq!(rig.now(), Duration::from_millis(1_880));
    }

    #[test]
    fn without_pacing_no_time_passes() {
        let (rig, _) = made(&[("seconds", 2_i64.into()), ("paced", false.into())]);
        assert_eq!(rig.now(), Duration::ZERO);
    }

    #[test]
    fn no_wave_is_louder_than_its_level() {
        for shape in ["sine", "square", "saw", "noise"] {
            let (_, sound) = made(&[("seconds", 1_i64.into()), ("waveform", shape.into()), ("level", 0.25.into())]);
            let [peak, rms] = level::peak_and_rms(&sound.samples);
            assert!(peak <= 0.2501 && peak > 0.24 && rms > 0.1, "{shape}: {peak} {rms}");
        }
    }

    #[test]
    fn a_frequency_that_the_rate_cannot_carry_is_refused() {
        let rate = ("sample_rate", Message::from(4_000_i64));
        let refused = |hertz: i64| {
            let given = [rate.clone(), ("frequency", hertz.into())];
            let params = Params::check(TONE_SOURCE.params, given.iter().map(|(name, value)| (*name, value))).unwrap();
            ToneSource::new(&params).err().map(|error| error.to_string())
        };
        assert_eq!(refused(1_999), None);
        let text = "frequency must be below half of the sample_rate of 4000 Hz, not 2000 Hz";
        assert_eq!(refused(2_000).as_deref(), Some(text));
        let second = ("seconds", Message::from(1_i64));
        let mut rig = Rig::new(&TONE_SOURCE, &[rate, second, ("frequency", 440_i64.into())]);
        rig.configure(&[("frequency", 20_000_i64.into())]);
        rig.run();
        assert!((level::pitch(&whole(&rig.take("outbox"))).unwrap() - 440.0).abs() < 1.0);
        let text = "frequency must be below half of the sample_rate of 4000 Hz, not 20000 Hz; the tone stays at 440 Hz";
        assert_eq!(rig.console(), [text]);
    }

    #[test]
    fn it_stops_when_asked_to_finish() {
        let mut rig = Rig::new(&TONE_SOURCE, &[]);
        rig.run_for(Duration::from_secs(1));
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
