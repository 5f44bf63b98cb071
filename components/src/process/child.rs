//! The outside task of UnixProcess: the program and its three pipes.
//!
//! Runs on the reactor thread. It sends standard output as bytes, standard error as a list of one item, and the exit
//! status as a number.

use std::path::PathBuf;

use async_process::{Child, Command, Stdio};
use compose_runtime::dev::*;
use futures_lite::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, future};

#[cfg(unix)]
use super::guard::Guard;

/// The program to run.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub command: String,
    pub arguments: Vec<String>,
    pub shell: bool,
}

const READ_SIZE: usize = 32 * 1024;

/// Runs the program until it ends. Dropping the future kills it and the processes that it has started.
pub(super) async fn run(job: Job, folder: PathBuf, port: OutsidePort) -> Outcome {
    let mut command = if job.shell { shell(&job) } else { std::process::Command::new(&job.command) };
    command.args(&job.arguments);
    if !folder.as_os_str().is_empty() {
        command.current_dir(folder);
    }
    #[cfg(unix)]
    let _guard = {
        let guard = Guard::start()?;
        guard.admit(&mut command);
        guard
    };
    let mut command = Command::from(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| {
        let name = &job.command;
        Fault::new(match error.kind() {
            std::io::ErrorKind::NotFound => format!("the program was not found; install it or choose another: {name}"),
            std::io::ErrorKind::PermissionDenied => {
                format!("permission to run the program is denied; make it executable or choose another: {name}")
            }
            _ => format!("the program cannot be started ({error}): {name}"),
        })
    })?;
    port.stay_open();
    let input = feed(&mut child, &port);
    let (output, error) = (child.stdout.take(), child.stderr.take());
    let (running, ended) = async_channel::bounded::<()>(1);
    let reading = future::zip(
        pump(output, &ended, &port, Message::from),
        pump(error, &ended, &port, |bytes| Message::list([Message::from(bytes)])),
    );
    let status = child.status();
    let ending = async {
        let status = status.await;
        running.close();
        status
    };
    // The program decides when to end; it need not read all its input.
    let (_, status) = future::or(future::zip(reading, ending), async {
        input.await;
        future::pending().await
    })
    .await;
    port.send(number_of(status?)).await;
    Ok(())
}

#[cfg(unix)]
fn shell(job: &Job) -> std::process::Command {
    let mut command = std::process::Command::new("/bin/sh");
    command.arg("-c").arg(&job.command).arg("sh");
    command
}

#[cfg(not(unix))]
fn shell(job: &Job) -> std::process::Command {
    let mut command = std::process::Command::new("cmd");
    command.arg("/C").arg(&job.command);
    command
}

#[cfg(unix)]
fn number_of(status: std::process::ExitStatus) -> i64 {
    use std::os::unix::process::ExitStatusExt as _;
    i64::from(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default()))
}

#[cfg(not(unix))]
fn number_of(status: std::process::ExitStatus) -> i64 {
    i64::from(status.code().unwrap_or(-1))
}

/// Writes the component's messages, then closes the program's standard input.
fn feed(child: &mut Child, port: &OutsidePort) -> impl Future<Output = ()> + use<> {
    let (pipe, port) = (child.stdin.take(), port.clone());
    async move {
        let Some(mut pipe) = pipe else { return };
        while let Some(message) = port.recv().await {
            let bytes = message.as_bytes().unwrap_or_default();
            // It is not a fault if the program stops reading.
            if pipe.write_all(bytes).await.is_err() || pipe.flush().await.is_err() {
                return;
            }
        }
    }
}

/// Sends everything read from a pipe to the component, until the pipe is closed, or until the pipe is empty and the
/// program has ended: child processes of the program may keep the pipe open.
async fn pump(
    pipe: Option<impl AsyncRead + Unpin>,
    ended: &async_channel::Receiver<()>,
    port: &OutsidePort,
    wrap: impl Fn(Vec<u8>) -> Message,
) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = vec![0; READ_SIZE];
    // Reading has priority, so the end of the program ends the loop only if there is nothing to read at the moment.
    while let Ok(count @ 1..) = future::or(pipe.read(&mut buffer), async {
        // Nothing is sent; the channel is closed when the program ends.
        let _ = ended.recv().await;
        Ok(0)
    })
    .await
    {
        if !port.send(wrap(buffer.get(..count).unwrap_or_default().to_vec())).await {
            return;
        }
    }
}
