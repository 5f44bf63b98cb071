//! Find: walks a folder and emits the paths in it.

use std::fs;
use std::path::{Path, PathBuf};

use compose_runtime::dev::*;

use super::faults;
use super::open::name_in;
use crate::refuse::REJECTED;

/// Description of Find.
pub static FIND: ComponentSpec = ComponentSpec {
    type_name: "Find",
    category: Category::Files,
    summary: "Walks a folder and emits the paths in it",
    docs: "Walks the folder and all its subfolders, each in alphabetical order. `walktype` selects what to emit: \
           everything (*a*), files (*f*) or folders (*d*). Paths start with `path` as it is written in the setting. \
           With `act_like_find`, the folder itself is emitted first. Symbolic links are emitted but not followed. A \
           subfolder that cannot be read is reported on the console and its path goes to `rejected`; so is a path \
           that is not valid UTF-8 or ends in a line break, because a component that receives a path would open \
           another file or none. If `path` is not a folder, the component crashes and names the path.\n\n\
           Example: link a Find to a Grep with `\\.txt$`, and the Grep to a ConsoleEchoer, to list text files.",
    outboxes: &[BoxSpec::new("outbox", "Paths").kinds(&[Kind::Text]), REJECTED],
    params: &[
        ParamSpec::text("path", ".", "The folder; relative to the project file"),
        ParamSpec::choice("walktype", &["a", "f", "d"], "Everything, files only or folders only"),
        ParamSpec::switch("act_like_find", true, "Also emit the folder itself"),
    ],
    build: build_threaded::<Find>,
    ..ComponentSpec::EMPTY
};

struct Find {
    path: String,
    files: bool,
    folders: bool,
    itself: bool,
}

impl ThreadedComponent for Find {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let (path, walktype) = (params.text("path"), params.text("walktype"));
        if path.is_empty() {
            return Err(ParamError::Other("path: enter the name of a folder, or . for that of the project".to_owned()));
        }
        Ok(Self { path, files: walktype != "d", folders: walktype != "f", itself: params.switch("act_like_find") })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        let base = io.path("");
        let start = PathBuf::from(&self.path);
        // The top folder must be readable. Errors in subfolders are reported, and the walk continues.
        entries(&base.join(&start)).map_err(|error| faults::folder(&base.join(&start), &error))?;
        let mut waiting = vec![(start.clone(), true)];
        while let Some((path, is_folder)) = waiting.pop() {
            let is_wanted = if is_folder { self.folders } else { self.files };
            if is_wanted && (self.itself || path != start) {
                match usable(&path) {
                    Ok(name) if !io.send("outbox", name) => return Ok(()),
                    Ok(_) => {}
                    Err(why) => {
                        let name = path.display().to_string();
                        let note = format!("{why}; rename it: {name}");
                        io.on_scheduler(move |io| async move { io.note(&note) });
                        io.send("rejected", name);
                    }
                }
            }
            if !is_folder {
                continue;
            }
            match entries(&base.join(&path)) {
                Ok(found) => {
                    waiting.extend(found.into_iter().rev().map(|(name, is_folder)| (path.join(name), is_folder)));
                }
                Err(error) => {
                    let fault = faults::folder(&path, &error);
                    io.on_scheduler(move |io| async move { io.note(fault.text()) });
                    io.send("rejected", path.display().to_string());
                }
            }
        }
        Ok(())
    }
}

/// Why a component that receives a path cannot open the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum UnusableName {
    #[error("this name is not valid UTF-8")]
    Encoding,
    #[error("this name ends in a line break, which is not part of a name in a message")]
    LineBreak,
}

/// The path as text with which a receiving component can open the file, or the reason why there is none.
fn usable(path: &Path) -> Result<&str, UnusableName> {
    let name = path.to_str().ok_or(UnusableName::Encoding)?;
    if name_in(name) == name { Ok(name) } else { Err(UnusableName::LineBreak) }
}

/// Sorted names in a folder, each with a flag for whether it is a folder; a symbolic link does not count as one.
fn entries(folder: &Path) -> std::io::Result<Vec<(PathBuf, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        found.push((PathBuf::from(entry.file_name()), entry.file_type().is_ok_and(|kind| kind.is_dir())));
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn found(params: &[(&str, Message)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("top/b")).unwrap();
        for name in ["top/c", "top/b/x", "top/a"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let mut all = vec![("path", "top".into())];
        all.extend_from_slice(params);
        let mut rig = Rig::in_folder(&FIND, &all, folder.path().to_owned());
        rig.run_until(|rig| rig.state() == State::Finished);
        rig.texts("outbox")
    }

    #[test]
    fn paths_are_emitted_in_alphabetical_order() {
        assert_eq!(found(&[]), ["top", "top/a", "top/b", "top/b/x", "top/c"]);
        assert_eq!(found(&[("walktype", "f".into())]), ["top/a", "top/b/x", "top/c"]);
        assert_eq!(found(&[("walktype", "d".into()), ("act_like_find", false.into())]), ["top/b"]);
    }

    #[test]
    fn a_missing_folder_crashes_it_and_is_named() {
        let mut rig = Rig::new(&FIND, &[("path", "/nowhere/at/all".into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains("this folder does not exist; choose another folder: /nowhere/at/all"), "{state}");
    }

    #[test]
    fn a_path_that_is_a_file_or_empty_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut rig = Rig::new(&FIND, &[("path", file.path().display().to_string().into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains("this is not a folder; choose a folder"), "{state}");
        let params = Params::check(FIND.params, [("path", &Message::text(""))]).unwrap();
        assert!(
            (FIND.build)(&params).is_err_and(|error| error.to_string().contains("path: enter the name of a folder"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_ends_in_a_line_break_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["n", "n\n", "n\r", "a\nb"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let mut rig = Rig::in_folder(&FIND, &[("walktype", "f".into())], folder.path().to_owned());
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.texts("outbox"), ["./a\nb", "./n"]);
        assert_eq!(rig.texts("rejected"), ["./n\n", "./n\r"]);
        assert!(rig.console()[0].contains("ends in a line break"), "{:?}", rig.console());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_text_is_reported_and_rejected() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"a\xff")), "").unwrap();
        let params = [("walktype", "f".into())];
        let mut rig = Rig::in_folder(&FIND, &params, folder.path().to_owned());
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!((rig.texts("outbox").len(), rig.texts("rejected").len()), (0, 1));
        assert!(rig.console()[0].contains("is not valid UTF-8"), "{:?}", rig.console());
    }
}
