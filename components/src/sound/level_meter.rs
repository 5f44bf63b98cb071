//! LevelMeter: measures the loudness and pitch of sound.

use std::time::Duration;

use compose_runtime::dev::*;

use super::level;
use super::sample::usable;

/// The description.
pub static LEVEL_METER: ComponentSpec = ComponentSpec {
    type_name: "LevelMeter",
    category: Category::SoundAndPictures,
    summary: "Shows the loudness and pitch of sound",
    docs: "\
Passes sound on unchanged and shows its level. For each `period` of sound, it sends a map with `peak` and `rms` (0 to \
1) and `pitch` (in Hz; 0 if there is no clear tone between 50 and 2 000 Hz) to `level`. A sample beyond full scale counts \
as full scale, and one that is not a number as silence.

Example: `ToneSource` → `LevelMeter`, and `LevelMeter.level` → `Plot.inbox`.

**New:** the original has no such component.",
    inboxes: &[BoxSpec::new("inbox", "The sound").kinds(&[Kind::Sound])],
    outboxes: &[
        BoxSpec::new("outbox", "The same sound").kinds(&[Kind::Sound]),
        BoxSpec::new("level", "`peak`, `rms` and `pitch` of each period").kinds(&[Kind::Map]),
    ],
    params: &[ParamSpec::float("period", 0.02, 10.0, 0.1, "Duration of sound per measurement").unit("s")],
    has_surface: true,
    build: build::<LevelMeter>,
    ..ComponentSpec::EMPTY
};

/// Limit on the samples per measurement, whatever format the sound declares.
const LARGEST: usize = 1 << 21;

/// The component.
pub struct LevelMeter {
    period: Duration,
}

impl Component for LevelMeter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { period: params.seconds("period") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(level::silent_meter());
        let mut heard = SoundChunk { sample_rate: 1, channels: 1, samples: Vec::new() };
        while let Some(message) = io.recv("inbox").await {
            let Message::Sound(sound) = &message else {
                return Err(Fault::new(format!("inbox: LevelMeter measures sound, not {}", message.kind().name())));
            };
            if (sound.sample_rate, sound.channels) != (heard.sample_rate, heard.channels) {
                measure(&io, &heard).await;
                heard = SoundChunk { samples: Vec::new(), ..**sound };
            }
            heard.samples.extend(sound.samples.iter().map(|sample| usable(*sample).clamp(-1.0, 1.0)));
            io.send("outbox", message).await;
            let (count, mut measured) = (self.samples_per_period(&heard), 0);
            while let Some(period) = heard.samples.get(measured..measured + count) {
                measure(&io, &SoundChunk { samples: period.to_vec(), ..heard }).await;
                measured += count;
            }
            // Only once per message, because this moves all remaining samples.
            heard.samples.drain(..measured);
        }
        measure(&io, &heard).await;
        Ok(())
    }
}

impl LevelMeter {
    /// Number of samples in one period of sound in this format.
    fn samples_per_period(&self, heard: &SoundChunk) -> usize {
        let channels = usize::from(heard.channels.max(1));
        let frames = (self.period.as_secs_f64() * f64::from(heard.sample_rate)).round().max(1.0) as usize;
        frames.saturating_mul(channels).min(LARGEST)
    }
}

async fn measure(io: &BoxIo, sound: &SoundChunk) {
    if sound.samples.is_empty() {
        return;
    }
    let [peak, rms] = level::peak_and_rms(&sound.samples);
    let pitch = level::pitch(sound).unwrap_or(0.0);
    io.show(level::meter(sound));
    let record = [("peak", f64::from(peak)), ("rms", f64::from(rms)), ("pitch", pitch)];
    io.send("level", Message::map(record.map(|(name, value)| (name, Message::Float(value))))).await;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn number(record: &Message, name: &str) -> f64 {
        let Message::Map(map) = record else { panic!("{record} is not a map") };
        map.get(name).and_then(Message::as_number).unwrap()
    }

    fn square(frames: usize) -> Message {
        let samples = (0..frames).map(|frame| if frame / 40 % 2 == 0 { 0.5 } else { -0.5 }).collect();
        Message::Sound(Arc::new(SoundChunk { sample_rate: 8_000, channels: 1, samples }))
    }

    #[test]
    fn each_period_is_measured_and_the_sound_is_passed_on() {
        let mut rig = Rig::new(&LEVEL_METER, &[]);
        rig.put("inbox", square(2_000));
        rig.put("inbox", square(400));
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.take("outbox"), [square(2_000), square(400)]);
        let records = rig.take("level");
        assert_eq!(records.len(), 3);
        for record in &records {
            assert!((number(record, "peak") - 0.5).abs() < 1e-6 && (number(record, "rms") - 0.5).abs() < 1e-6);
            assert!((number(record, "pitch") - 100.0).abs() < 1.0, "{record}");
        }
        assert!(matches!(rig.surface(), Some(Surface::Meter { peak, .. }) if peak == 0.5));
    }

    #[test]
    fn samples_that_are_not_usable_do_not_leave_the_promised_range() {
        let samples = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3.0, -1.5].repeat(200);
        let sound = Message::Sound(Arc::new(SoundChunk { sample_rate: 8_000, channels: 1, samples }));
        let mut rig = Rig::new(&LEVEL_METER, &[]);
        rig.put("inbox", sound);
        rig.finish();
        rig.run();
        for record in rig.take("level") {
            // Four out of five samples are at full scale, and one is silent.
            assert_eq!(number(&record, "peak"), 1.0);
            assert!((number(&record, "rms") - 0.8_f64.sqrt()).abs() < 1e-3, "{record}");
            assert!(number(&record, "pitch").is_finite());
        }
        let Some(Surface::Meter { peak, rms, wave: Some(wave) }) = rig.surface() else { panic!("no meter") };
        assert!(peak == 1.0 && rms <= 1.0 && wave.samples.iter().all(|sample| sample.abs() <= 1.0));
    }

    #[test]
    fn sound_with_an_invalid_format_is_harmless() {
        let mut rig = Rig::new(&LEVEL_METER, &[]);
        for sample_rate in [0, u32::MAX] {
            let sound = SoundChunk { sample_rate, channels: 0, samples: vec![0.1; 10] };
            rig.put("inbox", Message::Sound(Arc::new(sound)));
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn text_crashes_it() {
        let mut rig = Rig::new(&LEVEL_METER, &[]);
        rig.put("inbox", "la");
        rig.run();
        assert!(format!("{:?}", rig.state()).contains("measures sound, not text"));
    }
}
