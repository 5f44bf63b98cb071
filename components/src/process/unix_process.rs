//! UnixProcess and Pipethrough: another program, with its input and output as boxes.

use compose_runtime::dev::*;
use futures_lite::future;

use super::child::{self, Job};

const DOCS: &str = "\
Runs `command` with the strings in `arguments`, without a shell: the program gets each argument exactly as written. \
With `shell` on, `command` is a line for the system's shell instead, and `arguments` are its $1, $2 and so on. The \
program is searched for on the search path and runs in the folder of the project file.

Messages in `inbox` (text or bytes) go to its standard input, which is closed when the input ends. Its standard output \
leaves from `outbox` as bytes, its standard error from `error`. Nothing is dropped: if the program reads slowly, the \
senders wait; if it writes faster than its output is read, the program waits. The component ends once the program has \
exited and all its output has been sent, even if a child process is still running; `status` then sends the exit status \
of the program as a number (128 plus the signal number if a signal ended it). If the status is not 0, the component \
crashes with the last line of standard error, unless `accept_failure` is on. When the component ends, is asked to \
stop, or the run ends in any way, the program and all processes that it has started are killed; a process that must \
live longer has to leave the process group, for example with `setsid`. After Ctrl-C, a program that neither ends nor \
writes anything is killed within a second.

Example: `command` = `sort` with `arguments` = `[\"-r\"]` between two components sorts their lines.

**Differs from the original:** no shell unless `shell` is on, nothing is dropped, and standard error has its own box.";

const INBOXES: &[BoxSpec] = &[BoxSpec::new("inbox", "Standard input of the program").kinds(&[Kind::Text, Kind::Bytes])];
const OUTBOXES: &[BoxSpec] = &[
    BoxSpec::new("outbox", "Standard output of the program").kinds(&[Kind::Bytes]),
    BoxSpec::new("error", "Standard error of the program").kinds(&[Kind::Bytes]),
    BoxSpec::new("status", "Exit status of the program, at the end").kinds(&[Kind::Int]),
];
const PARAMS: &[ParamSpec] = &[
    ParamSpec::text("command", "", "The program; with `shell`, a line for the shell").required(),
    ParamSpec::list("arguments", "Arguments of the program, as strings"),
    ParamSpec::switch("shell", false, "Let the shell interpret `command`; use it only with text you trust"),
    ParamSpec::switch("accept_failure", false, "Do not crash when the exit status is not 0"),
];

/// Description of UnixProcess.
pub static UNIX_PROCESS: ComponentSpec = ComponentSpec {
    type_name: "UnixProcess",
    category: Category::Files,
    summary: "Runs another program, with its input and output as boxes",
    docs: DOCS,
    inboxes: INBOXES,
    outboxes: OUTBOXES,
    params: PARAMS,
    sends_first: SendsFirst::Yes,
    build: build::<UnixProcess>,
    ..ComponentSpec::EMPTY
};

/// Description of Pipethrough, the older name.
pub static PIPETHROUGH: ComponentSpec = ComponentSpec {
    type_name: "Pipethrough",
    summary: "Runs another program; the older name of UnixProcess",
    ..UNIX_PROCESS
};

struct UnixProcess {
    job: Job,
    accept_failure: bool,
}

impl Component for UnixProcess {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let command = params.text("command");
        if command.trim().is_empty() {
            return Err(ParamError::Other("command is empty; name a program to run".to_owned()));
        }
        let mut arguments = Vec::new();
        for argument in params.list("arguments") {
            match argument {
                Message::Text(_) | Message::Int(_) | Message::Float(_) => arguments.push(argument.to_string()),
                other => {
                    return Err(ParamError::Other(format!(
                        "arguments: {} is not text; list strings or numbers",
                        other.label(40)
                    )));
                }
            }
        }
        let job = Job { command, arguments, shell: params.switch("shell") };
        Ok(Self { job, accept_failure: params.switch("accept_failure") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (job, folder) = (self.job.clone(), io.path(""));
        let far = io.outside(&format!("program {}", self.job.command), move |port| child::run(job, folder, port));
        let feed = async {
            while let Some(message) = io.recv("inbox").await {
                if message.as_bytes().is_none() {
                    return Err(crate::refuse::wrong_kind("inbox", "text or bytes", &message));
                }
                if !far.send(message).await {
                    break;
                }
            }
            if io.is_shutting_down() {
                return Ok(());
            }
            far.finish_sending();
            future::pending().await
        };
        let read = async {
            let mut last_error = Vec::new();
            while let Some(message) = far.recv().await? {
                match message {
                    Message::List(pair) => {
                        if let Some(text) = pair.first() {
                            last_error = text.as_bytes().unwrap_or_default().to_vec();
                            io.send("error", text.clone()).await;
                        }
                    }
                    Message::Int(status) => {
                        io.send("status", status).await;
                        if status != 0 && !self.accept_failure {
                            return Err(self.failure(status, &last_error));
                        }
                    }
                    output => io.send("outbox", output).await,
                }
            }
            Ok(())
        };
        future::or(read, feed).await
    }
}

impl UnixProcess {
    fn failure(&self, status: i64, last_error: &[u8]) -> Fault {
        let text = String::from_utf8_lossy(last_error);
        let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        let detail = if line.is_empty() { String::new() } else { format!(": {line}") };
        Fault::new(format!("{} ended with status {status}{detail}", self.job.command))
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn rig(command: &str, arguments: &[&str], more: &[(&str, Message)]) -> Rig {
        let mut params =
            vec![("command", command.into()), ("arguments", Message::list(arguments.iter().map(Message::text)))];
        params.extend_from_slice(more);
        Rig::new(&UNIX_PROCESS, &params)
    }

    fn output(rig: &mut Rig, outbox: &str) -> String {
        rig.texts(outbox).concat()
    }

    #[test]
    fn all_input_reaches_the_program_and_all_output_comes_back() {
        let mut rig = rig("cat", &[], &[]);
        for _ in 0..50 {
            rig.put("inbox", Message::bytes(vec![b'x'; 50_000]));
        }
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(output(&mut rig, "outbox").len(), 2_500_000);
        assert_eq!(rig.take("status"), [Message::Int(0)]);
    }

    #[test]
    fn arguments_reach_the_program_unchanged() {
        let mut rig = rig("printf", &["%s|", "a b", "$HOME; ls"], &[]);
        rig.run_until(|rig| rig.state().has_ended());
        assert_eq!(output(&mut rig, "outbox"), "a b|$HOME; ls|");
    }

    #[test]
    fn a_shell_runs_only_with_the_setting() {
        let mut rig = rig("echo out; echo $1 >&2; exit 3", &["oops"], &[("shell", true.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert_eq!((output(&mut rig, "outbox"), output(&mut rig, "error")), ("out\n".to_owned(), "oops\n".to_owned()));
        assert_eq!(rig.take("status"), [Message::Int(3)]);
        assert!(format!("{:?}", rig.state()).contains("ended with status 3: oops"));
    }

    #[test]
    fn a_process_that_keeps_the_pipes_open_does_not_keep_the_component() {
        // All output of the program is sent, although the pipes stay open.
        let mut rig = rig("sleep 1000 & head -c 60000 /dev/zero; echo oops >&2", &[], &[("shell", true.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert_eq!(rig.state(), State::Finished);
        assert_eq!((output(&mut rig, "outbox").len(), output(&mut rig, "error")), (60_000, "oops\n".to_owned()));
        assert_eq!(rig.take("status"), [Message::Int(0)]);
    }

    #[test]
    fn a_program_reads_on_after_it_has_closed_its_output() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        let line = format!("exec >&- 2>&-; touch {0}.ready; cat > {0}", copy.display());
        let mut rig = rig(&line, &[], &[("shell", true.into())]);
        rig.run_until(|_| folder.path().join("copy.ready").exists());
        rig.put("inbox", "late");
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        assert_eq!(std::fs::read_to_string(copy).unwrap(), "late");
    }

    #[test]
    fn a_program_that_is_not_found_is_named() {
        let mut rig = rig("no-such-program-anywhere", &[], &[]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains("was not found") && state.contains("no-such-program-anywhere"), "{state}");
    }

    #[test]
    fn the_processes_that_the_program_has_started_are_killed_with_it() {
        for ends_itself in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let wait = if ends_itself { "true" } else { "wait" };
            let line = format!(
                "sleep 1000 >/dev/null 2>&1 & echo $! > {0}/pid.new; mv {0}/pid.new {0}/pid; {wait}",
                folder.path().display()
            );
            let mut rig = rig(&line, &[], &[("shell", true.into())]);
            let pid = folder.path().join("pid");
            rig.run_until(|_| pid.exists());
            let pid = std::fs::read_to_string(pid).unwrap();
            if !ends_itself {
                rig.shutdown();
            }
            rig.run_until(|rig| rig.state() == State::Finished);
            rig.run_until(|_| !is_running(pid.trim()));
        }
    }

    /// Whether a process is running; a zombie is not.
    fn is_running(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn the_program_is_killed_with_its_component() {
        let folder = tempfile::tempdir().unwrap();
        let line = format!("echo $$ > {0}/pid.new; mv {0}/pid.new {0}/pid; exec sleep 1000", folder.path().display());
        let mut rig = rig(&line, &[], &[("shell", true.into())]);
        let pid = folder.path().join("pid");
        rig.run_until(|_| pid.exists());
        let pid = std::fs::read_to_string(pid).unwrap();
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
        let alive = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
        rig.run_until(|_| !alive.exists());
    }
}
