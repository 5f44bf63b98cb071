//! ReadFileAdaptor: reads a file by line, by block or at a bit rate.

use std::time::Duration;

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::steadily::{Rate, steadily};
use crate::source::rest;

/// Bit rate of the mode `bitrate` when none is given.
const USUAL_BITRATE: f64 = 65_536.0;

/// Description of ReadFileAdaptor.
pub static READ_FILE_ADAPTOR: ComponentSpec = ComponentSpec {
    type_name: "ReadFileAdaptor",
    category: Category::Files,
    summary: "Reads a file by line, by block or at a bit rate, then finishes",
    docs: "`readmode` says how:\n\n\
           - `auto`: at the bit rate if one is given, else by line\n\
           - `line`: one line a message, its newline included; text, or bytes where a line is not UTF-8\n\
           - `bitrate`: `bitrate` bits a second as bytes, in `chunkrate` messages a second\n\
           - `block`: `readsize` bytes a message\n\n\
           Lines and blocks come as fast as they are taken, or `steptime` apart. A file that cannot be read crashes it \
           with the path in its words.\n\n\
           Example: `filename` = `song.mp3` with `bitrate` = 128000 into a SingleServer streams a song at playing \
           speed.\n\n\
           Differs from the original: a bit rate without a mode is obeyed, shutdown is obeyed, and there is no \
           `command`.",
    outboxes: &[BoxSpec::new("outbox", "Lines or bytes of the file").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[
        FILENAME,
        ParamSpec::choice("readmode", &["auto", "line", "bitrate", "block"], "How to cut it"),
        ParamSpec::int("readsize", 1, 16 << 20, 1450, "Size of a block").unit("bytes"),
        ParamSpec::seconds("steptime", 0.0, "Time between two lines or blocks; 0 for none").live(),
        ParamSpec::float("bitrate", 0.0, 1.0e9, 0.0, "Speed in the mode bitrate; 0 for 65536").unit("bit/s").live(),
        ParamSpec::float("chunkrate", 1.0, 10_000.0, 24.0, "Messages a second in the mode bitrate")
            .unit("messages/s")
            .live(),
    ],
    build: build::<ReadFileAdaptor>,
    ..ComponentSpec::EMPTY
};

enum Mode {
    Line,
    Bitrate,
    Block(usize),
}

struct ReadFileAdaptor {
    filename: String,
    mode: Mode,
}

impl Component for ReadFileAdaptor {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let mode = match params.text("readmode").as_str() {
            "block" => Mode::Block(params.count("readsize")),
            "bitrate" => Mode::Bitrate,
            "auto" if params.float("bitrate") > 0.0 => Mode::Bitrate,
            _ => Mode::Line,
        };
        Ok(Self { filename: params.text("filename"), mode })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        match self.mode {
            Mode::Line => {
                while let Some(line) = file.line().await? {
                    step(&io, line).await;
                }
            }
            Mode::Block(size) => {
                while let Some(block) = file.take(size).await? {
                    step(&io, block).await;
                }
            }
            Mode::Bitrate => {
                let rate = Rate { per_tick: bytes_per_chunk, tick: chunk_spacing, aggregates: false };
                let take = async |amount| {
                    let Some(chunk) = file.take(amount).await? else { return Ok(false) };
                    io.send("outbox", chunk).await;
                    Ok(true)
                };
                steadily(&io, rate, take).await?;
            }
        }
        Ok(())
    }
}

/// Sends one line or block and rests.
async fn step(io: &BoxIo, message: Message) {
    let start = io.now();
    io.send("outbox", message).await;
    rest(io, start, |params| params.seconds("steptime")).await;
}

fn bytes_per_chunk(params: &Params) -> f64 {
    let bitrate = params.float("bitrate");
    let bitrate = if bitrate > 0.0 { bitrate } else { USUAL_BITRATE };
    bitrate / 8.0 / params.float("chunkrate").max(1.0)
}

fn chunk_spacing(params: &Params) -> Duration {
    Duration::from_secs_f64(params.float("chunkrate").max(1.0).recip())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::rig::reading;
    use super::*;

    fn read(contents: &[u8], params: &[(&str, Message)]) -> Vec<Message> {
        let (_file, mut rig) = reading(&READ_FILE_ADAPTOR, contents, params);
        rig.run_until(|rig| rig.state() == State::Finished);
        rig.take("outbox")
    }

    #[test]
    fn lines_keep_their_newlines() {
        let expected: [Message; 3] = ["one\n".into(), Message::bytes(b"\xff\n"), "é".into()];
        assert_eq!(read(b"one\n\xff\n\xc3\xa9", &[]), expected);
        assert_eq!(read(b"", &[]), []);
    }

    #[test]
    fn blocks_have_the_size_that_was_asked_for() {
        let contents = vec![7; 200_000];
        let blocks = read(&contents, &[("readmode", "block".into()), ("readsize", 70_000.into())]);
        let sizes: Vec<usize> = blocks.iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [70_000, 70_000, 60_000]);
    }

    #[test]
    fn a_bit_rate_is_kept_even_without_a_mode() {
        let (_file, mut rig) =
            reading(&READ_FILE_ADAPTOR, &[1; 10_000], &[("bitrate", 8000.0.into()), ("chunkrate", 16.0.into())]);
        rig.run_for(Duration::from_millis(1990));
        let bytes: usize = rig.take("outbox").iter().map(Message::payload_len).sum();
        assert_eq!(bytes, 2000);
    }

    #[test]
    fn a_missing_file_crashes_it_with_the_path() {
        let mut rig = Rig::new(&READ_FILE_ADAPTOR, &[("filename", "/nowhere/at/all".into())]);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        match rig.state() {
            State::Crashed(words) => {
                assert!(
                    words.contains("there is no such file to read; choose another one: /nowhere/at/all"),
                    "{words}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}
