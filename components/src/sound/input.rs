//! Input: sound from the microphone.
//!
//! The microphone is opened and read on a blocking thread of its own, since the stream of some systems may not change
//! threads; what it hears goes through a bounded queue to the component.

use std::sync::Arc;
use std::time::Duration;

use async_channel::Sender;
use compose_runtime::dev::*;
use rodio::Source as _;
use rodio::microphone::MicrophoneBuilder;

use super::device;

/// How many pieces a second.
const PIECES_PER_S: u32 = 50;
/// How many pieces wait for the component: more than half a second late is lost, as it is with every microphone.
const WAITING: usize = 32;

/// The description.
pub static INPUT: ComponentSpec = ComponentSpec {
    type_name: "Input",
    category: Category::SoundAndPictures,
    summary: "Gives the sound of the microphone",
    docs: "\
Gives what the system's microphone hears, in pieces of 20 ms, in the microphone's own rate and channels, for `seconds` (0 is \
for ever). If it is taken too slowly the newest pieces are left out, and at the end it says how many.

A machine without a microphone is a crash in words: plug one in, or put a ToneSource or an AudioFileReader in its place, \
which give sound of the same kind.

Example: `Input` → `LevelMeter` shows how loud it is in the room.

**Differs from the original:** rate, channels and format come with the sound instead of being settings.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[ParamSpec::seconds("seconds", 0.0, "How long; 0 is for ever")],
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
        let far = io.outside("microphone", move |port| async move {
            port.stay_open();
            let (giving, given) = async_channel::bounded(WAITING);
            let (failing, failed) = async_channel::bounded(1);
            blocking::unblock(move || {
                if let Err(words) = record(self.length, &giving) {
                    let _ = failing.send_blocking(words);
                }
            })
            .detach();
            while let Ok(piece) = given.recv().await {
                if !port.send(piece).await {
                    return Ok(());
                }
            }
            match failed.recv().await {
                Ok(words) => Err(Fault::new(words)),
                Err(_) => Ok(()),
            }
        });
        while let Some(message) = far.recv().await? {
            match message {
                Message::Text(words) => io.note(&words),
                sound => io.send("outbox", sound).await,
            }
        }
        Ok(())
    }
}

/// Blocking: the system's microphone until `length` is over or nobody listens; an error says why there is none.
fn record(length: Option<Duration>, giving: &Sender<Message>) -> Result<(), String> {
    device::keep_quiet();
    let missing = |error: &dyn std::error::Error| {
        format!("there is no microphone: {}; plug one in, or put a ToneSource in its place", device::why(error))
    };
    let builder = MicrophoneBuilder::new();
    let builder = builder.default_device().map_err(|error| missing(&error))?;
    let builder = builder.default_config().map_err(|error| missing(&error))?;
    let microphone = builder.open_stream().map_err(|error| missing(&error))?;
    let (sample_rate, channels) = (microphone.sample_rate().get(), microphone.channels().get());
    cut(microphone, (sample_rate, channels), length, giving);
    Ok(())
}

/// Cuts samples into pieces and gives them away without ever waiting, until `length` is over, the samples end or nobody
/// listens. Says at the end how many pieces found no room.
fn cut(
    mut samples: impl Iterator<Item = f32>,
    (sample_rate, channels): (u32, u16),
    length: Option<Duration>,
    giving: &Sender<Message>,
) {
    let frames = length.map(|length| (length.as_secs_f64() * f64::from(sample_rate)).round() as u64);
    let (mut left, mut lost) = (frames.unwrap_or(u64::MAX), 0_u64);
    while left > 0 {
        let wanted = u64::from(sample_rate / PIECES_PER_S).clamp(1, left);
        let piece: Vec<f32> = samples.by_ref().take(wanted as usize * usize::from(channels.max(1))).collect();
        if piece.is_empty() {
            break;
        }
        left -= wanted;
        let sound = SoundChunk { sample_rate, channels, samples: piece };
        match giving.try_send(Message::Sound(Arc::new(sound))) {
            Ok(()) => {}
            Err(error) if error.is_full() => lost += 1,
            Err(_) => return,
        }
    }
    if lost > 0 {
        let words = format!("{lost} pieces of 20 ms were left out, because they were taken too slowly");
        let _ = giving.send_blocking(Message::from(words));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// What a microphone of this format would give if it heard 0, 1, 2 and so on.
    fn cut_all(format: (u32, u16), heard: usize, length: Option<Duration>, room: usize) -> Vec<Message> {
        let (giving, given) = async_channel::bounded(room);
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, mut sample) = (Arc::clone(&is_over), 0);
        let samples = std::iter::from_fn(move || {
            sample += 1;
            over.store(sample > heard, Ordering::Release);
            (sample <= heard).then_some((sample - 1) as f32)
        });
        let cutting = std::thread::spawn(move || cut(samples, format, length, &giving));
        // Taken only when all has been cut: then there may be no room for the last word.
        while !cutting.is_finished() && !is_over.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        std::iter::from_fn(|| given.recv_blocking().ok()).collect()
    }

    #[test]
    fn what_is_heard_comes_in_pieces_of_its_format_and_nothing_is_missing() {
        let pieces = cut_all((1_000, 2), 110, None, 100);
        let mut samples = Vec::new();
        for piece in &pieces {
            let Message::Sound(sound) = piece else { panic!("{piece}") };
            assert_eq!((sound.sample_rate, sound.channels), (1_000, 2));
            samples.extend(sound.samples.clone());
        }
        assert_eq!((pieces.len(), samples), (3, (0..110).map(|sample| sample as f32).collect::<Vec<_>>()));
    }

    #[test]
    fn it_ends_after_its_time_and_says_what_was_lost() {
        let pieces = cut_all((1_000, 1), 10_000, Some(Duration::from_millis(110)), 100);
        assert_eq!(pieces.len(), 6);
        let last = cut_all((1_000, 1), 1_000, None, 10).pop();
        let words = last.map(|words| words.to_string());
        assert!(words.as_ref().is_some_and(|words| words.starts_with("40 pieces of 20 ms were left out")), "{words:?}");
    }

    #[test]
    fn with_or_without_a_microphone_it_ends_or_says_what_is_missing() {
        let mut rig = Rig::new(&INPUT, &[("seconds", 0.1.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        match rig.state() {
            State::Crashed(words) => assert!(words.contains("put a ToneSource in its place"), "{words}"),
            state => assert_eq!(state, State::Finished),
        }
    }
}
