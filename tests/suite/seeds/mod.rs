//! The seed systems: each ready-made project does what the original requirements demand. The tests check this as a user
//! or another program would, with real files, sockets, sound and pictures.

mod first_steps;
mod media;
mod network;
mod protocols;
mod radio;
mod shared;
mod subtitles;
mod topology;
mod web;

use std::path::PathBuf;

use compose_tests::binary::{self, Outcome};

/// Path of a ready-made project.
fn project(name: &str) -> String {
    compose_tests::root().join("projects").join(format!("{name}.json")).display().to_string()
}

/// Arguments that run a project with these parameters, `name=value`.
fn arguments<S: AsRef<str>>(name: &str, settings: &[S], more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["run".to_owned(), project(name)];
    for setting in settings {
        arguments.extend(["--set".to_owned(), setting.as_ref().to_owned()]);
    }
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    arguments
}

/// Runs a project until it ends, and asserts exit code 0.
fn run<S: AsRef<str>>(name: &str, settings: &[S], more: &[&str]) -> Outcome {
    binary::run(&arguments(name, settings, more)).expect_code(0)
}

/// Starts a project.
fn start<S: AsRef<str>>(name: &str, settings: &[S], more: &[&str]) -> binary::Running {
    binary::Running::start(binary::command(&arguments(name, settings, more)), "")
}

/// The output lines that start with this tag, without the tag.
fn tagged<'a>(outcome: &'a Outcome, tag: &str) -> Vec<&'a str> {
    outcome.stdout.lines().filter_map(|line| line.strip_prefix(tag)).collect()
}

/// A setting `name=port` with a free port, and the port.
fn port(name: &str) -> (String, u16) {
    let port = compose_tests::free_port();
    (format!("{name}={port}"), port)
}

/// Connects to a server, which may still be starting.
fn connect(port: u16) -> std::net::TcpStream {
    compose_tests::wait_until("the server", binary::LIMIT, || std::net::TcpStream::connect(("127.0.0.1", port)).ok())
}

/// A WebSocket client in Python.
fn websocket_client(port: u16) -> std::process::Command {
    let mut command = std::process::Command::new("python3");
    command.arg(compose_tests::root().join("tests/scripts/websocket_client.py")).arg(port.to_string());
    command
}

/// Path of the film that comes with the project.
fn clip() -> PathBuf {
    compose_tests::root().join("assets/video/test-clip.mjpeg")
}
