//! The steps of a guide: fenced blocks that name a file, carried out on a copy of the tree.

use std::io;
use std::path::Path;

/// One block of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The file, from the root of the project.
    pub file: String,
    /// The line that the text follows, or the beginning of that line, without its indent; nothing if the text is the whole
    /// file.
    pub after: Option<String>,
    /// The text of the block.
    pub text: String,
}

/// The blocks below the heading that name a file in their first line: ```` ```rust path/to/file.rs after some line ````.
pub fn steps(guide: &str, heading: &str) -> Vec<Step> {
    let section = guide.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "));
    let (mut steps, mut open): (Vec<Step>, Option<Option<Step>>) = (Vec::new(), None);
    for line in section {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(step_of(info)),
            (Some(_), Some(_)) => steps.extend(open.take().flatten()),
            (Some(Some(step)), None) => step.text.extend([line, "\n"]),
            (Some(None) | None, None) => {}
        }
    }
    steps
}

fn step_of(info: &str) -> Option<Step> {
    let (_, rest) = info.split_once(' ')?;
    let (file, after) = rest.split_once(" after ").map_or((rest, None), |(file, after)| (file, Some(after)));
    Some(Step { file: file.to_owned(), after: after.map(str::to_owned), text: String::new() })
}

/// How many numbered steps the section has: paragraphs that begin `**1.`, `**2.` and so on.
pub fn count(guide: &str, heading: &str) -> usize {
    let section = guide.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "));
    let is_numbered = |line: &&str| {
        let number = line.strip_prefix("**").and_then(|line| line.split_once('.')).map_or("", |(number, _)| number);
        !number.is_empty() && number.bytes().all(|letter| letter.is_ascii_digit())
    };
    section.filter(is_numbered).count()
}

/// Carries out a step below `root`. An inserted text gets the indent of the line that it follows.
///
/// # Errors
/// The file cannot be read or written, or does not contain the line that the step names.
pub fn carry_out(root: &Path, step: &Step) -> io::Result<()> {
    let of_file = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", step.file));
    let path = root.join(&step.file);
    let text = match &step.after {
        None => step.text.clone(),
        Some(after) => {
            let old = std::fs::read_to_string(&path).map_err(of_file)?;
            let mut exact = old.lines().filter(|line| line.trim() == after);
            let mut begun = old.lines().filter(|line| line.trim().starts_with(after.as_str()));
            let line = exact.next().or_else(|| begun.next());
            let no_line = || io::Error::new(io::ErrorKind::InvalidData, format!("{} has no line `{after}`", step.file));
            let line = line.ok_or_else(no_line)?;
            let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
            let added: String = step.text.lines().flat_map(|added| [indent.as_str(), added, "\n"]).collect();
            old.replacen(&format!("{line}\n"), &format!("{line}\n{added}"), 1)
        }
    };
    std::fs::write(&path, text).map_err(of_file)
}

/// Makes `to` a copy of the project: sources and documents, without build results. Identical files are not rewritten,
/// so that a second build there is fast.
///
/// # Errors
/// Something cannot be read or written.
pub fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        names.push(name.clone());
        let (old, new) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copy_tree(&old, &new)?;
        } else {
            let bytes = std::fs::read(&old)?;
            if std::fs::read(&new).ok().as_ref() != Some(&bytes) {
                std::fs::write(&new, bytes)?;
            }
        }
    }
    for entry in std::fs::read_dir(to)? {
        let entry = entry?;
        if !names.contains(&entry.file_name()) {
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

/// Marks the packages of a copy as another version, so that cargo never mistakes them for those of the original tree:
/// both are built into the same folder, and cargo distinguishes packages of a workspace by name and version only.
///
/// # Errors
/// A file cannot be read or written.
pub fn set_version(copy: &Path, mark: &str) -> io::Result<()> {
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let marked = format!("version = \"{}-{mark}\"", env!("CARGO_PKG_VERSION"));
    let manifest = std::fs::read_to_string(copy.join("Cargo.toml"))?;
    std::fs::write(copy.join("Cargo.toml"), manifest.replacen(&version, &marked, 1))?;
    let lock = std::fs::read_to_string(copy.join("Cargo.lock"))?;
    let mut is_ours = false;
    let lines = lock.lines().map(|line| {
        let was_ours = std::mem::replace(&mut is_ours, line.starts_with("name = \"compose_"));
        if was_ours && line == version { marked.as_str() } else { line }
    });
    let lines: Vec<&str> = lines.collect();
    std::fs::write(copy.join("Cargo.lock"), lines.join("\n") + "\n")
}
