//! AudioFileReader: a sound file as a stream of sound.
//!
//! Decoding happens on a blocking thread, a few pieces at a time, and stops when nobody takes them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use compose_runtime::dev::*;

use super::decode::SoundFile;

/// The description.
pub static AUDIO_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "AudioFileReader",
    category: Category::SoundAndPictures,
    summary: "Reads a sound file: WAV, MP3, OGG or FLAC",
    docs: "\
Gives the sound of the file in pieces of about 20 ms, in the file's own rate and channels, as fast as its links take it, or \
as fast as it sounds if `paced`; then finishes, or begins again if `repeat`. A file that is no sound or is damaged is a crash \
in words; one that was cut short is played as far as it goes, with a line on the console.

Example: `AudioFileReader` (melody.wav) → `Output`.

**Differs from the original:** it stands for ReadFileAdaptor with a decoder behind it (VorbisDecode, Decoder, WAVParser), \
and the format travels with the sound instead of on boxes of its own.",
    outboxes: &[BoxSpec::new("outbox", "The sound").kinds(&[Kind::Sound])],
    params: &[
        ParamSpec::new(
            "filename",
            ParamKind::FileToRead(&["wav", "mp3", "ogg", "oga", "flac"]),
            DefaultValue::Required,
            "The sound file",
        ),
        ParamSpec::switch("repeat", false, "Begin again at the end"),
        ParamSpec::switch("paced", false, "As fast as it sounds; off is as fast as the links take it"),
    ],
    build: build::<AudioFileReader>,
    ..ComponentSpec::EMPTY
};

/// How far ahead of the clock sound is given when paced.
const LEAD: Duration = Duration::from_millis(100);
/// How many pieces are decoded in one go on the blocking thread.
const BATCH: usize = 10;

/// The component.
pub struct AudioFileReader {
    filename: String,
    repeats: bool,
    paced: bool,
}

impl Component for AudioFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let filename = params.text("filename");
        if filename.trim().is_empty() {
            return Err(ParamError::Other("filename must name a sound file".to_owned()));
        }
        Ok(Self { filename, repeats: params.switch("repeat"), paced: params.switch("paced") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let path = io.path(&self.filename);
        let (started, mut sounded) = (io.now(), Duration::ZERO);
        loop {
            let path = path.clone();
            let far = io.outside(&format!("sound file {}", self.filename), move |port| decode(path, port));
            while let Some(answer) = far.recv().await? {
                match answer {
                    Message::Sound(sound) => {
                        if self.paced {
                            io.sleep_until((started + sounded).saturating_sub(LEAD)).await;
                        }
                        sounded += sound.duration();
                        io.send("outbox", Message::Sound(sound)).await;
                    }
                    words => io.note(&words.to_string()),
                }
            }
            if !self.repeats || io.is_shutting_down() {
                return Ok(());
            }
            if sounded.is_zero() {
                return Err(Fault::new(format!("there is no sound to repeat in the file: {}", self.filename)));
            }
        }
    }
}

/// The task: decodes until the end; sound is sound, text is a warning.
async fn decode(path: PathBuf, port: OutsidePort) -> Outcome {
    let opened = path.clone();
    let mut file = blocking::unblock(move || SoundFile::open(&opened)).await?;
    loop {
        let (pieces, read) = blocking::unblock(move || {
            let pieces: Vec<_> = std::iter::from_fn(|| file.next_piece()).take(BATCH).collect();
            (pieces, file)
        })
        .await;
        file = read;
        let is_last = pieces.len() < BATCH;
        for piece in pieces {
            if !port.send(Message::Sound(Arc::new(piece))).await {
                return Ok(());
            }
        }
        if is_last {
            break;
        }
    }
    if let Some([given, declared]) = file.missing() {
        let [given, declared] = [given, declared].map(|span| span.as_secs_f64());
        let path = path.display();
        port.send(format!("only {given:.1} of {declared:.1} s could be read; the file is cut short: {path}")).await;
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
    fn a_file_is_given_whole_and_then_it_finishes() {
        let mut rig = reading("tone.flac", &[]);
        rig.run_until(|rig| rig.state() == State::Finished);
        let sound = rig.take("outbox");
        assert!((seconds(&sound) - 0.5).abs() < 0.001 && sound.len() >= 25);
        assert_eq!(rig.console(), Vec::<String>::new());
    }

    #[test]
    fn it_begins_again_until_it_is_stopped() {
        let mut rig = reading("tone.wav", &[("repeat", true.into()), ("paced", true.into())]);
        rig.run_until(|rig| rig.waiting("outbox") > 60);
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert!(seconds(&rig.take("outbox")) > 1.0);
        assert!(rig.now() > Duration::from_secs(1));
    }

    #[test]
    fn a_missing_file_is_a_crash_in_words() {
        let mut rig = reading("none.wav", &[]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("there is no such file"));
    }
}
