//! ReadFileAdaptor: reads a file by line, by block or at a bit rate.

use std::time::Duration;

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::open::{ANY_KIND, file_name};
use super::steadily::{Rate, steadily};
use crate::source::wait;

/// Bit rate in the mode `bitrate` if the setting is 0.
const DEFAULT_BITRATE: f64 = 65_536.0;

/// Description of ReadFileAdaptor.
pub static READ_FILE_ADAPTOR: ComponentSpec = ComponentSpec {
    type_name: "ReadFileAdaptor",
    category: Category::Files,
    summary: "Reads a file by line, by block or at a bit rate, then finishes",
    docs: "`readmode` selects how the file is split:\n\n\
           - `auto`: like `bitrate` if `bitrate` is set, otherwise like `line`\n- `line`: one line per message, \
           including its newline; text, or bytes if the line is not valid UTF-8; a byte-order mark at the start is \
           removed, and a line longer than 1 MiB is sent in parts and reported on the console\n- `bitrate`: `bitrate` bits per \
           second as bytes, in `chunkrate` messages per second; more than 16 MiB at a time are emitted as several \
           messages\n- `block`: `readsize` bytes per message\n\n\
           Lines and blocks are emitted as fast as the receiver accepts them, or `steptime` apart. If the file cannot \
           be read, the component crashes and names the path.\n\n\
           Example: with `filename` = `song.mp3` and `bitrate` = 128000, linked to a SingleServer, it streams a song \
           at playback speed.\n\n\
           Differs from the original: `bitrate` takes effect even without a mode, the component responds to shutdown, \
           and there is no `command`.",
    outboxes: &[BoxSpec::new("outbox", "Lines or bytes of the file").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[
        FILENAME,
        ParamSpec::choice("readmode", &["auto", "line", "bitrate", "block"], "How to split the file"),
        ParamSpec::int("readsize", 1, 16 << 20, 1450, "Size of a block").unit("bytes"),
        ParamSpec::seconds("steptime", 0.0, "Time between two lines or blocks; 0 for none").live(),
        ParamSpec::float("bitrate", 0.0, 1.0e9, 0.0, "Speed in the mode bitrate; 0 for 65536").unit("bit/s").live(),
        ParamSpec::float("chunkrate", 1.0, 10_000.0, 24.0, "Messages per second in the mode bitrate")
            .unit("messages/s")
            .live(),
        ANY_KIND,
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
        Ok(Self { filename: file_name(params)?, mode })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        match self.mode {
            Mode::Line => {
                while let Some(line) = file.line(&io).await? {
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
                steadily(&io, rate, async |amount| file.pass_on(&io, amount).await).await?;
            }
        }
        Ok(())
    }
}

/// Sends one line or block, then waits for `steptime`.
async fn step(io: &BoxIo, message: Message) {
    let start = io.now();
    io.send("outbox", message).await;
    wait(io, start, |params| params.seconds("steptime")).await;
}

fn bytes_per_chunk(params: &Params) -> f64 {
    let bitrate = params.float("bitrate");
    let bitrate = if bitrate > 0.0 { bitrate } else { DEFAULT_BITRATE };
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
    fn blocks_have_the_requested_size() {
        let contents = vec![7; 200_000];
        let blocks = read(&contents, &[("readmode", "block".into()), ("readsize", 70_000.into())]);
        let sizes: Vec<usize> = blocks.iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [70_000, 70_000, 60_000]);
    }

    #[test]
    fn a_bit_rate_is_observed_even_without_a_mode() {
        let (_file, mut rig) =
            reading(&READ_FILE_ADAPTOR, &[1; 10_000], &[("bitrate", 8000.0.into()), ("chunkrate", 16.0.into())]);
        rig.run_for(Duration::from_millis(1990));
        let bytes: usize = rig.take("outbox").iter().map(Message::payload_len).sum();
        assert_eq!(bytes, 2000);
    }

    #[test]
    fn a_bit_rate_of_more_than_the_largest_message_per_tick_is_observed() {
        let params = [("bitrate", f64::from(17 << 23).into()), ("chunkrate", 1.0.into())];
        let sizes: Vec<usize> = read(&vec![7; 18 << 20], &params).iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [16 << 20, 1 << 20, 1 << 20]);
    }

    #[test]
    fn a_missing_file_crashes_it_and_is_named() {
        let mut rig = Rig::new(&READ_FILE_ADAPTOR, &[("filename", "/nowhere/at/all".into())]);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        match rig.state() {
            State::Crashed(error) => {
                assert!(error.contains("this file does not exist; choose another file: /nowhere/at/all"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
}
