//! Output: passes the console lines and notes of components to the functions of the configuration.
//!
//! Called during turns, on the scheduler thread, so a slow function delays the run.

use std::cell::RefCell;
use std::io::Write as _;

use crate::escape::one_line;

/// Called for every console line or note: the component's name and the text.
pub type ConsoleFn = Box<dyn FnMut(&str, &str)>;

/// Writes a note to standard error, because standard output belongs to the console components.
pub fn note_on_stderr(component: &str, text: &str) {
    // If standard error is closed, there is nowhere left to report to.
    let _ = writeln!(std::io::stderr(), "{}: {text}", one_line(component));
}

/// The console and the notes of one scheduler.
pub(crate) struct Output {
    console: RefCell<ConsoleFn>,
    note: RefCell<ConsoleFn>,
}

impl Output {
    pub fn new(console: ConsoleFn, note: ConsoleFn) -> Self {
        Self { console: RefCell::new(console), note: RefCell::new(note) }
    }

    /// Sends lines and notes to other functions from now on.
    pub fn redirect(&self, console: ConsoleFn, note: ConsoleFn) {
        *self.console.borrow_mut() = console;
        *self.note.borrow_mut() = note;
    }

    /// Writes a console line.
    pub fn print(&self, component: &str, line: &str) {
        (self.console.borrow_mut())(component, line);
    }

    /// Writes a note: a component's report about itself, apart from its output. Control characters in it are
    /// escaped, because it may quote messages, file names and server responses.
    pub fn note(&self, component: &str, text: &str) {
        (self.note.borrow_mut())(component, &one_line(text));
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn control_characters_are_escaped_in_notes_and_kept_in_console_lines() {
        let lines = Rc::new(RefCell::new(Vec::new()));
        let keep = |lines: &Rc<RefCell<Vec<String>>>| -> ConsoleFn {
            let lines = lines.clone();
            Box::new(move |_, line| lines.borrow_mut().push(line.to_owned()))
        };
        let output = Output::new(keep(&lines), keep(&lines));
        output.print("a", "\u{1b}[1mdata");
        output.note("a", "the server answers \u{1b}]0;x\u{7}\nsecond line");
        assert_eq!(*lines.borrow(), ["\u{1b}[1mdata", "the server answers \\u{1b}]0;x\\u{7}\\nsecond line"]);
    }
}
