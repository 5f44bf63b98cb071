//! WAVWriter: encodes sound as a WAV stream.

use compose_runtime::dev::*;

use crate::refuse::wrong_kind;

/// Description of WAVWriter.
pub static WAV_WRITER: ComponentSpec = ComponentSpec {
    type_name: "WAVWriter",
    category: Category::SoundAndPictures,
    summary: "Encodes sound as a WAV stream",
    docs: "Samples have 16 bits. The first sound sets the sample rate and channels in the header. If later sound has a \
           different format, the component crashes with an error. The length of a stream is not known in advance, so \
           the header declares the maximum length, which players accept. With `whole`, the component collects all \
           sound and sends it at the end as one message with the correct length.\n\n\
           Example: ToneSource, WAVWriter with `whole`, SimpleFileWriter makes a sound file.\n\n\
           Differs from the original: the sound carries its sample rate and channels. `whole` is new.",
    inboxes: &[BoxSpec::new("inbox", "The sound").kinds(&[Kind::Sound])],
    outboxes: &[BoxSpec::new("outbox", "The stream, or one complete file").kinds(&[Kind::Bytes])],
    params: &[ParamSpec::switch("whole", false, "Collect all sound and write the correct length in the header")],
    build: build::<WavWriter>,
    ..ComponentSpec::EMPTY
};

/// Limit on collected sound, in bytes.
const LARGEST: usize = 1 << 30;

struct WavWriter {
    whole: bool,
}

impl Component for WavWriter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { whole: params.switch("whole") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut format = None;
        let mut collected = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            let Message::Sound(sound) = &message else { return Err(wrong_kind("inbox", "sound", &message)) };
            let now = (sound.sample_rate, sound.channels);
            let mut bytes = Vec::new();
            match format {
                None if !self.whole => bytes = header(now, u32::MAX - 36).to_vec(),
                Some(first) if first != now => {
                    return Err(Fault::new(format!(
                        "inbox: the format changed from {first:?} to {now:?}; put a Resample before this component"
                    )));
                }
                _ => {}
            }
            format = Some(now);
            bytes.extend(sound.samples.iter().flat_map(|sample| to_16_bits(*sample).to_le_bytes()));
            if self.whole {
                if collected.len() + bytes.len() > LARGEST {
                    return Err(Fault::new("inbox: the sound is too long for one file; turn off whole"));
                }
                collected.extend(bytes);
            } else {
                io.send("outbox", bytes).await;
            }
        }
        if let Some(format) = format.filter(|_| self.whole && !io.is_shutting_down()) {
            let mut file = header(format, u32::try_from(collected.len()).unwrap_or(u32::MAX)).to_vec();
            file.extend(collected);
            io.send("outbox", file).await;
        }
        Ok(())
    }
}

fn to_16_bits(sample: f32) -> i16 {
    (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16
}

fn header((rate, channels): (u32, u16), length: u32) -> [u8; 44] {
    let frame = u32::from(channels) * 2;
    let mut header = [0; 44];
    let parts: [&[u8]; 13] = [
        b"RIFF",
        &length.saturating_add(36).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &rate.saturating_mul(frame).to_le_bytes(),
        &(frame as u16).to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &length.to_le_bytes(),
    ];
    for (to, from) in header.iter_mut().zip(parts.concat()) {
        *to = from;
    }
    header
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::sound::decode::SoundFile;

    fn sound(rate: u32) -> Message {
        Message::Sound(Arc::new(SoundChunk { sample_rate: rate, channels: 2, samples: vec![0.5, -0.5, 1.5, 0.0] }))
    }

    #[test]
    fn the_written_file_can_be_decoded() {
        for whole in [true, false] {
            let mut rig = Rig::new(&WAV_WRITER, &[("whole", whole.into())]);
            for _ in 0..100 {
                rig.put("inbox", sound(8000));
            }
            rig.finish();
            rig.run();
            let bytes: Vec<u8> = rig.take("outbox").iter().flat_map(|part| part.as_bytes().unwrap().to_vec()).collect();
            assert_eq!(bytes.len(), 44 + 800);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.wav");
            std::fs::write(&path, bytes).unwrap();
            let mut file = SoundFile::open(&path).unwrap();
            let chunk = file.next_chunk().unwrap();
            assert_eq!((chunk.sample_rate, chunk.channels), (8000, 2));
            assert!((chunk.samples[1] + 0.5).abs() < 0.001 && chunk.samples[2] > 0.99);
        }
    }

    #[test]
    fn a_change_of_format_crashes_it() {
        let mut rig = Rig::new(&WAV_WRITER, &[]);
        rig.put("inbox", sound(8000));
        rig.put("inbox", sound(16_000));
        rig.run();
        assert!(matches!(rig.state(), State::Crashed(error) if error.contains("Resample")));
    }
}
