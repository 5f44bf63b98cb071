//! Append: adds each message to the end of a file, for logs.

use std::io::Write as _;

use compose_runtime::dev::*;

use super::faults::{self, Writer};
use super::open::{ANY_KIND_TO_WRITE, WriteMode, file_name};
use super::writer;

/// Description of Append.
pub static APPEND: ComponentSpec = ComponentSpec {
    type_name: "Append",
    category: Category::Files,
    summary: "Adds each message to the end of a file",
    docs: "Text is written as UTF-8, bytes are written unchanged, and other values are written in their text form. \
           Nothing is added between messages unless `newline` is on. Each message is written to the file before its \
           copy is sent on `outbox`. The file is created if it does not exist; `blat_file` empties it first. With \
           `hold_open` off, the file is reopened for each message, so another program can move it, for example to \
           rotate a log. A named pipe is refused unless `any_kind` is on; the component then waits until another program \
           reads the pipe, and reports that on the console.\n\n\
           Example: the `report` of a WireTap, linked to an Append, keeps an audit log.\n\n\
           Differs from the original: `newline` is new.",
    inboxes: &[BoxSpec::new("inbox", "Messages to add")],
    outboxes: &[BoxSpec::new("outbox", "Copies of the written messages, if forwarder is on")],
    params: &[
        ParamSpec::new("filename", ParamKind::FileToWrite, DefaultValue::Required, "The file to append to"),
        ParamSpec::switch("forwarder", true, "Emit a copy of each message"),
        ParamSpec::switch("newline", false, "Write a newline after each message"),
        ParamSpec::switch("blat_file", false, "Empty the file first"),
        ParamSpec::switch("hold_open", true, "Keep the file open between messages"),
        ANY_KIND_TO_WRITE,
    ],
    build: build_threaded::<Append>,
    ..ComponentSpec::EMPTY
};

struct Append {
    filename: String,
    forwarder: bool,
    newline: bool,
    blat_file: bool,
    hold_open: bool,
    any_kind: bool,
}

impl ThreadedComponent for Append {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let filename = file_name(params)?;
        let [forwarder, newline, blat_file, hold_open, any_kind] =
            ["forwarder", "newline", "blat_file", "hold_open", ANY_KIND_TO_WRITE.name].map(|name| params.switch(name));
        Ok(Self { filename, forwarder, newline, blat_file, hold_open, any_kind })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let path = io.path(&self.filename);
        let fault = |error: std::io::Error| faults::writing(&path, &error, Writer::OneFile);
        let open = |io: &mut ThreadIo| writer::open(io, &path, WriteMode::Append, self.any_kind);
        let mut file = open(&mut io)?;
        // A pipe or a device cannot be truncated.
        if self.blat_file && file.metadata().map_err(fault)?.is_file() {
            file.set_len(0).map_err(fault)?;
        }
        while let Some(message) = io.recv("inbox") {
            let mut bytes = match &message {
                Message::Image(_) | Message::Sound(_) | Message::Resource(_) => {
                    return Err(crate::refuse::wrong_kind("inbox", "text, bytes or values", &message));
                }
                Message::Bytes(bytes) => bytes.to_vec(),
                other => other.to_string().into_bytes(),
            };
            if self.newline {
                bytes.push(b'\n');
            }
            if !self.hold_open {
                file = open(&mut io)?;
            }
            file.write_all(&bytes).map_err(fault)?;
            if self.forwarder {
                io.send("outbox", message);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn messages_are_added_after_the_existing_contents() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        fs::write(&file, "old\n").unwrap();
        for (params, expected) in [
            (vec![], "old\na1"),
            (vec![("newline", true.into()), ("hold_open", false.into())], "old\na1a\n1\n"),
            (vec![("blat_file", true.into())], "a1"),
        ] {
            let mut all = vec![("filename", "log".into())];
            all.extend(params);
            let mut rig = Rig::in_folder(&APPEND, &all, folder.path().to_owned());
            rig.put("inbox", "a");
            rig.put("inbox", 1);
            rig.finish();
            rig.run_until(|rig| rig.state() == State::Finished);
            assert_eq!(fs::read_to_string(&file).unwrap(), expected);
            assert_eq!(rig.take("outbox"), [Message::from("a"), 1.into()]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_named_pipe_is_refused_unless_asked_for() {
        use std::io::Read as _;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let params = |any_kind: bool| [("filename", "pipe".into()), ("any_kind", any_kind.into())];
        let mut rig = Rig::in_folder(&APPEND, &params(false), folder.path().to_owned());
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(
            state.contains("this is a named pipe, not a regular file; choose another name, or turn on any_kind"),
            "{state}"
        );

        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            fs::File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
            text
        });
        let mut rig = Rig::in_folder(&APPEND, &params(true), folder.path().to_owned());
        rig.put("inbox", "hello");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(reader.join().unwrap(), "hello");
        let console = rig.console();
        assert!(console[0].contains("the component waits until another program reads it"), "{console:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_written() {
        let params = [("filename", "/dev/null".into()), ("blat_file", true.into())];
        let mut rig = Rig::new(&APPEND, &params);
        rig.put("inbox", "a");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let mut rig = Rig::new(&APPEND, &[("filename", "/dev/full".into())]);
        rig.put("inbox", "a");
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("the file cannot be written"), "{:?}", rig.state());
    }
}
