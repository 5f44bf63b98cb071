//! Runs the real `kamaelia-compose` binary as a child process, with a time limit.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Time limit for a run. A process that takes longer is killed, and the test fails.
pub const LIMIT: Duration = Duration::from_mins(1);

/// Path of the binary in the build folder of this test binary: `target/<profile>/kamaelia-compose`.
///
/// `make test` builds it. To build it by hand, run `cargo build -p compose_app`.
pub fn path() -> PathBuf {
    let here = std::env::current_exe().expect("the path of the test binary is known");
    let name = format!("kamaelia-compose{}", std::env::consts::EXE_SUFFIX);
    let found = here.ancestors().map(|folder| folder.join(&name)).find(|candidate| candidate.is_file());
    found.expect("kamaelia-compose is not built: run `cargo build -p compose_app` first")
}

/// The result of a finished run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; `None` if a signal killed the process.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// The lines of standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// Panics with the output of the process unless it exited with `code`.
    #[allow(clippy::return_self_not_must_use)] // called for its check
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs the binary with these arguments in the project root, with empty standard input.
pub fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Outcome {
    Running::start(command(arguments), "").wait()
}

/// Runs the binary with these arguments and this standard input.
pub fn run_with_input<S: AsRef<std::ffi::OsStr>>(arguments: &[S], input: &str) -> Outcome {
    Running::start(command(arguments), input).wait()
}

/// The command, not yet started. It runs in the project root, without a display.
pub fn command<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(path());
    command.args(arguments).current_dir(crate::root());
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    command
}

/// A running child process. Dropping it kills the process.
pub struct Running {
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    started: Instant,
}

impl Running {
    /// Starts `command`, writes `input` to its standard input and closes that.
    pub fn start(mut command: Command, input: &str) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        // A child that does not read its input may close it early. The test must not fail because of that.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        let stdout = read_all(child.stdout.take().expect("its output is a pipe"));
        let stderr = read_all(child.stderr.take().expect("its errors are a pipe"));
        Self { child, stdout: Some(stdout), stderr: Some(stderr), started: Instant::now() }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the process a signal by name, such as `INT` or `TERM`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "kill -{name} failed");
    }

    /// Waits until the process exits. Panics if the run takes longer than [`LIMIT`].
    pub fn wait(mut self) -> Outcome {
        // A watchdog kills the process if it does not exit in time.
        let (ended, watched) = std::sync::mpsc::channel::<()>();
        let (process, left) = (self.id().to_string(), LIMIT.saturating_sub(self.started.elapsed()));
        let watchdog = std::thread::spawn(move || {
            let is_late = watched.recv_timeout(left) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
            if is_late {
                drop(Command::new("kill").args(["-KILL", &process]).status());
            }
            is_late
        });
        let status = self.child.wait().expect("a child can be waited for");
        drop(ended);
        let is_late = watchdog.join().expect("the watchdog does not panic");
        let (stdout, stderr) = self.texts();
        assert!(!is_late, "still running after {LIMIT:?}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        Outcome { code: status.code(), stdout, stderr }
    }

    fn texts(&mut self) -> (String, String) {
        let text = |reader: Option<JoinHandle<String>>| reader.and_then(|reader| reader.join().ok());
        (text(self.stdout.take()).unwrap_or_default(), text(self.stderr.take()).unwrap_or_default())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read_all(mut pipe: impl std::io::Read + Send + 'static) -> JoinHandle<String> {
    std::thread::Builder::new()
        .name("test-reader".to_owned())
        .spawn(move || {
            let mut bytes = Vec::new();
            drop(pipe.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        })
        .expect("a thread starts")
}

/// The final snapshot of `run --stats`, with the lookups that tests need.
#[derive(Debug, Clone)]
pub struct Stats(pub serde_json::Value);

impl Stats {
    /// Reads the file written by `--stats FILE`.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("--stats has written its file");
        Self(serde_json::from_str(&text).expect("--stats writes JSON"))
    }

    /// The entry of a component.
    pub fn component(&self, name: &str) -> &serde_json::Value {
        let components = self.0["components"].as_array().expect("components is a list");
        components.iter().find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no component {name}"))
    }

    /// A numeric field of a component, or 0 if it is absent.
    pub fn number(&self, component: &str, key: &str) -> u64 {
        self.component(component)[key].as_u64().unwrap_or_default()
    }

    /// Number of messages delivered over a link.
    pub fn delivered(&self, from: &str, to: &str) -> u64 {
        let links = self.0["links"].as_array().expect("links is a list");
        let found = links.iter().find(|link| link["from"] == from && link["to"] == to);
        found.unwrap_or_else(|| panic!("no link {from} -> {to} in {links:?}"))["delivered"].as_u64().unwrap_or_default()
    }

    /// The states of all components.
    pub fn states(&self) -> Vec<(String, String)> {
        let components = self.0["components"].as_array().expect("components is a list");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        components.iter().map(|entry| (text(&entry["name"]), text(&entry["state"]))).collect()
    }
}
