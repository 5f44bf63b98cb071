//! A virtual screen: an X server without a monitor that shows the real window and simulates a mouse and a keyboard.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::wait_until;

/// Width and height of the screen, in pixels.
pub const SIZE: (u32, u32) = (1366, 768);

/// An `Xvfb` server on a free display. Dropping it stops the server.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// Starts the X server and waits until it accepts connections.
    pub fn start() -> Self {
        let size = format!("{}x{}x24", SIZE.0, SIZE.1);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts; `make setup` installs it");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("its output is a pipe");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb prints its display number");
        Self { server, display: format!(":{}", number.trim()) }
    }

    /// Makes `command` open its window on this screen, with software rendering.
    pub fn apply(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
    }

    /// Runs xdotool with these arguments. Returns its output, or `None` if it failed.
    pub fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Waits for the visible window of a process and gives it the keyboard focus.
    pub fn wait_for_window(&self, process: u32) -> String {
        let process = process.to_string();
        let window = wait_until("a window of the application", Duration::from_secs(30), || {
            let found = self.xdotool(&["search", "--onlyvisible", "--pid", &process, "--name", "."])?;
            found.lines().last().map(str::to_owned)
        });
        self.xdotool(&["windowfocus", "--sync", &window]);
        window
    }

    /// Resizes a window to fill the screen.
    pub fn fill_with(&self, window: &str) {
        let (width, height) = (SIZE.0.to_string(), SIZE.1.to_string());
        self.xdotool(&["windowmove", window, "0", "0"]);
        self.xdotool(&["windowsize", window, &width, &height]);
        wait_until("the window to fill the screen", Duration::from_secs(10), || {
            let geometry = self.xdotool(&["getwindowgeometry", window])?;
            geometry.contains(&format!("{width}x{height}")).then_some(())
        });
        self.xdotool(&["windowfocus", window]);
    }

    /// The title of a window.
    pub fn title(&self, window: &str) -> String {
        self.xdotool(&["getwindowname", window]).unwrap_or_default()
    }

    /// Moves the mouse to a position, in pixels from the top left corner of the screen.
    pub fn move_to(&self, at: (f32, f32)) {
        let (x, y) = (at.0.round().to_string(), at.1.round().to_string());
        self.xdotool(&["mousemove", "--sync", &x, &y]).expect("the mouse moves");
    }

    /// Clicks with the left button.
    pub fn click(&self, at: (f32, f32)) {
        self.move_to(at);
        self.xdotool(&["click", "1"]).expect("the mouse clicks");
    }

    /// Double-clicks with the left button.
    pub fn double_click(&self, at: (f32, f32)) {
        self.move_to(at);
        self.xdotool(&["click", "--repeat", "2", "--delay", "80", "1"]).expect("the mouse clicks");
    }

    /// Drags from one position to another in ten steps, as a user would.
    pub fn drag(&self, from: (f32, f32), to: (f32, f32)) {
        self.move_to(from);
        self.xdotool(&["mousedown", "1"]).expect("the button goes down");
        // A press counts for what is under the pointer at the end of its frame, so the pointer stays there for some frames.
        for step in 1_u8..=6 {
            self.move_to((from.0 + f32::from(step % 2), from.1));
            self.let_a_frame_pass();
        }
        for step in 1_u8..=10 {
            let part = f32::from(step) / 10.0;
            self.move_to((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
            self.let_a_frame_pass();
        }
        self.xdotool(&["mouseup", "1"]).expect("the button comes up");
        self.let_a_frame_pass();
    }

    /// Presses a key or a combination such as `ctrl+s`.
    pub fn key(&self, key: &str) {
        self.xdotool(&["key", key]).expect("the key is pressed");
        self.let_a_frame_pass();
    }

    /// Types text.
    pub fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", "20", text]).expect("the text is typed");
        self.let_a_frame_pass();
    }

    /// Saves a screenshot of the whole screen to `path`.
    pub fn picture(&self, path: &Path) {
        let status = Command::new("import")
            .args(["-window", "root", &path.display().to_string()])
            .env("DISPLAY", &self.display)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "`import` could not take a screenshot; `make setup` installs it"
        );
    }

    /// Waits about as long as a user does between two movements, so that the application can draw a frame.
    fn let_a_frame_pass(&self) {
        std::thread::park_timeout(Duration::from_millis(30));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
