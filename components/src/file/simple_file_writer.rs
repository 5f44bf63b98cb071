//! SimpleFileWriter: writes everything it receives to one file.
//!
//! Runs on a thread of its own. Every message is handed to the system before the next is taken, so that nothing that
//! was written is lost when the component or the program ends.

use std::fs::OpenOptions;
use std::io::Write as _;

use compose_runtime::dev::*;

use super::trouble;

/// Description of SimpleFileWriter.
pub static SIMPLE_FILE_WRITER: ComponentSpec = ComponentSpec {
    type_name: "SimpleFileWriter",
    category: Category::Files,
    summary: "Writes everything it receives to one file",
    docs: "Text is written as UTF-8 and bytes as they are, without anything added between two messages; numbers, switches, \
           lists and maps in their text form. Pictures and sound are refused: turn them into bytes first. In the mode \
           `write` it makes a new file and refuses to touch one that exists, unless `overwrite` is on; in the mode \
           `append` it adds to the end of the file.\n\n\
           Example: ReadFileAdaptor with `readmode` = `block` into SimpleFileWriter copies a file.\n\n\
           Differs from the original: a file that exists is safe unless `overwrite` is on.",
    inboxes: &[BoxSpec::new("inbox", "What to write")],
    params: &[
        ParamSpec::new("filename", ParamKind::FileToWrite, DefaultValue::Required, "The file to write"),
        ParamSpec::choice("mode", &["write", "append"], "Begin the file anew, or add to its end"),
        ParamSpec::switch("overwrite", false, "Replace a file that exists"),
    ],
    build: build_threaded::<SimpleFileWriter>,
    ..ComponentSpec::EMPTY
};

struct SimpleFileWriter {
    filename: String,
    append: bool,
    overwrite: bool,
}

impl ThreadedComponent for SimpleFileWriter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let filename = params.text("filename");
        if filename.is_empty() {
            return Err(ParamError::Other("filename: give the file a name".to_owned()));
        }
        Ok(Self { filename, append: params.text("mode") == "append", overwrite: params.switch("overwrite") })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let path = io.path(&self.filename);
        let mut options = OpenOptions::new();
        match (self.append, self.overwrite) {
            (true, _) => options.append(true).create(true),
            (false, true) => options.write(true).create(true).truncate(true),
            (false, false) => options.write(true).create_new(true),
        };
        let mut file = options.open(&path).map_err(|error| trouble::writing(&path, &error))?;
        while let Some(message) = io.recv("inbox") {
            let written = match &message {
                Message::Text(_) | Message::Bytes(_) => file.write_all(message.as_bytes().unwrap_or_default()),
                Message::Image(_) | Message::Sound(_) => {
                    let words = format!("only text and bytes can be written, not {}", message.label(40));
                    return Err(Fault::new(words));
                }
                other => file.write_all(other.to_string().as_bytes()),
            };
            written.map_err(|error| trouble::writing(&path, &error))?;
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

    /// Writes `messages` and gives the words it crashed with, if it did.
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
            State::Crashed(words) => Some(words.to_string()),
            _ => None,
        }
    }

    #[test]
    fn everything_arrives_in_the_file_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let messages = ["é\n".into(), Message::bytes(b"\xff"), 3.into()];
        assert_eq!(write(&path, &[], &messages), None);
        assert_eq!(fs::read(&path).unwrap(), b"\xc3\xa9\n\xff3");
    }

    #[test]
    fn a_file_that_exists_is_safe_unless_told_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "old ").unwrap();
        let words = write(&path, &[], &["new".into()]).unwrap();
        assert!(words.contains("this file exists; switch overwrite on"), "{words}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old ");
        assert_eq!(write(&path, &[("mode", "append".into())], &["new".into()]), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old new");
        assert_eq!(write(&path, &[("overwrite", true.into())], &["new".into()]), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_missing_folder_is_said_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let words = write(&folder.path().join("no/out"), &[], &[]).unwrap();
        assert!(words.contains("there is no folder for this file"), "{words}");
    }
}
