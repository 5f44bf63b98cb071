//! TCPClient: a connection to a server, as an inbox and an outbox.
//!
//! The component moves messages on the scheduler thread; the socket runs on the reactor thread.

use std::io;
use std::time::Duration;

use async_io::Timer;
use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::future;

use super::pump::{self, WriteEnd};

/// Description of TCPClient.
pub static TCP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "TCPClient",
    category: Category::Network,
    summary: "Connects to a TCP server and transfers bytes in both directions",
    docs: "\
Connects to `host`:`port`, sends the messages in `inbox` (bytes, or text as UTF-8) and passes on the data from the \
server in pieces of at most 32 KiB. The pieces need not match what the server sent.

When its input ends, the component sends what is queued, closes its sending side, and continues to receive until the \
server closes the connection, so that an echo arrives completely. When the server closes the connection, the component \
finishes. Buffers are bounded: if the server reads slowly, the senders wait.

Some servers take the end of the client's data for the end of the connection and close it before they answer, so that \
the last answer is lost. For these, switch `half_close` off: the sending side then stays open until the server closes \
the connection. A server that waits for the end of the data, such as an echo, needs `half_close`; without it, both \
sides would wait for ever.

If the server refuses the connection, the component crashes and names the address. Start the server first, or set \
`retry` to a few seconds.

Example: `ConsoleReader` → `TCPClient` (port 1601) → `ConsoleEchoer` talks to a `SingleServer`.

**Differs from the original:** `wait_for_serverclose` is on by default, `port` has a default, `retry` and \
`half_close` are new, and there is no TLS (`makessl`, `sslready`).",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text to send").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes received").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::text("host", "127.0.0.1", "Name or address of the server"),
        ParamSpec::int("port", 1, 65535, 1601, "Port of the server"),
        ParamSpec::seconds("delay", 0.0, "How long to wait before connecting"),
        ParamSpec::seconds("connect_timeout", 60.0, "How long to wait for the connection"),
        ParamSpec::seconds("retry", 0.0, "How long to keep trying while nothing is listening there"),
        ParamSpec::switch(
            "wait_for_serverclose",
            true,
            "After the last byte is sent, receive until the server closes the connection",
        ),
        ParamSpec::switch(
            "half_close",
            true,
            "After the last byte is sent, close the sending side; switch it off if the server then does not answer",
        ),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<TcpClient>,
    ..ComponentSpec::EMPTY
};

/// Pause between two attempts to connect.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// The component.
pub struct TcpClient {
    delay: Duration,
    target: Target,
}

/// Where and how to connect; used on the reactor thread.
pub(crate) struct Target {
    host: String,
    port: u16,
    connect_timeout: Duration,
    retry: Duration,
    wait_for_serverclose: bool,
    half_close: bool,
}

impl Component for TcpClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            return Err(ParamError::Other(
                "host is empty; give a name or an address, for example 127.0.0.1".to_owned(),
            ));
        }
        let target = Target {
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            connect_timeout: params.seconds("connect_timeout"),
            retry: params.seconds("retry"),
            wait_for_serverclose: params.switch("wait_for_serverclose"),
            half_close: params.switch("half_close"),
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
    /// A server to exchange data with until it closes the connection.
    pub(crate) fn new(host: String, port: u16, connect_timeout: Duration, retry: Duration) -> Self {
        Self { host, port, connect_timeout, retry, wait_for_serverclose: true, half_close: true }
    }

    /// Transfers both directions of one connection until the server closes it.
    pub(crate) async fn talk(self, port: OutsidePort) -> Outcome {
        port.stay_open();
        let stream = self.connect().await?;
        // Small messages are sent at once, which interactive use needs.
        let _ = stream.set_nodelay(true);
        let reading = async {
            pump::read_all(stream.clone(), &port).await;
        };
        let writing = async {
            let end = if self.half_close {
                pump::write_all(stream.clone(), &port).await
            } else {
                pump::write_open(stream.clone(), &port).await
            };
            match end {
                WriteEnd::Finished | WriteEnd::Marker if !self.wait_for_serverclose => {}
                // The last data from the server must be read even if it accepts nothing more.
                _ => future::pending().await,
            }
        };
        future::or(reading, writing).await;
        Ok(())
    }

    /// Connects, retrying for as long as `retry` allows.
    async fn connect(&self) -> Result<TcpStream, Fault> {
        let mut tried = Duration::ZERO;
        loop {
            match self.connect_once().await {
                Ok(stream) => return Ok(stream),
                Err(error) if is_not_listening(&error) && tried < self.retry => {
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
                    let why = pump::error_text(&error);
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

/// Whether nothing is listening there at the moment. A server that ends resets the connections it has not accepted yet.
fn is_not_listening(error: &io::Error) -> bool {
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

    /// A server for one client, on a thread; `join` returns the result of `serve`.
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
    fn an_echo_arrives_completely_before_the_client_finishes() {
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
    fn megabytes_are_transferred_unchanged_in_both_directions_at_once() {
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
    fn a_reset_before_the_server_accepts_counts_as_not_listening() {
        use io::ErrorKind::{ConnectionRefused, ConnectionReset, PermissionDenied, TimedOut};
        assert!([ConnectionRefused, ConnectionReset].iter().all(|kind| is_not_listening(&(*kind).into())));
        assert!(![TimedOut, PermissionDenied].iter().any(|kind| is_not_listening(&(*kind).into())));
    }

    #[test]
    fn the_client_finishes_when_the_server_closes() {
        let (port, server) = server(|mut stream| stream.write_all(b"bye").unwrap());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(received(&mut rig), b"bye");
        server.join().unwrap();
    }

    /// A server that answers when the test says so, unless the client has closed its sending side before.
    #[test]
    fn without_half_close_the_sending_side_stays_open_until_the_answer() {
        for half_close in [true, false] {
            let ((answer, may_answer), (ask, asked)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
            let (port, server) = server(move |mut stream| {
                stream.read_exact(&mut [0; 3]).unwrap();
                ask.send(()).unwrap();
                may_answer.recv().unwrap();
                stream.set_nonblocking(true).unwrap();
                if stream.read(&mut [0; 8]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
                    stream.write_all(b"answer").unwrap();
                }
            });
            let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into()), ("half_close", half_close.into())]);
            rig.put("inbox", "ask");
            rig.finish();
            rig.run();
            asked.recv().unwrap();
            // The sockets share one thread: when a later connection has ended, the first one has done what it will do.
            let (port, second) = self::server(echo);
            let mut later = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
            later.put("inbox", "x");
            later.finish();
            later.run_until(|rig| rig.state() == State::Finished);
            second.join().unwrap();
            answer.send(()).unwrap();
            rig.run_until(|rig| rig.state() == State::Finished);
            server.join().unwrap();
            assert_eq!(received(&mut rig) == b"answer", !half_close, "half_close: {half_close}");
        }
    }

    #[test]
    fn without_waiting_for_the_server_all_data_is_still_delivered() {
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
    fn shutdown_ends_a_client_whose_server_sends_nothing() {
        let (port, server) = server(|mut stream| stream.read(&mut [0; 8]).unwrap_or_default());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.put("inbox", "hello");
        rig.run_until(|_| server.is_finished());
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(server.join().unwrap(), 5);
    }

    #[test]
    fn the_error_for_a_refused_connection_names_the_address_and_the_remedy() {
        let port = free_port();
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        let state = format!("{:?}", rig.state());
        assert!(state.contains(&format!("127.0.0.1:{port}")) && state.contains("start the server"), "{state}");
    }

    #[test]
    fn the_error_for_a_message_without_bytes_suggests_stringify() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = i64::from(listener.local_addr().unwrap().port());
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        rig.put("inbox", 5_i64);
        rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
        assert!(format!("{:?}", rig.state()).contains("Stringify"));
    }
}
