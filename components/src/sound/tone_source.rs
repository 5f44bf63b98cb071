//! ToneSource: a steady tone or noise, as fast as it sounds.

use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

/// The description.
pub static TONE_SOURCE: ComponentSpec = ComponentSpec {
    type_name: "ToneSource",
    category: Category::SoundAndPictures,
    summary: "Makes a tone or noise",
    docs: "\
Gives sound in pieces of 20 ms, as fast as it sounds and a tenth of a second ahead, so that a loudspeaker never waits. \
`frequency`, `waveform` and `level` may be turned while it runs, without a click. With `paced` off it is as fast as its \
links take it. `seconds` 0 means for ever. Noise is the same in every run.

Example: `ToneSource` → `Output` is a tuning fork.

**New:** the original has no such component; here it also stands in for a microphone.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::float("frequency", 1.0, 20_000.0, 440.0, "Pitch").unit("Hz").live(),
        ParamSpec::choice("waveform", &["sine", "square", "saw", "noise"], "Shape of the wave").live(),
        ParamSpec::float("level", 0.0, 1.0, 0.5, "Largest sample; 1 is full scale").live(),
        ParamSpec::int("sample_rate", 4_000, 192_000, 48_000, "Frames a second").unit("Hz"),
        ParamSpec::int("channels", 1, 8, 1, "Channels, all the same"),
        ParamSpec::seconds("seconds", 0.0, "How long; 0 is for ever"),
        ParamSpec::switch("paced", true, "As fast as it sounds; off is as fast as the links take it"),
    ],
    build: build::<ToneSource>,
    ..ComponentSpec::EMPTY
};

/// How many pieces a second.
const PIECES_PER_S: u32 = 50;
/// How far ahead of the clock sound is given.
const LEAD: Duration = Duration::from_millis(100);

/// The component.
pub struct ToneSource {
    sample_rate: u32,
    channels: u16,
    seconds: f64,
    paced: bool,
    wave: Wave,
}

/// Where in the wave we are.
struct Wave {
    /// From 0 to 1 through one period.
    turn: f64,
    /// State of the noise.
    noise: u64,
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
        let turn = self.turn;
        self.turn = (turn + step).fract();
        match shape {
            Shape::Sine => (turn * std::f64::consts::TAU).sin(),
            Shape::Square if turn < 0.5 => 1.0,
            Shape::Square => -1.0,
            Shape::Saw => 2.0 * turn - 1.0,
            Shape::Noise => {
                // Marsaglia's xorshift; good enough for the ear.
                self.noise ^= self.noise << 13;
                self.noise ^= self.noise >> 7;
                self.noise ^= self.noise << 17;
                (self.noise >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
            }
        }
    }
}

impl Component for ToneSource {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            sample_rate: u32::try_from(params.int("sample_rate")).unwrap_or(48_000),
            channels: u16::try_from(params.int("channels")).unwrap_or(1),
            seconds: params.float("seconds"),
            paced: params.switch("paced"),
            wave: Wave { turn: 0.0, noise: 0x2545_F491_4F6C_DD1D },
        })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let rate = f64::from(self.sample_rate);
        let mut left = if self.seconds > 0.0 { (self.seconds * rate).round() as u64 } else { u64::MAX };
        let (started, mut given) = (io.now(), 0_u64);
        while left > 0 && !io.is_shutting_down() {
            if self.paced {
                let sounding = Duration::from_secs_f64(given as f64 / rate);
                io.sleep_until((started + sounding).saturating_sub(LEAD)).await;
            }
            let frames = u64::from(self.sample_rate / PIECES_PER_S).clamp(1, left);
            let params = io.params();
            let piece = self.piece(&params, frames);
            io.send("outbox", Message::Sound(Arc::new(piece))).await;
            given += frames;
            left -= frames;
        }
        Ok(())
    }
}

impl ToneSource {
    fn piece(&mut self, params: &Params, frames: u64) -> SoundChunk {
        let shape = Shape::named(&params.text("waveform"));
        let level = params.float("level");
        let step = params.float("frequency") / f64::from(self.sample_rate);
        let mut samples = Vec::with_capacity(frames as usize * usize::from(self.channels));
        for _ in 0..frames {
            let sample = (self.wave.next(shape, step) * level) as f32;
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
            let Message::Sound(sound) = message else { panic!("{message} is no sound") };
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
    fn it_is_exactly_as_long_and_as_high_as_asked() {
        let (_, sound) = made(&[("seconds", 0.33.into()), ("channels", 2_i64.into()), ("frequency", 330_i64.into())]);
        assert_eq!(sound.samples.len(), 15_840 * 2);
        assert!((level::pitch(&sound).unwrap() - 330.0).abs() < 1.0);
    }

    #[test]
    fn it_is_paced_by_the_clock_a_little_ahead() {
        let (rig, _) = made(&[("seconds", 2_i64.into())]);
        assert_eq!(rig.now(), Duration::from_millis(1_880));
    }

    #[test]
    fn without_pace_no_time_passes() {
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
    fn a_finish_ends_it() {
        let mut rig = Rig::new(&TONE_SOURCE, &[]);
        rig.run_for(Duration::from_secs(1));
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
