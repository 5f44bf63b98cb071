//! RawAudioMixer: adds streams of sound that come and go.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::resample::Converter;
use crate::refuse::wrong_kind;

/// Description of RawAudioMixer.
pub static RAW_AUDIO_MIXER: ComponentSpec = ComponentSpec {
    type_name: "RawAudioMixer",
    category: Category::SoundAndPictures,
    summary: "Adds together any number of streams of sound that come and go",
    docs: "Each message is a list of a source (any name or number) and sound of any format; plain sound is a source of its \
           own. A source joins when `readThreshold` seconds of it have come; every `readInterval` one piece of mixed \
           sound leaves, as long as anybody has sound. Of a source that is more than `bufferingLimit` ahead the oldest \
           sound is dropped. Where the sum is too loud it is limited. When the input has ended the rest is mixed and \
           leaves.\n\n\
           Example: several clients of a server, each through an Entuple with its own name, into one RawAudioMixer.\n\n\
           Differs from the original: sums are limited instead of wrapping around, and formats need not agree.",
    inboxes: &[BoxSpec::new("inbox", "Lists of source and sound, or sound").kinds(&[Kind::List, Kind::Sound])],
    outboxes: &[BoxSpec::new("outbox", "The mixed sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::int("sample_rate", 4_000, 192_000, 48_000, "Frames a second of the mix").unit("Hz"),
        ParamSpec::int("channels", 1, 8, 1, "Channels of the mix"),
        ParamSpec::float("readThreshold", 0.0, 60.0, 0.1, "How much of a source must come before it joins").unit("s"),
        ParamSpec::float("bufferingLimit", 0.05, 60.0, 2.0, "How far a source may be ahead").unit("s"),
        ParamSpec::float("readInterval", 0.005, 1.0, 0.02, "Length of the pieces that leave").unit("s"),
    ],
    build: build::<RawAudioMixer>,
    ..ComponentSpec::EMPTY
};

struct RawAudioMixer {
    rate: u32,
    channels: u16,
    threshold: usize,
    limit: usize,
    piece: usize,
    interval: Duration,
}

/// What has come of one source, in the format of the mix.
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
        let piece = samples("readInterval").max(channels);
        Ok(Self {
            rate: u32::try_from(rate).unwrap_or(48_000),
            channels: u16::try_from(channels).unwrap_or(1),
            threshold: samples("readThreshold"),
            limit: samples("bufferingLimit").max(piece).max(samples("readThreshold")),
            piece,
            interval: Duration::from_secs_f64((piece / channels) as f64 / rate as f64),
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
                _ => return Err(wrong_kind("inbox", "lists of source and sound", message)),
            },
            _ => return Err(wrong_kind("inbox", "lists of source and sound", message)),
        };
        let source = sources.entry(name).or_default();
        source.samples.extend(source.converter.convert(sound, self.rate, self.channels).samples);
        let surplus = source.samples.len().saturating_sub(self.limit);
        source.samples.drain(..surplus.next_multiple_of(usize::from(self.channels)).min(source.samples.len()));
        source.joined |= source.samples.len() >= self.threshold;
        Ok(())
    }

    /// One piece of the sum; `None` while nobody has sound. Sources that have run dry must join anew.
    fn mix(&self, sources: &mut BTreeMap<String, Source>) -> Option<Message> {
        let mut sum = vec![0.0_f32; self.piece];
        let mut longest = 0;
        for source in sources.values_mut().filter(|source| source.joined) {
            let count = source.samples.len().min(self.piece);
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
    fn sources_are_added_and_limited() {
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
    fn a_source_joins_when_enough_has_come_and_may_not_run_ahead() {
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
