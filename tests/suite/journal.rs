//! Unsaved work survives: edit sessions are killed at random moments, and their work is offered again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use compose_app::journal::Recovery;
use compose_app::project::store;
use compose_app::workspace::Workspace;

use compose_tests::edit_session::EditSession;

/// How many sessions are killed.
const SESSIONS: u64 = 1000;

/// What a session said about one step.
struct Step {
    queued: u64,
    written: u64,
    ms: u64,
}

/// Runs a session until it has said `lines` lines, then kills it. Returns all that it said.
fn killed_session(folder: &Path, file: &Path, seed: u64, lines: usize) -> Vec<Step> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_edit_session"))
        .args([folder, file])
        .arg(seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut steps = Vec::new();
    let mut line = String::new();
    // `kill` sends SIGKILL. The session goes on until the signal arrives, so the rest of its output is read, too.
    while said.read_line(&mut line).unwrap() > 0 {
        // The last line may be cut.
        if let Some(whole) = line.strip_suffix('\n') {
            let numbers: Vec<u64> = whole.split(' ').map(|number| number.parse().unwrap()).collect();
            let [step, queued, written, ms] = numbers[..] else { panic!("{whole:?}") };
            assert_eq!(step, steps.len() as u64 + 1);
            steps.push(Step { queued, written, ms });
        }
        line.clear();
        if steps.len() == lines {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    steps
}

/// Checks what is left of a killed session: the project file opens, and the journal restores a state that the session
/// was in after everything that it had written, and at most a second before its end.
fn check(folder: &Path, file: &Path, seed: u64, steps: &[Step]) {
    let written = steps.last().unwrap().written;
    let kept = steps.iter().take_while(|step| step.queued <= written).count();
    let end_ms = steps.last().unwrap().ms;
    let lost_ms = steps.get(kept).map_or(0, |first_lost| end_ms - first_lost.ms);
    assert!(lost_ms <= 1000, "seed {seed}: {lost_ms} ms of work were not written");

    let saved = file.exists().then(|| store::open(file).unwrap());
    if let Some(saved) = &saved {
        assert_eq!(saved.problems, [], "seed {seed}: the project file is damaged");
    }
    let mut recovered = Workspace::new(compose_components::registry());
    recovered.protect(folder, || {});
    let is_offered = !recovered.recoveries().is_empty();
    if is_offered {
        assert_eq!(recovered.recoveries().len(), 1);
        recovered.recover(0);
    } else if let Some(saved) = saved {
        recovered.open(saved.project, saved.problems);
    }
    let found = EditSession::seen(&recovered);
    let found_document = compose_app::project::format::to_text(recovered.document());

    // The session may have done one more step than it could say.
    let mut same = EditSession::new(seed, Path::new("/none"));
    let mut is_found = false;
    for step in 0..=steps.len() + 1 {
        if step > 0 {
            same.step(false);
        }
        if step >= kept {
            let document = compose_app::project::format::to_text(same.workspace().document());
            // Without a journal there is no undo history, and only a saved state can be left.
            is_found |=
                if is_offered { EditSession::seen(same.workspace()) == found } else { document == found_document };
        }
    }
    assert!(is_found, "seed {seed}: nothing between step {kept} and {} was restored, but:\n{found}", steps.len());
    recovered.close();
}

#[test]
fn a_thousand_edit_sessions_killed_at_random_moments_lose_at_most_the_last_second() {
    let (mut offered, mut done) = (0, 0);
    for seed in 0..SESSIONS {
        let home = tempfile::tempdir().unwrap();
        let (folder, file) = (home.path().join("journal"), home.path().join("project.json"));
        // The moment depends on the seed alone; the signal then arrives in the middle of whatever is being done.
        let lines = 1 + (seed as usize * 7919) % 97;
        let steps = killed_session(&folder, &file, seed, lines);
        done += steps.len();
        offered += usize::from(!Recovery::find(&folder).is_empty());
        check(&folder, &file, seed, &steps);
    }
    assert!(offered > 700, "only {offered} of {SESSIONS} sessions left unsaved work");
    assert!(done > 20_000, "the sessions did only {done} steps");
}
