//! Decoder, VorbisDecode and WAVParser: a stream of bytes to sound.
//!
//! On a thread of its own. A stream may be damaged or hostile: every way the decoder can fail, panics included, becomes
//! words.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use compose_runtime::dev::*;
use rodio::Source as _;

use super::feed::Feed;
use crate::refuse::wrong_kind;

/// How many pieces a second of sound is cut into.
const PIECES_PER_S: u32 = 50;
/// The most samples in one piece, whatever the stream claims to be.
const LARGEST_PIECE: usize = 1 << 16;
/// How many messages wait between the component and the decoder.
const WAITING: usize = 8;

/// Description of Decoder.
pub static DECODER: ComponentSpec = ComponentSpec {
    type_name: "Decoder",
    category: Category::SoundAndPictures,
    summary: "Decodes a stream of sound: Ogg Vorbis, MP3, FLAC or WAV",
    docs: "Which one it is shows in the first bytes. Chunks may end anywhere, and sound comes while the stream does, in \
           pieces of about 20 ms with the stream's own rate and channels. A stream that is none of them ends it with \
           words; one that breaks off is played as far as it goes.\n\n\
           Example: TCPClient, Decoder, Output is a radio.\n\n\
           Differs from the original: the codec need not be named, and what is left is decoded at the end.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of the stream").kinds(&[Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    build: build::<Decoder>,
    ..ComponentSpec::EMPTY
};

/// Description of VorbisDecode.
pub static VORBIS_DECODE: ComponentSpec = ComponentSpec {
    type_name: "VorbisDecode",
    summary: "Decodes a stream of Ogg Vorbis to sound",
    docs: "The Decoder under the name the original has for Vorbis; it reads the other formats, too.\n\n\
           Example: ReadFileAdaptor with a bit rate, VorbisDecode, AOAudioPlaybackAdaptor.\n\n\
           Differs from the original: what is left is decoded at the end instead of lost.",
    ..DECODER
};

/// Description of WAVParser.
pub static WAV_PARSER: ComponentSpec = ComponentSpec {
    type_name: "WAVParser",
    summary: "Takes the sound out of a stream of WAV",
    docs: "The Decoder under the name the original has for WAV; it reads the other formats, too.\n\n\
           Example: MaxSpeedFileReader, WAVParser, LevelMeter.\n\n\
           Differs from the original: the format travels with the sound instead of on boxes of its own.",
    ..DECODER
};

struct Decoder;

impl Component for Decoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside("sound decoder", decode);
        let feed = async {
            while let Some(message) = io.recv("inbox").await {
                if message.as_bytes().is_none() {
                    return Err(wrong_kind("inbox", "bytes", &message));
                }
                if !far.send(message).await {
                    break;
                }
            }
            far.finish_sending();
            futures_lite::future::pending().await
        };
        let read = async {
            while let Some(sound) = far.recv().await? {
                io.send("outbox", sound).await;
            }
            Ok(())
        };
        futures_lite::future::or(read, feed).await
    }
}

/// The task: the decoder reads on a blocking thread, fed through a bounded queue.
async fn decode(port: OutsidePort) -> Outcome {
    let (feeding, fed) = async_channel::bounded::<Vec<u8>>(WAITING);
    let (giving, given) = async_channel::bounded::<Result<SoundChunk, Fault>>(WAITING);
    let work = blocking::unblock(move || unpack(fed, &giving));
    let feed = {
        let port = port.clone();
        async move {
            while let Some(message) = port.recv().await {
                if feeding.send(message.as_bytes().unwrap_or_default().to_vec()).await.is_err() {
                    break;
                }
            }
            drop(feeding);
            futures_lite::future::pending::<Outcome>().await
        }
    };
    let give = async {
        while let Ok(piece) = given.recv().await {
            if !port.send(Message::Sound(Arc::new(piece?))).await {
                break;
            }
        }
        Ok(())
    };
    let outcome = futures_lite::future::or(give, feed).await;
    drop(given);
    work.await;
    outcome
}

/// Blocking: decodes until the stream ends or nobody listens.
fn unpack(fed: async_channel::Receiver<Vec<u8>>, giving: &async_channel::Sender<Result<SoundChunk, Fault>>) {
    let empty = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let is_empty = empty.clone();
    let more = move || {
        let bytes = fed.recv_blocking().ok()?;
        is_empty.fetch_and(bytes.is_empty(), std::sync::atomic::Ordering::Relaxed);
        Some(bytes)
    };
    let feed = Feed::new(Box::new(more));
    let opened = catch_unwind(AssertUnwindSafe(|| {
        rodio::Decoder::builder().with_data(feed).with_seekable(false).with_gapless(false).build()
    }));
    let Ok(Ok(mut decoder)) = opened else {
        // A stream of nothing at all is silence.
        if !empty.load(std::sync::atomic::Ordering::Relaxed) {
            let words = "inbox: this is no stream of sound, or damaged; Ogg Vorbis, MP3, FLAC and WAV can be read";
            let _ = giving.send_blocking(Err(Fault::new(words)));
        }
        return;
    };
    loop {
        let piece = catch_unwind(AssertUnwindSafe(|| {
            let (channels, sample_rate) = (decoder.channels().get(), decoder.sample_rate().get());
            let frame = usize::from(channels);
            let count = (sample_rate / PIECES_PER_S).max(1) as usize * frame;
            let mut samples: Vec<f32> = decoder.by_ref().take(count.min(LARGEST_PIECE / frame * frame)).collect();
            samples.truncate(samples.len() / frame * frame);
            SoundChunk { sample_rate, channels, samples }
        }));
        match piece {
            Ok(piece) if !piece.samples.is_empty() => {
                if giving.send_blocking(Ok(piece)).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::sound::decode::tests::sample;
    use crate::sound::level;

    fn decoded(bytes: &[u8]) -> (Option<SoundChunk>, State) {
        let mut rig = Rig::new(&DECODER, &[]);
        for chunk in bytes.chunks(1000) {
            rig.put("inbox", Message::bytes(chunk));
        }
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        let mut whole: Option<SoundChunk> = None;
        for message in rig.take("outbox") {
            let Message::Sound(piece) = message else { panic!("{message}") };
            match &mut whole {
                Some(whole) => whole.samples.extend(&piece.samples),
                None => whole = Some((*piece).clone()),
            }
        }
        (whole, rig.state())
    }

    #[test]
    fn every_format_gives_the_same_tone_from_a_stream() {
        for name in ["tone.wav", "tone.mp3", "tone.ogg", "tone.flac"] {
            let (sound, state) = decoded(&std::fs::read(sample(name)).unwrap());
            let sound = sound.unwrap_or_else(|| panic!("{name}: {state:?}"));
            assert!((sound.duration().as_secs_f64() - 0.5).abs() < 0.15, "{name}: {:?}", sound.duration());
            let pitch = level::pitch(&sound).unwrap();
            assert!((pitch - 440.0).abs() < 2.0, "{name} sounds at {pitch} Hz");
        }
    }

    #[test]
    fn nonsense_is_a_crash_in_words_and_nothing_is_nothing() {
        let (_, state) = decoded(&vec![7; 5000]);
        assert!(format!("{state:?}").contains("no stream of sound"), "{state:?}");
        assert_eq!(decoded(b""), (None, State::Finished));
    }

    #[test]
    fn shutdown_ends_a_stream_that_goes_on() {
        let mut rig = Rig::new(&VORBIS_DECODE, &[]);
        rig.put("inbox", Message::bytes(&std::fs::read(sample("tone.ogg")).unwrap()[..2000]));
        rig.run_for(std::time::Duration::from_millis(100));
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
    }
}
