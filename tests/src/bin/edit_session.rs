//! Edits a project at random until the process is killed. Run by the tests of the edit journal.
//!
//! Arguments: the folder of the journals, the project file, the seed. After each step, writes a line: how many steps were
//! done, how many jobs the journal has been given, and how many of them are in the file.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // test support code: a broken fixture must fail loudly

use std::io::Write as _;
use std::path::PathBuf;

use compose_app::journal::Journal;
use compose_tests::edit_session::EditSession;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap();
    let (folder, file, seed) = (PathBuf::from(next()), PathBuf::from(next()), next().parse().unwrap());
    let mut session = EditSession::new(seed, &file);
    session.workspace_mut().protect(&folder, || {});
    let mut out = std::io::stdout().lock();
    for step in 1_u64.. {
        session.step(true);
        let journal = session.workspace().journal().unwrap();
        // A person is slower than a disk: now and then, let it catch up.
        if step % 8 == 0 {
            catch_up(journal);
        }
        let (queued, written) = (journal.queued(), journal.written());
        writeln!(out, "{step} {queued} {written}").unwrap();
    }
}

fn catch_up(journal: &Journal) {
    while journal.written() < journal.queued() {
        std::thread::yield_now();
    }
}
