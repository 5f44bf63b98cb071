//! Input: records sound from the microphone.
//!
//! A separate blocking thread opens and reads the microphone, because on some systems the stream may not move between
//! threads. The recorded sound goes through a bounded queue to the component.

use std::sync::Arc;
use std::time::Duration;

use async_channel::Sender;
use compose_runtime::dev::*;
use rodio::Source as _;
use rodio::microphone::MicrophoneBuilder;

use super::device;

/// Number of chunks per second.
const CHUNKS_PER_S: u32 = 50;
/// Capacity, in chunks, of the queue to the component. Sound that is more than half a second late is lost.
const WAITING: usize = 32;

/// The description.
pub static INPUT: ComponentSpec = ComponentSpec {
    type_name: "Input",
    category: Category::SoundAndPictures,
    summary: "Records sound from the microphone",
    docs: "\
Sends the sound from the system's microphone in chunks of 20 ms, at the microphone's own sample rate and channels, for \
`seconds` (0 means no limit). If the receiver is too slow, the newest chunks are dropped, and their number is reported \
at the end.

If there is no microphone, the component crashes with an error. Plug one in, or use a ToneSource or an AudioFileReader \
instead; they send the same kind of sound.

Example: `Input` → `LevelMeter` shows the noise level in a room.

**Differs from the original:** the sound carries its sample rate, channels and format, so there are no settings for \
them.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[ParamSpec::seconds("seconds", 0.0, "Duration; 0 for no limit")],
    build: build::<Input>,
    ..ComponentSpec::EMPTY
};

struct Input {
    length: Option<Duration>,
}

impl Component for Input {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { length: Some(params.seconds("seconds")).filter(|length| !length.is_zero()) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let task = io.outside("microphone", move |port| async move {
            port.stay_open();
            let (chunk_sender, chunk_receiver) = async_channel::bounded(WAITING);
            let (error_sender, error_receiver) = async_channel::bounded(1);
            blocking::unblock(move || {
                if let Err(fault) = record(self.length, &chunk_sender) {
                    let _ = error_sender.send_blocking(fault);
                }
            })
            .detach();
            while let Ok(chunk) = chunk_receiver.recv().await {
                if !port.send(chunk).await {
                    return Ok(());
                }
            }
            match error_receiver.recv().await {
                Ok(fault) => Err(fault),
                Err(_) => Ok(()),
            }
        });
        while let Some(message) = task.recv().await? {
            match message {
                Message::Text(text) => io.note(&text),
                sound => io.send("outbox", sound).await,
            }
        }
        Ok(())
    }
}

/// Blocks: records until `length` has passed or the receiver is closed. The error gives the reason if there is no
/// microphone.
fn record(length: Option<Duration>, chunk_sender: &Sender<Message>) -> Outcome {
    device::keep_quiet();
    let missing = |error: &dyn std::error::Error| {
        let why = device::why(error);
        Fault::new(format!("there is no microphone: {why}; plug one in, or use a ToneSource instead"))
    };
    let builder = MicrophoneBuilder::new();
    let builder = builder.default_device().map_err(|error| missing(&error))?;
    let builder = builder.default_config().map_err(|error| missing(&error))?;
    let microphone = builder.open_stream().map_err(|error| missing(&error))?;
    let (sample_rate, channels) = (microphone.sample_rate().get(), microphone.channels().get());
    split(microphone, (sample_rate, channels), length, chunk_sender);
    Ok(())
}

/// Splits samples into chunks and sends them without waiting, until `length` has passed, the samples end or the receiver
/// is closed. At the end, reports how many chunks were dropped because the queue was full.
fn split(
    mut samples: impl Iterator<Item = f32>,
    (sample_rate, channels): (u32, u16),
    length: Option<Duration>,
    chunk_sender: &Sender<Message>,
) {
    let frames = length.map(|length| (length.as_secs_f64() * f64::from(sample_rate)).round() as u64);
    let (mut left, mut lost) = (frames.unwrap_or(u64::MAX), 0_u64);
    while left > 0 {
        let wanted = u64::from(sample_rate / CHUNKS_PER_S).clamp(1, left);
        let chunk: Vec<f32> = samples.by_ref().take(wanted as usize * usize::from(channels.max(1))).collect();
        if chunk.is_empty() {
            break;
        }
        left -= wanted;
        let sound = SoundChunk { sample_rate, channels, samples: chunk };
        match chunk_sender.try_send(Message::Sound(Arc::new(sound))) {
            Ok(()) => {}
            Err(error) if error.is_full() => lost += 1,
            Err(_) => return,
        }
    }
    if lost > 0 {
        let text = format!("{lost} chunks of 20 ms were dropped, because the receiver was too slow");
        let _ = chunk_sender.send_blocking(Message::from(text));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// The messages from a microphone with this format that records the samples 0, 1, 2 and so on.
    fn split_all(format: (u32, u16), heard: usize, length: Option<Duration>, capacity: usize) -> Vec<Message> {
        let (chunk_sender, chunk_receiver) = async_channel::bounded(capacity);
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, mut sample) = (Arc::clone(&is_over), 0);
        let samples = std::iter::from_fn(move || {
            sample += 1;
            over.store(sample > heard, Ordering::Release);
            (sample <= heard).then_some((sample - 1) as f32)
        });
        let splitting = std::thread::spawn(move || split(samples, format, length, &chunk_sender));
        // Receive only after all samples are split: the queue may then be too full for the final report.
        while !splitting.is_finished() && !is_over.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        std::iter::from_fn(|| chunk_receiver.recv_blocking().ok()).collect()
    }

    #[test]
    fn recorded_sound_is_split_into_chunks_and_nothing_is_missing() {
        let chunks = split_all((1_000, 2), 110, None, 100);
        let mut samples = Vec::new();
        for chunk in &chunks {
            let Message::Sound(sound) = chunk else { panic!("{chunk}") };
            assert_eq!((sound.sample_rate, sound.channels), (1_000, 2));
            samples.extend(sound.samples.clone());
        }
        assert_eq!((chunks.len(), samples), (3, (0..110).map(|sample| sample as f32).collect::<Vec<_>>()));
    }

    #[test]
    fn it_finishes_after_its_duration_and_reports_dropped_chunks() {
        let chunks = split_all((1_000, 1), 10_000, Some(Duration::from_millis(110)), 100);
        assert_eq!(chunks.len(), 6);
        let last = split_all((1_000, 1), 1_000, None, 10).pop();
        let text = last.map(|message| message.to_string());
        assert!(text.as_ref().is_some_and(|text| text.starts_with("40 chunks of 20 ms were dropped")), "{text:?}");
    }

    #[test]
    fn it_finishes_or_reports_a_missing_microphone() {
        let mut rig = Rig::new(&INPUT, &[("seconds", 0.1.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        match rig.state() {
            State::Crashed(error) => assert!(error.contains("use a ToneSource instead"), "{error}"),
            state => assert_eq!(state, State::Finished),
        }
    }
}
