//! The echo server of the seeds: a listener that starts one fresh Echo for every connection, and a client that tries it.
//!
//! `cargo run -p compose_runtime --example echo`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use async_io::Async;
use compose_runtime::dev::*;
use compose_runtime::prelude::*;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

/// The whole protocol, as in the original's documentation: what comes in goes out.
struct Echo;

impl Component for Echo {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(data) = io.recv("inbox").await {
            io.send("outbox", data).await;
        }
        Ok(())
    }
}

static ECHO: ComponentSpec = ComponentSpec {
    type_name: "Echo",
    inboxes: &[BoxSpec::new("inbox", "From the client")],
    outboxes: &[BoxSpec::new("outbox", "To the client")],
    build: build::<Echo>,
    ..ComponentSpec::EMPTY
};

/// Accepts connections. For each it adds a pair of boxes, starts an Echo and links the two: the boxes of an adaptive
/// component, the children of a chassis.
struct Server;

/// The listening socket; a real server would make it from a setting.
static LISTENER: std::sync::OnceLock<Arc<Async<TcpListener>>> = std::sync::OnceLock::new();

impl Component for Server {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let listener = LISTENER.get().cloned().ok_or_else(|| Fault::new("nobody listens"))?;
        // The one connection of this example comes through a task outside; a server proper keeps one for each.
        let far = io.outside("a connection", |port| async move {
            let (stream, peer) = listener.accept().await?;
            port.send(peer.to_string()).await;
            let mut buffer = [0; 4096];
            loop {
                let count = (&stream).read(&mut buffer).await?;
                if count == 0 || !port.send(Message::bytes(&buffer[..count])).await {
                    return Ok(());
                }
                let Some(answer) = port.recv().await else { return Ok(()) };
                (&stream).write_all(answer.as_bytes().unwrap_or_default()).await?;
            }
        });
        let Some(peer) = far.recv().await? else { return Ok(()) };
        io.print(&format!("{peer} is here"));
        let (to_echo, from_echo) = (io.add_outbox("client"), io.add_inbox("client"));
        let echo = io.spawn("echo", &ECHO, [].into(), Fate::EndsWithOwner).await?;
        io.link(BoxAddr::outbox(io.id(), to_echo.clone()), BoxAddr::inbox(echo, "inbox")).await?;
        io.link(BoxAddr::outbox(echo, "outbox"), BoxAddr::inbox(io.id(), from_echo.clone())).await?;
        while let Some(data) = far.recv().await? {
            io.send(&to_echo, data).await;
            let Some(answer) = io.recv(&from_echo).await else { break };
            far.send(answer).await;
        }
        io.print(&format!("{peer} has gone"));
        Ok(())
    }
}

static SERVER: ComponentSpec = ComponentSpec { type_name: "Server", build: build::<Server>, ..ComponentSpec::EMPTY };

fn main() -> Result<(), Box<dyn Error>> {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))?;
    let port = listener.get_ref().local_addr()?.port();
    let _ = LISTENER.set(Arc::new(listener));

    let client = std::thread::spawn(move || -> std::io::Result<Vec<String>> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let mut heard = Vec::new();
        for line in ["hello", "is there anybody?"] {
            writeln!(stream, "{line}")?;
            heard.extend(lines.next().transpose()?);
        }
        Ok(heard)
    });

    let mut system = System::new();
    system.add("server", &SERVER);
    let end = system.run(|name, line| println!("{name}: {line}"))?;
    let heard = client.join().map_err(|_| "the client failed")??;
    println!("the client heard {heard:?}; the system has {end:?}");
    assert_eq!(heard, ["hello", "is there anybody?"]);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn every_line_comes_back() {
        super::main().unwrap();
    }
}
