//! TCPClient: a connection to a server, as an inbox and an outbox.
//!
//! The component runs on the scheduler thread and moves messages; the socket is driven on the reactor thread.

use std::io;
use std::time::Duration;

use async_io::Timer;
use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::future;

use super::pump::{self, WriteEnd};

/// The description.
pub static TCP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "TCPClient",
    category: Category::Network,
    summary: "Connects to a server; bytes go both ways",
    docs: "\
Connects to `host`:`port`, sends what arrives in `inbox` (bytes, or text as UTF-8) and gives out what the server sends, \
in pieces of at most 32 KiB that need not match what was sent.

When its input has ended it sends what is waiting, tells the server that no more will come, and goes on receiving until \
the server closes, so that an echo comes back whole. When the server closes, it finishes. Nothing is buffered without \
bound: if the server reads slowly, whoever feeds this component waits.

A server that refuses the connection is a crash in words. Start the server first, or give `retry` some seconds.

Example: `ConsoleReader` → `TCPClient` (port 1601) → `ConsoleEchoer` talks to a `SingleServer`.

**Differs from the original:** `wait_for_serverclose` is on unless switched off, `port` has a default, `retry` is new, \
and there is no TLS (`makessl`, `sslready`).",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text to send").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes received").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::text("host", "127.0.0.1", "Name or address of the server"),
        ParamSpec::int("port", 1, 65535, 1601, "Port of the server"),
        ParamSpec::seconds("delay", 0.0, "How long to wait before connecting"),
        ParamSpec::seconds("connect_timeout", 60.0, "How long to wait for an answer"),
        ParamSpec::seconds("retry", 0.0, "How long to go on trying while nothing listens there"),
        ParamSpec::switch("wait_for_serverclose", true, "After the last byte is sent, receive until the server closes"),
    ],
    speaks_first: SpeaksFirst::Yes,
    build: build::<TcpClient>,
    ..ComponentSpec::EMPTY
};

/// How long to rest between two attempts to connect.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// The component.
pub struct TcpClient {
    delay: Duration,
    target: Target,
}

/// Where to connect and how; goes to the reactor thread.
pub(crate) struct Target {
    host: String,
    port: u16,
    connect_timeout: Duration,
    retry: Duration,
    wait_for_serverclose: bool,
}

impl Component for TcpClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            return Err(ParamError::Other("host must be a name or an address, for example 127.0.0.1".to_owned()));
        }
        let target = Target {
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            connect_timeout: params.seconds("connect_timeout"),
            retry: params.seconds("retry"),
            wait_for_serverclose: params.switch("wait_for_serverclose"),
        };
        Ok(Self { delay: params.seconds("delay"), target })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.sleep(self.delay).await;
        let target = self.target;
        let far = io.outside(&format!("TCP {target}"), move |port| target.talk(port));
        let up = async {
            while let Some(message) = io.recv("inbox").await {
                if !far.send(pump::for_the_wire(message, "TCPClient")?).await {
                    break;
                }
            }
            far.finish_sending();
            future::pending::<Outcome>().await
        };
        let down = async {
            while let Some(bytes) = far.recv().await? {
                io.send("outbox", bytes).await;
            }
            Ok(())
        };
        future::or(down, up).await
    }
}

impl Target {
    /// A server to talk to until it closes the connection.
    pub(crate) fn new(host: String, port: u16, connect_timeout: Duration, retry: Duration) -> Self {
        Self { host, port, connect_timeout, retry, wait_for_serverclose: true }
    }

    /// Both directions of one connection, until the server has closed it.
    pub(crate) async fn talk(self, port: OutsidePort) -> Outcome {
        port.stay_open();
        let stream = self.connect().await?;
        // Small messages are sent at once, as someone typing expects.
        let _ = stream.set_nodelay(true);
        let reading = async {
            pump::read_all(stream.clone(), &port).await;
        };
        let writing = async {
            match pump::write_all(stream.clone(), &port).await {
                WriteEnd::Finished | WriteEnd::Marker if !self.wait_for_serverclose => {}
                // What the server said last is still worth reading, even if it takes no more from us.
                _ => future::pending().await,
            }
        };
        future::or(reading, writing).await;
        Ok(())
    }

    /// Connects, trying again for as long as `retry` says.
    async fn connect(&self) -> Result<TcpStream, Fault> {
        let mut tried = Duration::ZERO;
        loop {
            match self.connect_once().await {
                Ok(stream) => return Ok(stream),
                Err(error) if is_nobody_there(&error) && tried < self.retry => {
                    Timer::after(RETRY_PAUSE).await;
                    tried += RETRY_PAUSE;
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    let seconds = self.connect_timeout.as_secs_f64();
                    return Err(Fault::new(format!(
                        "no answer from {self} within {seconds} s; check host and port, or raise connect_timeout"
                    )));
                }
                Err(error) => {
                    let why = pump::words(&error);
                    return Err(Fault::new(format!(
                        "cannot connect to {self}: {why}; start the server first, or check host and port"
                    )));
                }
            }
        }
    }

    async fn connect_once(&self) -> io::Result<TcpStream> {
        let timeout = async {
            Timer::after(self.connect_timeout).await;
            Err(io::ErrorKind::TimedOut.into())
        };
        future::or(TcpStream::connect((self.host.as_str(), self.port)), timeout).await
    }
}

/// Whether nothing listens there at this moment. A server that ends resets whoever waited to be let in.
fn is_nobody_there(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | ConnectionAborted)
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            return write!(f, "[{}]:{}", self.host, self.port);
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// A server for one client, on a thread; what `serve` gives is given by `join`.
    fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (i64, JoinHandle<T>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        (i64::from(port), thread::spawn(move || serve(listener.accept().unwrap().0)))
    }

    /// A port that nothing listens on.
    fn free_port() -> i64 {
        i64::from(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
    }

    fn received(rig: &mut Rig) -> Vec<u8> {
        rig.take("outbox").iter().flat_map(|message| message.as_bytes().unwrap().to_vec()).collect()
    }

    fn echo(mut stream: TcpStream) {
        let mut writer = stream.try_clone().unwrap();
        std::io::copy(&mut stream, &mut writer).unwrap();
    }

    #[test]
    fn an_echo_comes_back_whole_before_the_client_finishes() {
        let (port, server) = server(echo);
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.put("inbox", "one ");
        rig.put("inbox", Message::bytes("two"));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(received(&mut rig), b"one two");
        server.join().unwrap();
    }

    #[test]
    fn megabytes_go_both_ways_at_once_and_unchanged() {
        let (port, server) = server(echo);
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        let sent: Vec<u8> = (0..4_000_000u32).map(|index| (index % 251) as u8).collect();
        for piece in sent.chunks(50_000) {
            rig.put("inbox", Message::bytes(piece));
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert!(received(&mut rig) == sent);
        server.join().unwrap();
    }

    #[test]
    fn a_server_that_ends_while_one_waits_to_be_let_in_is_nobody_there() {
        use io::ErrorKind::{ConnectionRefused, ConnectionReset, PermissionDenied, TimedOut};
        assert!([ConnectionRefused, ConnectionReset].iter().all(|kind| is_nobody_there(&(*kind).into())));
        assert!(![TimedOut, PermissionDenied].iter().any(|kind| is_nobody_there(&(*kind).into())));
    }

    #[test]
    fn the_client_finishes_when_the_server_closes() {
        let (port, server) = server(|mut stream| stream.write_all(b"bye").unwrap());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(received(&mut rig), b"bye");
        server.join().unwrap();
    }

    #[test]
    fn without_waiting_everything_is_still_delivered() {
        let (port, server) = server(|mut stream| {
            let mut all = Vec::new();
            stream.read_to_end(&mut all).unwrap();
            all.len()
        });
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into()), ("wait_for_serverclose", false.into())]);
        for _ in 0..50 {
            rig.put("inbox", Message::bytes(vec![7; 20_000]));
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(server.join().unwrap(), 1_000_000);
    }

    #[test]
    fn shutdown_ends_a_client_whose_server_stays_silent() {
        let (port, server) = server(|mut stream| stream.read(&mut [0; 8]).unwrap_or_default());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.put("inbox", "hello");
        rig.run_until(|_| server.is_finished());
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(server.join().unwrap(), 5);
    }

    #[test]
    fn a_refused_connection_says_where_and_what_to_do() {
        let port = free_port();
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        let words = format!("{:?}", rig.state());
        assert!(words.contains(&format!("127.0.0.1:{port}")) && words.contains("start the server"), "{words}");
    }

    #[test]
    fn a_message_that_is_no_bytes_is_refused_in_words() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = i64::from(listener.local_addr().unwrap().port());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.put("inbox", 5_i64);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        assert!(format!("{:?}", rig.state()).contains("Stringify"));
    }
}
