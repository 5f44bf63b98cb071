//! RawAudioMixer: mixes sound streams that join and leave at any time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::resample::Converter;
use crate::refuse::wrong_value;

/// Description of RawAudioMixer.
pub static RAW_AUDIO_MIXER: ComponentSpec = ComponentSpec {
    type_name: "RawAudioMixer",
    category: Category::SoundAndPictures,
    summary: "Mixes any number of sound streams that join and leave at any time",
    docs: "Each message is a list of a source (any name or number) and sound in any format; plain sound counts as a \
           separate source. A source joins the mix once `readThreshold` seconds of its sound have arrived. Every \
           `readInterval`, one chunk of mixed sound is sent, as long as at least one source has sound. If a source is \
           more than `bufferingLimit` ahead, its oldest sound is dropped. Sums that exceed full scale are clipped. \
           A sample that is not a number counts as silence, and an infinite one as full scale. \
           When the input ends, the remaining sound is mixed and sent.\n\n\
           Example: several clients of a server, each through an Entuple with its own name, into one \
           RawAudioMixer.\n\n\
           Differs from the original: sums are clipped instead of wrapping around, and the sources may have different \
           formats.",
    inboxes: &[BoxSpec::new("inbox", "Lists of a source and sound, or plain sound").kinds(&[Kind::List, Kind::Sound])],
    outboxes: &[BoxSpec::new("outbox", "The mixed sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::int("sample_rate", 4_000, 192_000, 48_000, "Sample rate of the mix").unit("Hz"),
        ParamSpec::int("channels", 1, 8, 1, "Number of channels of the mix"),
        ParamSpec::float("readThreshold", 0.0, 60.0, 0.1, "Duration of sound needed before a source joins").unit("s"),
        ParamSpec::float("bufferingLimit", 0.05, 60.0, 2.0, "Maximum duration of buffered sound per source").unit("s"),
        ParamSpec::float("readInterval", 0.005, 1.0, 0.02, "Duration of each mixed chunk").unit("s"),
    ],
    build: build::<RawAudioMixer>,
    ..ComponentSpec::EMPTY
};

struct RawAudioMixer {
    rate: u32,
    channels: u16,
    threshold: usize,
    limit: usize,
    chunk: usize,
    interval: Duration,
}

/// The buffered sound of one source, in the format of the mix.
#[derive(Default)]
struct Source {
    converter: Converter,
    samples: VecDeque<f32>,
    joined: bool,
}

impl Component for RawAudioMixer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let (rate, channels) = (params.count("sample_rate"), params.count("channels"));
        let samples = |name: &str| (params.float(name) * rate as f64).round() as usize * channels;
        let chunk = samples("readInterval").max(channels);
        Ok(Self {
            rate: u32::try_from(rate).unwrap_or(48_000),
            channels: u16::try_from(channels).unwrap_or(1),
            threshold: samples("readThreshold"),
            limit: samples("bufferingLimit").max(chunk).max(samples("readThreshold")),
            chunk,
            interval: Duration::from_secs_f64((chunk / channels) as f64 / rate as f64),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        let mut due = io.now() + self.interval;
        loop {
            match io.recv_timeout("inbox", due.saturating_sub(io.now())).await {
                Timed::Message(message) => self.take_in(&mut sources, &message)?,
                Timed::Ended => break,
                Timed::TimedOut => {}
            }
            while io.now() >= due {
                due += self.interval;
                if let Some(mixed) = self.mix(&mut sources) {
                    io.send("outbox", mixed).await;
                }
            }
        }
        for source in sources.values_mut() {
            source.samples.extend(source.converter.finish());
            source.joined = true;
        }
        while let Some(mixed) = self.mix(&mut sources).filter(|_| !io.is_shutting_down()) {
            io.send("outbox", mixed).await;
        }
        Ok(())
    }
}

impl RawAudioMixer {
    fn take_in(&self, sources: &mut BTreeMap<String, Source>, message: &Message) -> Outcome {
        let (name, sound) = match message {
            Message::Sound(sound) => (String::new(), sound),
            Message::List(pair) => match pair.as_slice() {
                [name, Message::Sound(sound)] => (name.to_string(), sound),
                _ => return Err(wrong_value("inbox", "lists of a source and sound", message)),
            },
            _ => return Err(wrong_value("inbox", "lists of a source and sound", message)),
        };
        let source = sources.entry(name).or_default();
        source.samples.extend(source.converter.convert(sound, self.rate, self.channels).samples);
        let surplus = source.samples.len().saturating_sub(self.limit);
        source.samples.drain(..surplus.next_multiple_of(usize::from(self.channels)).min(source.samples.len()));
        source.joined |= source.samples.len() >= self.threshold;
        Ok(())
    }

    /// Mixes one chunk; `None` if no source has sound. Sources that run out of sound must join again.
    fn mix(&self, sources: &mut BTreeMap<String, Source>) -> Option<Message> {
        let mut sum = vec![0.0_f32; self.chunk];
        let mut longest = 0;
        for source in sources.values_mut().filter(|source| source.joined) {
            let count = source.samples.len().min(self.chunk);
            for (sum, sample) in sum.iter_mut().zip(source.samples.drain(..count)) {
                *sum += sample;
            }
            longest = longest.max(count);
            source.joined = !source.samples.is_empty();
        }
        sources.retain(|_, source| !source.samples.is_empty());
        if longest == 0 {
            return None;
        }
        sum.truncate(longest);
        let samples = sum.into_iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
        let mixed = SoundChunk { sample_rate: self.rate, channels: self.channels, samples };
        Some(Message::Sound(Arc::new(mixed)))
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn sound(level: f32, frames: usize) -> Message {
        Message::Sound(Arc::new(SoundChunk { sample_rate: 8000, channels: 1, samples: vec![level; frames] }))
    }

    fn rig() -> Rig {
        Rig::new(&RAW_AUDIO_MIXER, &[("sample_rate", 8000.into())])
    }

    fn samples(rig: &mut Rig) -> Vec<f32> {
        let samples = |message: Message| match message {
            Message::Sound(sound) => sound.samples.clone(),
            _ => Vec::new(),
        };
        rig.take("outbox").into_iter().flat_map(samples).collect()
    }

    #[test]
    fn sources_are_added_and_clipped() {
        let mut rig = rig();
        rig.put("inbox", Message::list(["a".into(), sound(0.25, 8000)]));
        rig.put("inbox", Message::list(["b".into(), sound(0.5, 4000)]));
        rig.put("inbox", Message::list(["c".into(), sound(0.5, 800)]));
        rig.finish();
        rig.run();
        let mixed = samples(&mut rig);
        assert_eq!((mixed.len(), rig.state()), (8000, State::Finished));
        assert_eq!((mixed[0], mixed[1000], mixed[5000]), (1.0, 0.75, 0.25));
    }

    #[test]
    fn one_unusable_sample_does_not_spoil_the_mix() {
        let mut rig = rig();
        for (name, level) in [("a", f32::NAN), ("b", f32::INFINITY), ("c", f32::NEG_INFINITY), ("d", 0.25)] {
            rig.put("inbox", Message::list([name.into(), sound(level, 800)]));
        }
        rig.finish();
        rig.run();
        assert_eq!(samples(&mut rig), [0.25; 800]);
    }

    #[test]
    fn a_source_joins_at_the_threshold_and_its_buffer_is_limited() {
        let mut rig = rig();
        rig.put("inbox", sound(0.5, 400));
        rig.run_for(Duration::from_secs(1));
        assert_eq!(samples(&mut rig).len(), 0);
        rig.put("inbox", sound(0.5, 400));
        rig.run_for(Duration::from_secs(1));
        assert_eq!(samples(&mut rig).len(), 800);
        rig.put("inbox", sound(0.5, 80_000));
        rig.run_for(Duration::from_secs(5));
        assert_eq!(samples(&mut rig).len(), 16_000);
    }
}
