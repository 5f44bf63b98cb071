//! WholeFileWriter: writes one complete file per message.
//!
//! Runs on its own thread. It first writes a temporary file in the same folder and then renames it, so a file appears
//! under its name only when it is complete.

use compose_runtime::dev::*;

use super::confined::{NameError, path_inside};
use super::faults::{self, Writer};
use super::open::write_whole;
use crate::refuse::{wrong_kind, wrong_value};

/// Description of WholeFileWriter.
pub static WHOLE_FILE_WRITER: ComponentSpec = ComponentSpec {
    type_name: "WholeFileWriter",
    category: Category::Files,
    summary: "Writes one complete file per message",
    docs: "Each message is a list of a name and contents (text, written as UTF-8, or bytes). Names are relative to \
           `folder`, which is created if it does not exist, must stay inside it and must not end with a slash; this also holds for symbolic \
           links in the folder. A link to a file inside the folder stays a link, and the file is written. A file \
           appears only when it is complete. The name of each written file is sent on `outbox`. If a file already exists, the component \
           crashes unless `overwrite` is on. A replaced file is a new file with the old permissions: it belongs to \
           the user who runs the program, and other hard links to the old file keep the old contents.\n\n\
           Example: a TriggeredFileReader with `pairs`, linked to a WholeFileWriter, copies files into a folder.\n\n\
           Differs from the original: names must stay inside the folder, and existing files are not replaced unless \
           `overwrite` is on.",
    inboxes: &[BoxSpec::new("inbox", "Lists of name and contents").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "The name of each written file").kinds(&[Kind::Text])],
    params: &[
        ParamSpec::text("folder", ".", "Folder to write to; relative to the project file"),
        ParamSpec::switch("overwrite", false, "Replace existing files"),
    ],
    build: build_threaded::<WholeFileWriter>,
    ..ComponentSpec::EMPTY
};

struct WholeFileWriter {
    folder: String,
    overwrite: bool,
}

impl ThreadedComponent for WholeFileWriter {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { folder: params.text("folder"), overwrite: params.switch("overwrite") })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let folder = io.path(&self.folder);
        while let Some(message) = io.recv("inbox") {
            let (name, contents) = pair(&message)?;
            let written = path_inside(&folder, name)
                .and_then(|path| write_whole(&path, contents, self.overwrite).map_err(NameError::from));
            written.map_err(|error| match error {
                NameError::Folder { path, error } => faults::folder(&path, &error),
                NameError::File(error) => faults::writing(&folder.join(name), &error, Writer::WholeFiles),
            })?;
            io.send("outbox", name);
        }
        Ok(())
    }
}

/// The name and the contents in a message.
fn pair(message: &Message) -> Result<(&str, &[u8]), Fault> {
    let items = match message {
        Message::List(items) => items.as_slice(),
        _ => &[],
    };
    let [name, contents] = items else {
        return Err(wrong_value("inbox", "a list of name and contents", message));
    };
    let text = name.as_text().ok_or_else(|| wrong_kind("inbox", "a name as the first item of the list", name))?;
    let bytes = contents.as_bytes();
    let bytes = bytes.ok_or_else(|| wrong_kind("inbox", "text or bytes as the second item of the list", contents))?;
    Ok((text, bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn write(folder: &Path, overwrite: bool, name: &str, contents: Message) -> Result<Vec<String>, State> {
        let params = [("folder", "new".into()), ("overwrite", overwrite.into())];
        let mut rig = Rig::in_folder(&WHOLE_FILE_WRITER, &params, folder.to_owned());
        rig.put("inbox", Message::list([name.into(), contents]));
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        match rig.state() {
            crashed @ State::Crashed(_) => Err(crashed),
            _ => Ok(rig.texts("outbox")),
        }
    }

    #[test]
    fn files_are_written_whole_and_only_replaced_with_overwrite() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/sub/a");
        assert_eq!(write(folder.path(), false, "sub/a", Message::bytes(b"\xff1")), Ok(vec!["sub/a".to_owned()]));
        assert_eq!(fs::read(&file).unwrap(), b"\xff1");
        let error = format!("{:?}", write(folder.path(), false, "sub/a", "2".into()));
        assert!(error.contains("this file already exists"), "{error}");
        assert!(write(folder.path(), true, "sub/a", "3".into()).is_ok());
        assert_eq!(fs::read(&file).unwrap(), b"3");
        assert_eq!(fs::read_dir(folder.path().join("new/sub")).unwrap().count(), 1);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../a", "/tmp/a", "sub/../../a", ""] {
            let error = format!("{:?}", write(folder.path(), true, name, "x".into()));
            assert!(error.contains("outside the folder"), "{error}");
        }
    }

    #[test]
    fn a_folder_that_is_a_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("new"), "").unwrap();
        let error = format!("{:?}", write(folder.path(), true, "a", "x".into()));
        assert!(error.contains("this is not a folder; choose a folder") && error.contains("/new"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_a_broken_link_is_named() {
        for target in ["new", "nothing"] {
            let folder = tempfile::tempdir().unwrap();
            std::os::unix::fs::symlink(target, folder.path().join("new")).unwrap();
            let error = format!("{:?}", write(folder.path(), false, "a", "x".into()));
            assert!(error.contains("this link does not point to a folder; choose a folder"), "{target}: {error}");
        }
    }

    #[test]
    fn the_remedies_for_a_name_are_possible() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), false, "a", "x".into()).unwrap();
        let error = format!("{:?}", write(folder.path(), false, "a", "y".into()));
        assert!(error.contains("turn on overwrite or choose another name"), "{error}");
        let error = format!("{:?}", write(folder.path(), false, "trail/", "y".into()));
        assert!(error.contains("remove the slash at its end") && error.contains("trail/"), "{error}");
    }

    #[test]
    fn an_item_of_the_wrong_kind_is_named() {
        for (message, expected) in [
            (Message::list(["n".into(), 5.into()]), "text or bytes as the second item of the list, not int: 5"),
            (Message::list([5.into(), "x".into()]), "a name as the first item of the list, not int: 5"),
            (Message::list([1.into()]), "a list of name and contents, not [1]"),
            (7.into(), "a list of name and contents, not 7"),
        ] {
            let mut rig = Rig::new(&WHOLE_FILE_WRITER, &[]);
            rig.put("inbox", message);
            rig.run_until(|rig| rig.state().has_ended());
            assert!(matches!(rig.state(), State::Crashed(error) if error.contains(expected)), "{:?}", rig.state());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("new/link");
        fs::create_dir(folder.path().join("new")).unwrap();
        fs::write(folder.path().join("new/target"), "old").unwrap();
        std::os::unix::fs::symlink("target", &link).unwrap();
        assert_eq!(write(folder.path(), true, "link", "new".into()), Ok(vec!["link".to_owned()]));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("new/target")).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_folder_does_not_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("new")).unwrap();
        fs::create_dir(folder.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", folder.path().join("new/out")).unwrap();
        let error = format!("{:?}", write(folder.path(), true, "out/a", "x".into()));
        assert!(error.contains("outside the folder"), "{error}");
        assert!(!folder.path().join("elsewhere/a").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_gets_the_permissions_that_the_umask_leaves() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), false, "a", "x".into()).unwrap();
        fs::write(folder.path().join("usual"), "").unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("new/a"), mode("usual"));
    }
}
