//! Output: plays sound on the loudspeaker.
//!
//! The component runs on the scheduler thread and passes one chunk at a time to a task on the reactor thread. The task
//! feeds the sound card's queue and confirms each chunk when it is in the queue. Without a sound card, the runtime's
//! clock sets the pace.

use std::sync::Arc;
use std::time::Duration;

use async_io::Timer;
use compose_runtime::dev::*;

use super::device::{CARD_LATENCY, Device};
use super::level;
use super::one_format::Format;
use super::queue::{self, Feeder, LEAD};
use super::sample::usable;

/// The description.
pub static OUTPUT: ComponentSpec = ComponentSpec {
    type_name: "Output",
    category: Category::SoundAndPictures,
    summary: "Plays sound on the loudspeaker",
    docs: "\
Plays sound with any sample rate and number of channels, and shows its level. It takes sound at playback speed and \
buffers at most 0.3 s, so faster senders wait. When the input ends, the component plays the buffered sound, then \
finishes. A sample that is not a number is played as silence, and an infinite one as full scale.

Without a sound card, or with `device` set to *null*, it plays silently: it takes sound at the same speed, timed by \
the runtime's clock. A missing sound card is reported on the console (without a window, on standard error).

Example: `AudioFileReader` → `Output`.

**Differs from the original:** the sound carries its sample rate, channels and format, so there are no settings for \
them. There is no `maximumLag`.",
    inboxes: &[BoxSpec::new("inbox", "The sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::float("volume", 0.0, 2.0, 1.0, "Volume; 1 leaves the sound unchanged").live(),
        ParamSpec::choice("device", &["default", "null"], "The system's loudspeaker, or null for none"),
    ],
    has_surface: true,
    build: build::<Output>,
    ..ComponentSpec::EMPTY
};

/// Output under the name that the original's streaming examples use.
pub static AO_AUDIO_PLAYBACK_ADAPTOR: ComponentSpec = ComponentSpec {
    type_name: "AOAudioPlaybackAdaptor",
    summary: "Plays sound on the loudspeaker; another name for Output",
    ..OUTPUT
};

/// First answer of the task if it has a sound card; any other answer is the reason why it has none.
const IS_OPEN: &str = "open";

/// The component.
pub struct Output {
    is_null: bool,
}

impl Component for Output {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { is_null: params.text("device") == "null" })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(level::silent_meter());
        if self.is_null {
            return play_silently(&io).await;
        }
        let task = io.outside("sound output", play);
        let Some(answer) = task.recv().await? else { return Ok(()) };
        if answer.as_text() == Some(IS_OPEN) {
            play_aloud(&io, &task).await?;
            io.show(level::silent_meter());
            task.finish_sending();
            // The task ends when all sound has been heard.
            while task.recv().await?.is_some() {}
            return Ok(());
        }
        io.note(&format!("no sound card, playing silently: {answer}"));
        play_silently(&io).await
    }
}

/// Passes each chunk to the sound card and waits until it is in the queue.
async fn play_aloud(io: &BoxIo, task: &Outside) -> Outcome {
    while let Some(sound) = next(io).await? {
        let is_queued = task.send(Message::Sound(sound)).await && task.recv().await?.is_some();
        if !is_queued && !io.is_shutting_down() {
            return Err(Fault::new("the sound card was disconnected; plug it in and restart this component"));
        }
    }
    Ok(())
}

/// Takes sound as fast as a sound card would.
async fn play_silently(io: &BoxIo) -> Outcome {
    let mut heard_until = Duration::ZERO;
    while let Some(sound) = next(io).await? {
        heard_until = heard_until.max(io.now()) + sound.duration();
        io.sleep_until(heard_until.saturating_sub(LEAD)).await;
    }
    io.sleep_until(heard_until).await;
    io.show(level::silent_meter());
    Ok(())
}

/// Receives the next chunk, applies the volume and shows the level; `None` at the end. Skips sound without a format.
async fn next(io: &BoxIo) -> Result<Option<Arc<SoundChunk>>, Fault> {
    while let Some(message) = io.recv("inbox").await {
        let Message::Sound(sound) = message else {
            return Err(Fault::new(format!("inbox: Output plays sound, not {}", message.kind().name())));
        };
        if queue::format_of(&sound).is_none() || sound.samples.is_empty() {
            continue;
        }
        let volume = io.params().float("volume") as f32;
        let is_unchanged = volume == 1.0 && sound.samples.iter().all(|sample| usable(*sample) == *sample);
        let sound = if is_unchanged { sound } else { amplified(&sound, volume) };
        io.show(level::meter(&sound));
        return Ok(Some(sound));
    }
    Ok(None)
}

fn amplified(sound: &SoundChunk, volume: f32) -> Arc<SoundChunk> {
    let samples = sound.samples.iter().map(|sample| usable(*sample) * volume).collect();
    Arc::new(SoundChunk { samples, ..*sound })
}

/// The task on the reactor thread.
async fn play(port: OutsidePort) -> Outcome {
    let device = match Device::open().await {
        Ok(device) => device,
        Err(fault) => {
            port.send(fault.text()).await;
            return Ok(());
        }
    };
    port.send(IS_OPEN).await;
    let mut playing: Option<(Format, Feeder)> = None;
    while let Some(message) = port.recv().await {
        let Message::Sound(sound) = message else { continue };
        let Some(format) = queue::format_of(&sound) else { continue };
        let feeder = match playing.take() {
            Some((known, feeder)) if known == format => feeder,
            // A different format: the old queue plays to its end first.
            other => {
                if let Some((_, feeder)) = other {
                    feeder.finish().await;
                }
                let (feeder, drain) = queue::sound_queue(format);
                if !device.play(drain).await {
                    return Ok(());
                }
                feeder
            }
        };
        if !feeder.feed(whole_frames(&sound)).await {
            return Ok(());
        }
        playing = Some((format, feeder));
        if !port.send(Message::Nothing).await {
            return Ok(());
        }
    }
    if let Some((_, feeder)) = playing {
        feeder.finish().await;
        Timer::after(CARD_LATENCY).await;
    }
    device.close().await;
    Ok(())
}

/// The samples without an incomplete last frame, which would swap the channels of all later sound.
fn whole_frames(sound: &SoundChunk) -> &[f32] {
    let channels = usize::from(sound.channels.max(1));
    let count = sound.samples.len() / channels * channels;
    sound.samples.get(..count).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn second(level: f32) -> Message {
        Message::Sound(Arc::new(SoundChunk { sample_rate: 8_000, channels: 1, samples: vec![level; 8_000] }))
    }

    fn silent(params: &[(&str, Message)]) -> Rig {
        let mut all = vec![("device", Message::text("null"))];
        all.extend_from_slice(params);
        Rig::new(&OUTPUT, &all)
    }

    #[test]
    fn without_a_card_sound_plays_in_real_time() {
        let mut rig = silent(&[]);
        for _ in 0..3 {
            rig.put("inbox", second(0.5));
        }
        rig.finish();
        rig.run();
        assert_eq!((rig.state(), rig.now()), (State::Finished, Duration::from_secs(3)));
    }

    #[test]
    fn it_buffers_only_a_little_sound() {
        let mut rig = silent(&[]);
        for _ in 0..40 {
            rig.put("inbox", second(0.5));
        }
        rig.run_for(Duration::from_secs(5));
        rig.shutdown();
        rig.run_for(Duration::from_secs(1));
        assert_eq!(rig.state(), State::Finished);
        assert!(rig.now() < Duration::from_secs(7));
    }

    #[test]
    fn it_shows_the_level_at_the_set_volume() {
        let mut rig = silent(&[("volume", 0.5.into())]);
        rig.put("inbox", second(0.5));
        rig.run();
        assert!(matches!(rig.surface(), Some(Surface::Meter { peak, .. }) if peak == 0.25));
    }

    #[test]
    fn with_or_without_a_card_it_plays_to_the_end_and_finishes() {
        let mut rig = Rig::new(&OUTPUT, &[]);
        rig.put(
            "inbox",
            Message::Sound(Arc::new(SoundChunk { sample_rate: 8_000, channels: 1, samples: vec![0.0; 800] })),
        );
        rig.put("inbox", Message::Sound(Arc::new(SoundChunk { sample_rate: 0, channels: 0, samples: vec![0.0; 800] })));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn a_message_other_than_sound_crashes_it() {
        let mut rig = silent(&[]);
        rig.put("inbox", "la");
        rig.run();
        assert!(format!("{:?}", rig.state()).contains("plays sound, not text"));
    }

    #[test]
    fn an_incomplete_frame_is_dropped() {
        let sound = SoundChunk { sample_rate: 8_000, channels: 2, samples: vec![0.0; 5] };
        assert_eq!(whole_frames(&sound).len(), 4);
    }
}
