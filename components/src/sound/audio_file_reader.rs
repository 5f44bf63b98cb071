//! AudioFileReader: reads a sound file as a stream of sound.
//!
//! A blocking thread decodes a few chunks at a time and pauses while the component does not take them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::decode::SoundFile;
use crate::file::open::file_name;

/// The description.
pub static AUDIO_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "AudioFileReader",
    category: Category::SoundAndPictures,
    summary: "Reads a sound file: WAV, MP3, OGG or FLAC",
    docs: "\
Sends the sound in chunks of about 20 ms, at the sample rate and with the channels of the file. By default, chunks \
come as fast as the receivers accept them; with `paced`, at playback speed. At the end of the file the component \
finishes, or starts again if `repeat` is on. If the file is not a sound file, or its beginning is damaged, the component \
crashes with an error. A file that is truncated or damaged later is played as far as possible, and so is a WAV file \
whose header declares a wrong length; the console shows how much is missing, or where. In an MP3 file, whose data has no \
checksums, only damage to the order of the frames and an incomplete last frame are noticed: a file that ends between two \
frames seems complete unless it declares its duration. The same is true of a FLAC file that does not declare its \
duration. The parts of a chained Ogg file are played one after the other; a part that cannot be decoded is left out and \
reported.

Example: `AudioFileReader` (melody.wav) → `Output`.

**Differs from the original:** it combines ReadFileAdaptor with a decoder (VorbisDecode, Decoder, WAVParser), and each \
message carries its sound format, so there are no boxes for the format.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::new(
            "filename",
            ParamKind::FileToRead(&["wav", "mp3", "ogg", "oga", "flac"]),
            DefaultValue::Required,
            "The sound file",
        ),
        ParamSpec::switch("repeat", false, "Start again at the end of the file"),
        ParamSpec::switch("paced", false, "Send sound at playback speed; off sends it as fast as possible"),
    ],
    build: build::<AudioFileReader>,
    ..ComponentSpec::EMPTY
};

/// How far ahead of the clock paced sound is sent.
const LEAD: Duration = Duration::from_millis(100);
/// Number of chunks that the blocking thread decodes at a time.
const BATCH: usize = 10;

/// The component.
pub struct AudioFileReader {
    filename: String,
    repeats: bool,
    paced: bool,
}

impl Component for AudioFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: file_name(params)?, repeats: params.switch("repeat"), paced: params.switch("paced") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let path = io.path(&self.filename);
        let (started, mut sent) = (io.now(), Duration::ZERO);
        loop {
            let path = path.clone();
            let task = io.outside(&format!("sound file {}", self.filename), move |port| decode(path, port));
            while let Some(answer) = task.recv().await? {
                match answer {
                    Message::Sound(sound) => {
                        if self.paced {
                            io.sleep_until((started + sent).saturating_sub(LEAD)).await;
                        }
                        sent += sound.duration();
                        io.send("outbox", Message::Sound(sound)).await;
                    }
                    warning => io.note(&warning.to_string()),
                }
            }
            if !self.repeats || io.is_shutting_down() {
                return Ok(());
            }
            if sent.is_zero() {
                return Err(Fault::new(format!("the file contains no sound to repeat: {}", self.filename)));
            }
        }
    }
}

/// The task: decodes to the end of the file. Sends sound messages, and a text message for a warning.
async fn decode(path: PathBuf, port: OutsidePort) -> Outcome {
    let opened = path.clone();
    let mut file = blocking::unblock(move || SoundFile::open(&opened)).await?;
    loop {
        let (chunks, read) = blocking::unblock(move || {
            let chunks: Vec<_> = std::iter::from_fn(|| file.next_chunk()).take(BATCH).collect();
            (chunks, file)
        })
        .await;
        file = read;
        let is_last = chunks.len() < BATCH;
        for chunk in chunks {
            if !port.send(Message::Sound(Arc::new(chunk))).await {
                return Ok(());
            }
        }
        if is_last {
            break;
        }
    }
    for note in file.notes() {
        port.send(format!("{note}: {}", path.display())).await;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::sound::decode::tests::sample;

    fn reading(name: &str, params: &[(&str, Message)]) -> Rig {
        let path = sample(name);
        let mut all = vec![("filename", Message::text(path.to_str().unwrap()))];
        all.extend_from_slice(params);
        Rig::new(&AUDIO_FILE_READER, &all)
    }

    fn seconds(messages: &[Message]) -> f64 {
        let sounds = messages.iter().map(|message| match message {
            Message::Sound(sound) => sound.duration().as_secs_f64(),
            _ => 0.0,
        });
        sounds.sum()
    }

    #[test]
    fn it_sends_the_whole_file_and_then_finishes() {
        let mut rig = reading("tone.flac", &[]);
        rig.run_until(|rig| rig.state() == State::Finished);
        let sound = rig.take("outbox");
        assert!((seconds(&sound) - 0.5).abs() < 0.001 && sound.len() >= 25);
        assert_eq!(rig.console(), Vec::<String>::new());
    }

    #[test]
    fn it_repeats_until_it_is_stopped() {
        let mut rig = reading("tone.wav", &[("repeat", true.into()), ("paced", true.into())]);
        rig.run_until(|rig| rig.waiting("outbox") > 60);
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert!(seconds(&rig.take("outbox")) > 1.0);
        assert!(rig.now() > Duration::from_secs(1));
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let mut rig = reading("none.wav", &[]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("this file does not exist; choose another file"));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused() {
        let mut rig = Rig::new(&AUDIO_FILE_READER, &[("filename", "/dev/zero".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains("this is a device, not a regular file; choose another file: /dev/zero"), "{state}");
    }
}
