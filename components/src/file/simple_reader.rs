//! SimpleReader: reads a file line by line, as fast as the receiver accepts lines.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::open::{ANY_KIND, file_name};

/// Description of SimpleReader.
pub static SIMPLE_READER: ComponentSpec = ComponentSpec {
    type_name: "SimpleReader",
    category: Category::Files,
    summary: "Reads a file line by line, as fast as the receiver accepts lines",
    docs: "Each line is one message, including its newline: text, or bytes if the line is not valid UTF-8. If the file \
           cannot be read, the component crashes and names the path. A byte-order mark at the start is removed. A \
           line longer than 1 MiB is sent in parts and reported on the console.\n\n\
           Example: link a SimpleReader to a Grep, and the Grep to a ConsoleEchoer, to print the lines that \
           match.\n\n\
           Differs from the original: there is no `mode` and no `buffering`; use MaxSpeedFileReader for bytes.",
    outboxes: &[BoxSpec::new("outbox", "The lines").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[FILENAME, ANY_KIND],
    build: build::<SimpleReader>,
    ..ComponentSpec::EMPTY
};

struct SimpleReader {
    filename: String,
}

impl Component for SimpleReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: file_name(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        while let Some(line) = file.line(&io).await? {
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

    #[cfg(unix)]
    #[test]
    fn a_device_is_read_only_if_asked_for() {
        let mut rig = Rig::new(&SIMPLE_READER, &[("filename", "/dev/zero".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(
            state.contains("this is a device, not a regular file; choose another file, or turn on any_kind"),
            "{state}"
        );
        let mut rig = Rig::new(&SIMPLE_READER, &[("filename", "/dev/null".into()), ("any_kind", true.into())]);
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn a_long_line_is_split_between_characters_and_reported_and_a_byte_order_mark_is_removed() {
        let text = format!("\u{feff}first\n{}", "é".repeat(1 << 20));
        let (_file, mut rig) = reading(&SIMPLE_READER, text.as_bytes(), &[]);
        rig.run_until(|rig| rig.state() == State::Finished);
        let lines = rig.take("outbox");
        assert_eq!(lines[0], Message::from("first\n"));
        assert!(lines.len() > 2 && lines.iter().all(|line| line.as_text().is_some()));
        assert_eq!(rig.console(), [crate::text::LINE_CUT]);
    }
}
