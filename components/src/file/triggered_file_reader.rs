//! TriggeredFileReader: emits the complete contents of each file that is named on its inbox.

use std::io::Read as _;

use compose_runtime::dev::*;

use super::faults;
use super::open::{ANY_KIND, name_in, to_read};
use crate::refuse::{REJECTED, reject};

/// Description of TriggeredFileReader.
pub static TRIGGERED_FILE_READER: ComponentSpec = ComponentSpec {
    type_name: "TriggeredFileReader",
    category: Category::Files,
    summary: "Emits the complete contents of each named file",
    docs: "Paths are relative to the project file. A line break at the end of a path is not part of the name, so lines \
           of a file can be paths; leading and trailing spaces are part of the name. If a file cannot be read or is \
           larger than `largest`, the error is reported on the console and the file name goes to `rejected`. With \
           `pairs`, it emits lists of name and contents, which WholeFileWriter accepts.\n\n\
           Example: to copy files, link a Find, a Grep, a TriggeredFileReader with `pairs`, an Expression that changes \
           the folder, and a WholeFileWriter in this order.",
    inboxes: &[BoxSpec::new("inbox", "Paths of files").kinds(&[Kind::Text])],
    outboxes: &[
        BoxSpec::new("outbox", "Contents, or lists of name and contents").kinds(&[Kind::Bytes, Kind::List]),
        REJECTED,
    ],
    params: &[
        ParamSpec::switch("pairs", false, "Emit lists of name and contents"),
        ParamSpec::int("largest", 1, 1 << 30, 64 << 20, "Maximum size of a file to read").unit("bytes"),
        ANY_KIND,
    ],
    build: build::<TriggeredFileReader>,
    ..ComponentSpec::EMPTY
};

struct TriggeredFileReader {
    pairs: bool,
    largest: u64,
    any_kind: bool,
}

impl Component for TriggeredFileReader {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let [pairs, any_kind] = ["pairs", ANY_KIND.name].map(|name| params.switch(name));
        Ok(Self { pairs, largest: params.count("largest") as u64, any_kind })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let Some(name) = message.as_text().map(name_in).map(str::to_owned) else {
                reject(&io, "inbox", message, "expected the path of a file").await;
                continue;
            };
            let (path, largest, any_kind) = (io.path(&name), self.largest, self.any_kind);
            let reader = io.outside("file", move |port| async move {
                let contents = blocking::unblock(move || {
                    let mut contents = Vec::new();
                    let read =
                        to_read(&path, any_kind).and_then(|file| file.take(largest + 1).read_to_end(&mut contents));
                    read.map_err(|error| faults::reading(&path, &error, true))?;
                    if contents.len() as u64 > largest {
                        let path = path.display();
                        return Err(Fault::new(format!(
                            "this file is larger than {largest} bytes; increase largest: {path}"
                        )));
                    }
                    Ok(contents)
                });
                port.send(contents.await?).await;
                Ok(())
            });
            match reader.recv().await {
                Ok(Some(contents)) if self.pairs => io.send("outbox", Message::list([name.into(), contents])).await,
                Ok(Some(contents)) => io.send("outbox", contents).await,
                Ok(None) => {}
                Err(fault) => reject(&io, "inbox", message, fault.text()).await,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn files_are_emitted_whole_and_errors_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), b"one\xff").unwrap();
        std::fs::write(folder.path().join("big"), [0; 100]).unwrap();
        let params = [("pairs", true.into()), ("largest", 99.into())];
        let mut rig = Rig::in_folder(&TRIGGERED_FILE_READER, &params, folder.path().to_owned());
        for name in ["a", "none", "big"] {
            rig.put("inbox", name);
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.take("outbox"), [Message::list(["a".into(), Message::bytes(b"one\xff")])]);
        assert_eq!(rig.texts("rejected"), ["none", "big"]);
        assert_eq!(rig.console().len(), 2);
    }

    #[test]
    fn a_name_may_begin_and_end_with_a_space() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["end ", " begin", "tab\t", "plain"];
        for name in names {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let mut rig = Rig::in_folder(&TRIGGERED_FILE_READER, &[], folder.path().to_owned());
        for name in names {
            rig.put("inbox", name);
        }
        rig.put("inbox", "end \r\n");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.texts("outbox"), ["end ", " begin", "tab\t", "plain", "end "]);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_rejected() {
        let mut rig = Rig::new(&TRIGGERED_FILE_READER, &[]);
        rig.put("inbox", "/dev/zero");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.texts("rejected"), ["/dev/zero"]);
        assert!(rig.console()[0].contains("this is a device, not a regular file"), "{:?}", rig.console());
    }
}
