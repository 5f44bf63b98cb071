//! SimpleReader: a file line by line, as fast as it is taken.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};

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

struct SimpleReader {
    filename: String,
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

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::rig::reading;
    use super::*;

    #[test]
    fn lines_come_whole() {
        let (_file, mut lines) = reading(&SIMPLE_READER, b"a\nb", &[]);
        lines.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(lines.texts("outbox"), ["a\n", "b"]);
    }

    #[test]
    fn a_missing_file_is_a_crash_in_words() {
        let mut rig = Rig::new(&SIMPLE_READER, &[("filename", "/nowhere/x".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("there is no such file"));
    }
}
