//! SimpleReader: reads a file line by line, as fast as the receiver accepts lines.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};

/// Description of SimpleReader.
pub static SIMPLE_READER: ComponentSpec = ComponentSpec {
    type_name: "SimpleReader",
    category: Category::Files,
    summary: "Reads a file line by line, as fast as the receiver accepts lines",
    docs: "Each line is one message, including its newline: text, or bytes if the line is not valid UTF-8. If the file \
           cannot be read, the component crashes and names the path.\n\n\
           Example: link a SimpleReader to a Grep, and the Grep to a ConsoleEchoer, to print the lines that \
           match.\n\n\
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
    fn lines_are_emitted_whole() {
        let (_file, mut lines) = reading(&SIMPLE_READER, b"a\nb", &[]);
        lines.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(lines.texts("outbox"), ["a\n", "b"]);
    }

    #[test]
    fn a_missing_file_crashes_it_with_an_explanation() {
        let mut rig = Rig::new(&SIMPLE_READER, &[("filename", "/nowhere/x".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("this file does not exist"));
    }
}
