//! SimpleFileWriter: writes everything it receives to one file.
//!
//! Runs on its own thread. It passes each message to the operating system before it receives the next one, so no
//! written message is lost when the component or the program ends.

use std::io::Write as _;

use compose_runtime::dev::*;

use super::faults::{self, Writer};
use super::open::{ANY_KIND_TO_WRITE, WriteMode, file_name};
use super::writer;

/// Description of SimpleFileWriter.
pub static SIMPLE_FILE_WRITER: ComponentSpec = ComponentSpec {
    type_name: "SimpleFileWriter",
    category: Category::Files,
    summary: "Writes everything it receives to one file",
    docs: "Text is written as UTF-8, bytes are written unchanged, and numbers, booleans, lists and maps are written in \
           their text form. Nothing is added between messages. Pictures and sound are not accepted; convert them to \
           bytes first. The mode `write` creates a new file; if the file already exists, the component crashes unless \
           `overwrite` is on. The mode `append` adds to the end of the file. A named pipe is refused unless `any_kind` \
           is on; the component then waits until another program reads the pipe, and reports that on the console.\n\n\
           Example: a ReadFileAdaptor with `readmode` = `block`, linked to a SimpleFileWriter, copies a file.\n\n\
           Differs from the original: an existing file is not replaced unless `overwrite` is on.",
    inboxes: &[BoxSpec::new("inbox", "Messages to write")],
    params: &[
        ParamSpec::new("filename", ParamKind::FileToWrite, DefaultValue::Required, "The file to write"),
        ParamSpec::choice("mode", &["write", "append"], "Create a new file, or append to an existing one"),
        ParamSpec::switch("overwrite", false, "Replace an existing file"),
        ANY_KIND_TO_WRITE,
    ],
    build: build_threaded::<SimpleFileWriter>,
    ..ComponentSpec::EMPTY
};

struct SimpleFileWriter {
    filename: String,
    append: bool,
    overwrite: bool,
    any_kind: bool,
}

impl ThreadedComponent for SimpleFileWriter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let [overwrite, any_kind] = ["overwrite", ANY_KIND_TO_WRITE.name].map(|name| params.switch(name));
        Ok(Self { filename: file_name(params)?, append: params.text("mode") == "append", overwrite, any_kind })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let path = io.path(&self.filename);
        let mode = match (self.append, self.overwrite) {
            (true, _) => WriteMode::Append,
            (false, true) => WriteMode::Replace,
            (false, false) => WriteMode::New,
        };
        let mut file = writer::open(&mut io, &path, mode, self.any_kind)?;
        while let Some(message) = io.recv("inbox") {
            let written = match &message {
                Message::Text(_) | Message::Bytes(_) => file.write_all(message.as_bytes().unwrap_or_default()),
                Message::Image(_) | Message::Sound(_) | Message::Resource(_) => {
                    let error =
                        format!("inbox: {} cannot be written to a file; convert it to bytes first", message.label(40));
                    return Err(Fault::new(error));
                }
                other => file.write_all(other.to_string().as_bytes()),
            };
            written.map_err(|error| faults::writing(&path, &error, Writer::OneFile))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// Writes `messages` and returns the error text if the component crashed.
    fn write(path: &Path, params: &[(&str, Message)], messages: &[Message]) -> Option<String> {
        let mut all = vec![("filename", Message::text(path.display().to_string()))];
        all.extend_from_slice(params);
        let mut rig = Rig::new(&SIMPLE_FILE_WRITER, &all);
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| matches!(rig.state(), State::Finished | State::Crashed(_)));
        match rig.state() {
            State::Crashed(error) => Some(error.to_string()),
            _ => None,
        }
    }

    #[test]
    fn all_messages_are_written_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let messages = ["é\n".into(), Message::bytes(b"\xff"), 3.into()];
        assert_eq!(write(&path, &[], &messages), None);
        assert_eq!(fs::read(&path).unwrap(), b"\xc3\xa9\n\xff3");
    }

    #[test]
    fn an_existing_file_is_only_replaced_with_overwrite() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "old ").unwrap();
        let error = write(&path, &[], &["new".into()]).unwrap();
        assert!(error.contains("this file already exists; turn on overwrite"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old ");
        assert_eq!(write(&path, &[("mode", "append".into())], &["new".into()]), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old new");
        assert_eq!(write(&path, &[("overwrite", true.into())], &["new".into()]), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_missing_folder_crashes_it_and_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("no/out"), &[], &[]).unwrap();
        assert!(error.contains("the folder for this file does not exist"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_named_pipe_is_refused_in_every_mode() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for params in [vec![], vec![("overwrite", true.into())], vec![("mode", "append".into())]] {
            let error = write(&pipe, &params, &["hello".into()]).unwrap();
            assert!(error.contains("this is a named pipe, not a regular file"), "{error}");
        }
    }
}
