//! PromptedFileReader: reads the requested number of bytes or lines of a file.

use compose_runtime::dev::*;

use super::file_stream::{FILENAME, FileStream};
use super::open::{ANY_KIND, file_name};
use crate::refuse::wrong_kind;

/// Description of PromptedFileReader.
pub static PROMPTED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "PromptedFileReader",
    category: Category::Files,
    summary: "Reads the requested number of bytes or lines of a file",
    docs: "For a number n received on `inbox`, it emits the next n bytes as one message, or the next n lines as one \
           message each. More than 16 MiB are emitted as several messages of at most 16 MiB. For a number below 1, it emits nothing. It finishes at the end of the file or when its input \
           ends. For lines, a byte-order mark at the start is removed, and a line longer than 1 MiB is sent in parts \
           and reported on the console. If it receives anything other than a number, it crashes with an error message.\n\n\
           Example: a ByteRate_RequestControl linked to a PromptedFileReader reads a file at a steady rate.",
    inboxes: &[BoxSpec::new("inbox", "Number of bytes or lines to read").kinds(&[Kind::Int, Kind::Float])],
    outboxes: &[BoxSpec::new("outbox", "Bytes or lines of the file").kinds(&[Kind::Bytes, Kind::Text])],
    params: &[FILENAME, ParamSpec::choice("readmode", &["bytes", "lines"], "Unit of the numbers"), ANY_KIND],
    build: build::<PromptedFileReader>,
    ..ComponentSpec::EMPTY
};

struct PromptedFileReader {
    filename: String,
    lines: bool,
}

impl Component for PromptedFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { filename: file_name(params)?, lines: params.text("readmode") == "lines" })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut file = FileStream::open(&io, &self.filename);
        while let Some(request) = io.recv("inbox").await {
            let Some(amount) = request.as_number() else {
                return Err(wrong_kind("inbox", "a number of bytes or lines", &request));
            };
            let amount = amount as usize;
            if !self.lines {
                if !file.pass_on(&io, amount).await? {
                    return Ok(());
                }
                continue;
            }
            for _ in 0..amount {
                let Some(line) = file.line(&io).await? else { return Ok(()) };
                io.send("outbox", line).await;
            }
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
    fn requests_are_served_until_the_end_of_the_file() {
        let (_file, mut bytes) = reading(&PROMPTED_FILE_READER, b"abcdef", &[]);
        for amount in [2, 0, 3] {
            bytes.put("inbox", amount);
        }
        bytes.run_until(|rig| rig.waiting("outbox") == 2);
        assert_eq!(bytes.texts("outbox"), ["ab", "cde"]);
        bytes.put("inbox", 5);
        bytes.put("inbox", 5);
        bytes.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(bytes.texts("outbox"), ["f"]);
        let (_file, mut lines) = reading(&PROMPTED_FILE_READER, b"a\nb\nc", &[("readmode", "lines".into())]);
        lines.put("inbox", 2);
        lines.run_until(|rig| rig.waiting("outbox") == 2);
        assert_eq!(lines.texts("outbox"), ["a\n", "b\n"]);
    }

    #[test]
    fn a_large_request_is_served_in_several_messages_that_add_up_to_it() {
        let (_file, mut rig) = reading(&PROMPTED_FILE_READER, &vec![7; 33 << 20], &[]);
        for amount in [20 << 20, 1, 100 << 20] {
            rig.put("inbox", amount);
        }
        rig.run_until(|rig| rig.state() == State::Finished);
        let sizes: Vec<usize> = rig.take("outbox").iter().map(Message::payload_len).collect();
        assert_eq!(sizes, [16 << 20, 4 << 20, 1, (13 << 20) - 1]);
    }
}
