//! MaxSpeedFileReader: a file in blocks, as fast as they are taken.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};

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

struct MaxSpeedFileReader {
    filename: String,
    chunksize: usize,
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

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;

    use super::super::rig::reading;
    use super::*;

    #[test]
    fn blocks_have_one_size_but_for_the_last() {
        let (_file, mut blocks) = reading(&MAX_SPEED_FILE_READER, &[7; 100_000], &[]);
        blocks.run_until(|rig| rig.state() == State::Finished);
        let sizes: Vec<_> = blocks.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [32_768, 32_768, 32_768, 1_696]);
    }
}
