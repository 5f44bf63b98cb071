//! Decoder, VorbisDecode and WAVParser: decode a byte stream to sound.
//!
//! Decoding runs on its own thread (see `stream`).

use std::sync::Arc;

use compose_runtime::dev::*;

use super::stream::{SoundStream, StreamError};
use crate::refuse::wrong_kind;

/// Capacity of each queue between the component and the decoder.
const WAITING: usize = 8;

/// Description of Decoder.
pub static DECODER: ComponentSpec = ComponentSpec {
    type_name: "Decoder",
    category: Category::SoundAndPictures,
    summary: "Decodes a sound stream: Ogg Vorbis, MP3, FLAC or WAV",
    docs: "Detects the format from the first bytes. Input chunks may end anywhere. Sound is sent as the stream \
           arrives, in chunks of about 20 ms at the sample rate and with the channels of the stream. If the stream has \
           none of these formats, the component crashes with an error. A stream that breaks off or is damaged is decoded \
           as far as possible, and so is a WAV stream whose header declares a wrong length; at its end, the console \
           shows how much is missing, or where. MP3 has no checksums, so only damage to the order of its frames and an \
           incomplete last frame are noticed. The streams of a chained Ogg stream, such as the songs of internet radio, \
           are decoded one after the other; one that cannot be decoded is left out and reported.\n\n\
           Example: TCPClient, Decoder, Output plays internet radio.\n\n\
           Differs from the original: no codec setting is needed, and the remaining data is decoded at the end.",
    inboxes: &[BoxSpec::new("inbox", "Chunks of the stream").kinds(&[Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    build: build::<Decoder>,
    ..ComponentSpec::EMPTY
};

/// Description of VorbisDecode.
pub static VORBIS_DECODE: ComponentSpec = ComponentSpec {
    type_name: "VorbisDecode",
    summary: "Decodes an Ogg Vorbis stream to sound",
    docs: "Decoder under the name of the original Vorbis component. It also reads the other formats.\n\n\
           Example: ReadFileAdaptor with a bit rate, VorbisDecode, AOAudioPlaybackAdaptor.\n\n\
           Differs from the original: the remaining data is decoded at the end instead of being lost.",
    ..DECODER
};

/// Description of WAVParser.
pub static WAV_PARSER: ComponentSpec = ComponentSpec {
    type_name: "WAVParser",
    summary: "Decodes a WAV stream to sound",
    docs: "Decoder under the name of the original WAV component. It also reads the other formats.\n\n\
           Example: MaxSpeedFileReader, WAVParser, LevelMeter.\n\n\
           Differs from the original: each message carries its sound format, so there are no boxes for the format.",
    ..DECODER
};

struct Decoder;

impl Component for Decoder {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let task = io.outside("sound decoder", decode);
        let feed = async {
            while let Some(message) = io.recv("inbox").await {
                if message.as_bytes().is_none() {
                    return Err(wrong_kind("inbox", "bytes", &message));
                }
                if !task.send(message).await {
                    break;
                }
            }
            task.finish_sending();
            futures_lite::future::pending().await
        };
        let read = async {
            while let Some(message) = task.recv().await? {
                match message {
                    Message::Sound(_) => io.send("outbox", message).await,
                    note => io.note(&format!("inbox: {note}")),
                }
            }
            Ok(())
        };
        futures_lite::future::or(read, feed).await
    }
}

/// The task: feeds the decoder on a blocking thread through a bounded queue.
async fn decode(port: OutsidePort) -> Outcome {
    let (byte_sender, byte_receiver) = async_channel::bounded::<Vec<u8>>(WAITING);
    let (sender, receiver) = async_channel::bounded::<Result<Message, Fault>>(WAITING);
    let work = blocking::unblock(move || unpack(byte_receiver, &sender));
    let feed = {
        let port = port.clone();
        async move {
            while let Some(message) = port.recv().await {
                if byte_sender.send(message.as_bytes().unwrap_or_default().to_vec()).await.is_err() {
                    break;
                }
            }
            drop(byte_sender);
            futures_lite::future::pending::<Outcome>().await
        }
    };
    let forward = async {
        while let Ok(message) = receiver.recv().await {
            if !port.send(message?).await {
                break;
            }
        }
        Ok(())
    };
    let outcome = futures_lite::future::or(forward, feed).await;
    drop(receiver);
    work.await;
    outcome
}

/// Blocks: decodes until the stream ends or the receiver is closed.
fn unpack(byte_receiver: async_channel::Receiver<Vec<u8>>, sender: &async_channel::Sender<Result<Message, Fault>>) {
    let more = move || byte_receiver.recv_blocking().ok();
    let mut stream = match SoundStream::open(Box::new(more), None, false) {
        Ok(stream) => stream,
        // An empty stream is not an error.
        Err(StreamError::Empty) => return,
        Err(error) => {
            let _ = sender.send_blocking(Err(Fault::new(format!("inbox: {error}"))));
            return;
        }
    };
    while let Some(chunk) = stream.next_chunk() {
        let notes = stream.take_notes().into_iter().map(Message::from);
        for message in notes.chain([Message::Sound(Arc::new(chunk))]) {
            if sender.send_blocking(Ok(message)).is_err() {
                return;
            }
        }
    }
    for note in stream.take_notes() {
        let _ = sender.send_blocking(Ok(note.into()));
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
            let Message::Sound(chunk) = message else { panic!("{message}") };
            match &mut whole {
                Some(whole) => whole.samples.extend(&chunk.samples),
                None => whole = Some((*chunk).clone()),
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
    fn invalid_data_crashes_it_and_an_empty_stream_does_not() {
        let (_, state) = decoded(&vec![7; 5000]);
        assert!(format!("{state:?}").contains("the stream is damaged or is not"), "{state:?}");
        assert_eq!(decoded(b""), (None, State::Finished));
    }

    #[test]
    fn shutdown_ends_an_unfinished_stream() {
        let mut rig = Rig::new(&VORBIS_DECODE, &[]);
        rig.put("inbox", Message::bytes(&std::fs::read(sample("tone.ogg")).unwrap()[..2000]));
        rig.run_for(std::time::Duration::from_millis(100));
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn all_streams_of_a_chained_ogg_stream_are_decoded() {
        let one = std::fs::read(sample("tone.ogg")).unwrap();
        // The second stream declares a codec that does not exist.
        let mut unknown = one.clone();
        unknown[28..36].fill(b'?');
        let (sound, state) = decoded(&[&one[..], &unknown, &one].concat());
        assert_eq!(state, State::Finished);
        assert!((sound.unwrap().duration().as_secs_f64() - 1.0).abs() < 0.1);
    }

    #[test]
    fn a_wav_stream_without_a_length_is_decoded_and_a_rate_of_0_is_named() {
        let mut bytes = std::fs::read(sample("tone.wav")).unwrap();
        bytes[4..8].fill(0);
        bytes[40..44].fill(0);
        let (sound, state) = decoded(&bytes);
        assert!((sound.unwrap().duration().as_secs_f64() - 0.5).abs() < 0.01, "{state:?}");
        bytes[24..28].fill(0);
        let (_, state) = decoded(&bytes);
        assert!(format!("{state:?}").contains("inbox: the WAV header is damaged: the sample rate is 0"), "{state:?}");
    }
}
