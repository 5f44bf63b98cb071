//! LoadGenerator: many clients that fetch the same page at once.
//!
//! Each client is a loop on a blocking thread with its own persistent connection. The clients share a counter of the
//! remaining requests and pass their records to the component through a bounded queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use async_channel::Sender;
use compose_runtime::dev::*;
use ureq::Agent;

use super::web_address;
use super::web_client::{self, FetchError};
use crate::net::time_limit::TimeLimit;

/// Capacity of the queue between the clients and the component.
const QUEUE_CAPACITY: usize = 64;
/// Largest page that a client reads.
const LARGEST: u64 = 64 << 20;

/// Description of LoadGenerator.
pub static LOAD_GENERATOR: ComponentSpec = ComponentSpec {
    type_name: "LoadGenerator",
    category: Category::Network,
    summary: "Fetches one web page many times, with several clients at once",
    docs: "The component starts `clients` clients. Each fetches `url` repeatedly, as fast as the server responds, \
           until `requests` have been made in total; then the component finishes. Each response is a map with \
           `number`, `client`, `statuscode`, `bytes` and `seconds`; without a response, `statuscode` is 0 and `error` \
           gives the reason. Redirects are not followed: they are responses like any other, with their `statuscode`. \
           With `wait` it starts when a message arrives in `inbox`.\n\n\
           Generating load on other people's servers is an attack. Therefore the component refuses an address of \
           another machine unless `foreign` is on.\n\n\
           Example: LoadGenerator into ResponseMeter, and `ResponseMeter.summary` into ConsoleEchoer.\n\n\
           New: the original's tool was never published.",
    inboxes: &[BoxSpec::new("inbox", "With `wait`: the first message starts the clients")],
    outboxes: &[BoxSpec::new("outbox", "A record for each request").kinds(&[Kind::Map])],
    params: &[
        ParamSpec::text("url", "http://127.0.0.1:8082/", "Address of the page").required(),
        ParamSpec::int("clients", 1, 400, 10, "Number of concurrent clients"),
        ParamSpec::int("requests", 1, 100_000_000, 100, "Number of requests in total"),
        ParamSpec::seconds("timeout", 10.0, "Longest time to wait for one response; 0 for no limit"),
        ParamSpec::switch("wait", false, "Start when a message arrives"),
        ParamSpec::switch("foreign", false, "Allow an address of another machine; use it only for your own servers"),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<LoadGenerator>,
    ..ComponentSpec::EMPTY
};

struct LoadGenerator {
    load: Load,
    clients: u64,
    waits: bool,
}

/// The settings and the counter that all clients share.
#[derive(Clone)]
struct Load {
    url: String,
    timeout: TimeLimit,
    requests: u64,
    /// Number of requests that clients have started.
    taken: Arc<AtomicU64>,
}

impl Component for LoadGenerator {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let url = web_address::address(&params.text("url"), web_address::PAGES);
        let url = url.map_err(|error| ParamError::Other(format!("url: {error}")))?.to_string();
        if !web_client::is_this_machine(&url) && !params.switch("foreign") {
            return Err(ParamError::Other(format!(
                "url: {url} is on another machine; turn on `foreign` if the server is yours"
            )));
        }
        let requests = params.int("requests").unsigned_abs();
        let load = Load { url, timeout: TimeLimit::of(params, "timeout"), requests, taken: Arc::default() };
        Ok(Self { load, clients: params.int("clients").unsigned_abs(), waits: params.switch("wait") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        if self.waits && io.recv("inbox").await.is_none() {
            return Ok(());
        }
        let (load, clients) = (self.load, self.clients);
        let far = io.outside(&format!("{clients} clients of {}", load.url), move |port| async move {
            let (sender, receiver) = async_channel::bounded(QUEUE_CAPACITY);
            for client in 0..clients.min(load.requests) {
                let (load, sender) = (load.clone(), sender.clone());
                blocking::unblock(move || load.fetch_all(client, &sender)).detach();
            }
            drop(sender);
            // When this task ends, the queue closes, and each client ends at its next record.
            while let Ok(record) = receiver.recv().await {
                if !port.send(record).await {
                    break;
                }
            }
            Ok(())
        });
        while let Some(record) = far.recv().await? {
            io.send("outbox", record).await;
        }
        Ok(())
    }
}

/// The connection of one client.
struct Connection {
    agent: Agent,
    /// Whether the last request got a response, so that the server may have closed the connection since.
    was_used: bool,
}

impl Load {
    /// Runs one client until all requests are started or the queue is closed. Blocking.
    fn fetch_all(self, client: u64, sender: &Sender<Message>) {
        let mut connection = Connection { agent: web_client::agent_for_many(&self.url, self.timeout), was_used: false };
        loop {
            let number = self.taken.fetch_add(1, Ordering::Relaxed);
            if number >= self.requests || sender.is_closed() {
                return;
            }
            let began = Instant::now();
            let response = self.fetch(&mut connection);
            let seconds = began.elapsed().as_secs_f64();
            let mut record = vec![("number", number.cast_signed()), ("client", client.cast_signed())];
            let error = match response {
                Ok((status, bytes)) => {
                    record.extend([
                        ("statuscode", i64::from(status)),
                        ("bytes", i64::try_from(bytes).unwrap_or(i64::MAX)),
                    ]);
                    None
                }
                Err(error) => {
                    record.extend([("statuscode", 0), ("bytes", 0)]);
                    Some(("error", Message::from(error.to_string())))
                }
            };
            let record = record.into_iter().map(|(name, value)| (name, Message::Int(value)));
            let record = Message::map(record.chain([("seconds", seconds.into())]).chain(error));
            if sender.send_blocking(record).is_err() {
                return;
            }
        }
    }
}

impl Load {
    /// The status and the length of the page. If the server has closed the persistent connection, the page is
    /// fetched over a new one.
    fn fetch(&self, connection: &mut Connection) -> Result<(u16, usize), FetchError> {
        let mut response = connection.agent.get(&self.url).call();
        if response.as_ref().is_err_and(|error| connection.was_used && web_client::was_closed(error)) {
            connection.agent = web_client::agent_for_many(&self.url, self.timeout);
            response = connection.agent.get(&self.url).call();
        }
        connection.was_used = response.is_ok();
        let mut response = response?;
        let body = web_client::read_body(&self.url, &mut response, LARGEST)?;
        Ok((response.status().as_u16(), body.len()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::atomic::AtomicUsize;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// Starts a server. It answers `each` requests of each connection with `hello` and closes the connection at the
    /// next. Returns its address and the number of its connections so far.
    fn server(each: usize) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                std::thread::spawn(move || {
                    let mut writer = stream.try_clone().unwrap();
                    let mut ends = BufReader::new(stream).lines().map_while(Result::ok).filter(String::is_empty);
                    for _ in ends.by_ref().take(each) {
                        if writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").is_err() {
                            return;
                        }
                    }
                    ends.next();
                });
            }
        });
        (url, connections)
    }

    fn records(params: &[(&str, Message)]) -> Vec<Message> {
        let mut rig = Rig::new(&LOAD_GENERATOR, params);
        rig.run_until(|rig| rig.state() == State::Finished);
        rig.take("outbox")
    }

    #[test]
    fn the_given_number_of_requests_is_made_and_recorded() {
        let records = records(&[("url", server(usize::MAX).0.into()), ("clients", 4.into()), ("requests", 30.into())]);
        let mut numbers: Vec<i64> = Vec::new();
        for record in &records {
            let Message::Map(map) = record else { panic!("{record}") };
            assert_eq!((&map["statuscode"], &map["bytes"]), (&Message::Int(200), &Message::Int(5)));
            assert!(map["seconds"].as_number().unwrap() > 0.0);
            numbers.push(map["number"].as_number().unwrap() as i64);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (0..30).collect::<Vec<_>>());
    }

    #[test]
    fn a_kept_connection_that_the_server_closed_is_replaced_by_another_kept_one() {
        for (each, expected) in [(1, 9), (3, 3)] {
            let (url, connections) = server(each);
            let records = records(&[("url", url.into()), ("clients", 1.into()), ("requests", 9.into())]);
            let good = records.iter().filter(|record| record.to_string().contains("statuscode: 200")).count();
            assert_eq!((good, connections.load(Ordering::Relaxed)), (9, expected), "{records:?}");
        }
    }

    #[test]
    fn a_missing_response_is_recorded_with_the_reason() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let records = records(&[("url", format!("http://{free}/").into()), ("requests", 3.into())]);
        assert_eq!(records.len(), 3);
        assert!(records[0].to_string().contains("error: \"nothing is listening there\""), "{}", records[0]);
    }

    #[test]
    fn a_redirect_is_a_response_and_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                BufReader::new(stream.try_clone().unwrap())
                    .lines()
                    .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
                    .for_each(drop);
                let _ = stream.write_all(
                    b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                );
            }
        });
        let records =
            records(&[("url", url.into()), ("clients", 1.into()), ("requests", 3.into()), ("timeout", 0.0.into())]);
        let redirects = records.iter().filter(|record| record.to_string().contains("statuscode: 302")).count();
        assert_eq!((redirects, connections.load(Ordering::Relaxed)), (3, 3), "{records:?}");
    }

    #[test]
    fn other_machines_are_refused_unless_allowed() {
        for (url, foreign, is_good) in [
            ("http://example.org/", false, false),
            ("http://example.org/", true, true),
            ("example.org", true, false),
            ("http://127.0.0.1:99999/", false, false),
        ] {
            let (url, foreign) = (Message::from(url), Message::Bool(foreign));
            let params = Params::check(LOAD_GENERATOR.params, [("url", &url), ("foreign", &foreign)]).unwrap();
            assert_eq!((LOAD_GENERATOR.build)(&params).is_ok(), is_good, "{url}");
        }
    }

    #[test]
    fn it_waits_for_a_message_and_can_be_stopped_meanwhile() {
        let mut rig = Rig::new(&LOAD_GENERATOR, &[("url", "http://127.0.0.1:1/".into()), ("wait", true.into())]);
        rig.run();
        assert_eq!(rig.take("outbox"), []);
        rig.shutdown();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
