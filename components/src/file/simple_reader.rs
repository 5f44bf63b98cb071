//! SimpleReader and MaxSpeedFileReader: a file by line or by block, as fast as it is taken.

use compose_runtime::dev::*;

use super::file_stream::FileStream;

/// Description of SimpleReader.
pub static SIMPLE_READER: ComponentSpec = ComponentSpec {
    type_name: "SimpleReader",
    category: Category::Files,
    summary: "Reads a file line by line, as fast as it is taken",
    docs: "Each line is a message with its newline: text, or bytes where it is not UTF-8. A file that cannot be read ends \
           it with the path in its words.\n\nExample: SimpleReader into Grep into ConsoleEchoer.\n\n\
           Differs from the original: there is no `mode` and no `buffering`; use MaxSpeedFileReader for bytes.",
    outboxes: &[BoxSpec::new("outbox", "The lines").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[FILENAME],
    build: build::<SimpleReader>,
    ..ComponentSpec::EMPTY
};

/// Description of MaxSpeedFileReader.
pub static MAX_SPEED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "MaxSpeedFileReader",
    category: Category::Files,
    summary: "Reads a file in blocks, as fast as they are taken",
    docs: "Whoever takes the blocks sets the pace: it reads ahead no more than a little.\n\n\
           Example: MaxSpeedFileReader into SimpleFileWriter copies a file.",
    outboxes: &[BoxSpec::new("outbox", "The blocks").kinds(&[Kind::Bytes])],
    params: &[FILENAME, ParamSpec::int("chunksize", 1, 16 << 20, 32_768, "Size of a block").unit("bytes")],
    build: build::<MaxSpeedFileReader>,
    ..ComponentSpec::EMPTY
};

/// Description of PromptedFileReader.
pub static PROMPTED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "PromptedFileReader",
    category: Category::Files,
    summary: "Reads as many bytes or lines of a file as each request says",
    docs: "A number n in `inbox` gives the next n bytes as one message, or the next n lines as one message each; a number \
           below 1 gives nothing. It finishes at the end of the file, or when no more requests can come. Anything that \
           is no number ends it with words.\n\n\
           Example: ByteRate_RequestControl into PromptedFileReader reads at a steady rate.",
    inboxes: &[BoxSpec::new("inbox", "How many bytes or lines to read").kinds(&[Kind::Int, Kind::Float])],
    outboxes: &[BoxSpec::new("outbox", "Bytes, or lines").kinds(&[Kind::Bytes, Kind::Text])],
    params: &[FILENAME, ParamSpec::choice("readmode", &["bytes", "lines"], "What the numbers count")],
    build: build::<PromptedFileReader>,
    ..ComponentSpec::EMPTY
};

const FILENAME: ParamSpec =
    ParamSpec::new("filename", ParamKind::FileToRead(&[]), DefaultValue::Required, "The file to read");

struct SimpleReader {
    filename: String,
}

struct MaxSpeedFileReader {
    filename: String,
    chunksize: usize,
}

struct PromptedFileReader {
    filename: String,
    lines: bool,
}

impl Component for SimpleReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: params.text("filename") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        while let Some(line) = file.line().await? {
            io.send("outbox", line).await;
        }
        Ok(())
    }
}

impl Component for MaxSpeedFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: params.text("filename"), chunksize: params.count("chunksize") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        while let Some(block) = file.take(self.chunksize).await? {
            io.send("outbox", block).await;
        }
        Ok(())
    }
}

impl Component for PromptedFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: params.text("filename"), lines: params.text("readmode") == "lines" })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        while let Some(request) = io.recv("inbox").await {
            let Some(amount) = request.as_number() else {
                return Err(crate::refuse::wrong_kind("inbox", "a number of bytes or lines", &request));
            };
            let amount = amount as usize;
            let (pieces, size) = if self.lines { (amount, 0) } else { (amount.min(1), amount) };
            for _ in 0..pieces {
                let piece = if self.lines { file.line().await? } else { file.take(size).await? };
                let Some(piece) = piece else { return Ok(()) };
                io.send("outbox", piece).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn rig(spec: &'static ComponentSpec, contents: &[u8], more: &[(&str, Message)]) -> (tempfile::NamedTempFile, Rig) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(contents).unwrap();
        let mut params = vec![("filename", Message::text(file.path().display().to_string()))];
        params.extend_from_slice(more);
        let rig = Rig::new(spec, &params);
        (file, rig)
    }

    #[test]
    fn lines_and_blocks_come_whole() {
        let (_file, mut lines) = rig(&SIMPLE_READER, b"a\nb", &[]);
        lines.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(lines.texts("outbox"), ["a\n", "b"]);
        let (_file, mut blocks) = rig(&MAX_SPEED_FILE_READER, &[7; 100_000], &[]);
        blocks.run_until(|rig| rig.state() == State::Finished);
        let sizes: Vec<_> = blocks.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [32_768, 32_768, 32_768, 1_696]);
    }

    #[test]
    fn requests_are_met_until_the_end_of_the_file() {
        let (_file, mut bytes) = rig(&PROMPTED_FILE_READER, b"abcdef", &[]);
        for amount in [2, 0, 3] {
            bytes.put("inbox", amount);
        }
        bytes.run_until(|rig| rig.waiting("outbox") == 2);
        assert_eq!(bytes.texts("outbox"), ["ab", "cde"]);
        bytes.put("inbox", 5);
        bytes.put("inbox", 5);
        bytes.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(bytes.texts("outbox"), ["f"]);
        let (_file, mut lines) = rig(&PROMPTED_FILE_READER, b"a\nb\nc", &[("readmode", "lines".into())]);
        lines.put("inbox", 2);
        lines.run_until(|rig| rig.waiting("outbox") == 2);
        assert_eq!(lines.texts("outbox"), ["a\n", "b\n"]);
    }

    #[test]
    fn a_missing_file_is_a_crash_in_words() {
        for spec in [&SIMPLE_READER, &MAX_SPEED_FILE_READER] {
            let mut rig = Rig::new(spec, &[("filename", "/nowhere/x".into())]);
            rig.run_until(|rig| rig.state().has_ended());
            assert!(format!("{:?}", rig.state()).contains("there is no such file"));
        }
    }
}
