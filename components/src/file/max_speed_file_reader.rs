//! MaxSpeedFileReader: reads a file in blocks, as fast as the receiver accepts them.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::open::{ANY_KIND, file_name};

/// Description of MaxSpeedFileReader.
pub static MAX_SPEED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "MaxSpeedFileReader",
    category: Category::Files,
    summary: "Reads a file in blocks, as fast as the receiver accepts them",
    docs: "The receiver sets the pace; the component reads only a small amount ahead.\n\n\
           Example: a MaxSpeedFileReader linked to a SimpleFileWriter copies a file.",
    outboxes: &[BoxSpec::new("outbox", "The blocks").kinds(&[Kind::Bytes])],
    params: &[FILENAME, ParamSpec::int("chunksize", 1, 16 << 20, 32_768, "Size of a block").unit("bytes"), ANY_KIND],
    build: build::<MaxSpeedFileReader>,
    ..ComponentSpec::EMPTY
};

struct MaxSpeedFileReader {
    filename: String,
    chunksize: usize,
}

impl Component for MaxSpeedFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: file_name(params)?, chunksize: params.count("chunksize") })
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
    fn all_blocks_except_the_last_have_the_same_size() {
        let (_file, mut blocks) = reading(&MAX_SPEED_FILE_READER, &[7; 100_000], &[]);
        blocks.run_until(|rig| rig.state() == State::Finished);
        let sizes: Vec<_> = blocks.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [32_768, 32_768, 32_768, 1_696]);
    }
}
