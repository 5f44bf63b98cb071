//! SimpleHTTPClient: fetches each web address it gets.

use std::collections::BTreeMap;
use std::time::Duration;

use compose_runtime::dev::*;
use http::Request;

use super::web_address::{self, AddressError};
use super::web_client::{self, FetchError};
use crate::refuse::{REJECTED, reject};

/// Description of SimpleHTTPClient.
pub static SIMPLE_HTTP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "SimpleHTTPClient",
    category: Category::Network,
    summary: "Fetches each web address it gets, one after the other",
    docs: "A message is an address as text, or a map with `url` and optionally `method`, `postbody` and `headers` (a \
           map; a list as a value is several headers); with a `postbody` the default method is POST. Characters that \
           an address cannot contain are encoded. Redirects are followed, but a body is not sent again: if the server \
           asks for that (307, 308), the message is rejected. The body of the response leaves from `outbox`, and a map \
           with `url`, `statuscode`, `type`, `headers`, `body` and `seconds` from `response`. Several headers of the \
           same name are joined with a comma; `set-cookie` is always a list, because cookies cannot be joined. If the \
           status is not a success, only `response` sends the response and the console shows the status. If an address \
           cannot be fetched, the message goes to `rejected` and the console shows why.\n\n\
           Example: DataSource with `[\"http://127.0.0.1:8082/\"]` into SimpleHTTPClient into ConsoleEchoer.\n\n\
           Differs from the original: `response` names the address of each response, and failures are reported.",
    inboxes: &[BoxSpec::new("inbox", "Addresses, or maps with url").kinds(&[Kind::Text, Kind::Map])],
    outboxes: &[
        BoxSpec::new("outbox", "Bodies of successful responses").kinds(&[Kind::Bytes]),
        BoxSpec::new("response", "Every response, as a map").kinds(&[Kind::Map]),
        REJECTED,
    ],
    params: &[
        ParamSpec::float("timeout", 0.1, 3600.0, 30.0, "Longest time for one address").unit("s"),
        ParamSpec::int("largest", 1, 1 << 30, 64 << 20, "Largest body").unit("bytes"),
    ],
    build: build::<SimpleHttpClient>,
    ..ComponentSpec::EMPTY
};

struct SimpleHttpClient {
    timeout: Duration,
    largest: u64,
}

impl Component for SimpleHttpClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { timeout: params.seconds("timeout"), largest: params.count("largest") as u64 })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let job = match Job::of(&message) {
                Ok(job) => job,
                Err(error) => {
                    reject(&io, "inbox", message, &error).await;
                    continue;
                }
            };
            let (timeout, largest, began) = (self.timeout, self.largest, io.now());
            let far = io.outside(&format!("web page {}", job.url), move |port| async move {
                let response = blocking::unblock(move || job.fetch(timeout, largest)).await?;
                port.send(response).await;
                Ok(())
            });
            match far.recv().await {
                Ok(Some(Message::Map(response))) => {
                    let mut response = BTreeMap::clone(&response);
                    let seconds = io.now().saturating_sub(began).as_secs_f64();
                    response.insert("seconds".to_owned(), seconds.into());
                    let status = response.get("statuscode").and_then(Message::as_number).unwrap_or(0.0);
                    let body = response.get("body").cloned().unwrap_or_default();
                    io.send("response", Message::map(response)).await;
                    if (200.0..300.0).contains(&status) {
                        io.send("outbox", body).await;
                    } else {
                        io.note(&format!("inbox: the response has status {status}: {}", message.label(80)));
                    }
                }
                Ok(_) => {}
                Err(_) if io.is_shutting_down() => return Ok(()),
                Err(fault) => reject(&io, "inbox", message, fault.text()).await,
            }
        }
        Ok(())
    }
}

/// One request.
struct Job {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// Why a message is not a request.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("expected an address, or a map with url")]
    Kind,
    #[error("`{field}` must be {expected}, not {kind}")]
    Field { field: &'static str, expected: &'static str, kind: &'static str },
    #[error("`method` {0:?} is not a method; give one like GET")]
    Method(String),
    #[error("`headers`: {0:?} is not a valid name or value of a header; line breaks and other controls cannot be sent")]
    Header(String),
    #[error(transparent)]
    Address(#[from] AddressError),
}

impl Job {
    fn of(message: &Message) -> Result<Self, JobError> {
        let page =
            |url: &str| -> Result<String, JobError> { Ok(web_address::address(url, web_address::PAGES)?.to_string()) };
        let map = match message {
            Message::Text(url) => {
                return Ok(Self { url: page(url)?, method: "GET".to_owned(), headers: Vec::new(), body: None });
            }
            Message::Map(map) => map,
            _ => return Err(JobError::Kind),
        };
        let wrong =
            |field, expected, value: &Message| Err(JobError::Field { field, expected, kind: value.kind().name() });
        let given = |field: &str| map.get(field).filter(|value| !matches!(value, Message::Nothing));
        let url = match given("url") {
            Some(Message::Text(url)) => page(url)?,
            Some(other) => return wrong("url", "text", other),
            None => return Err(JobError::Kind),
        };
        let body = match given("postbody") {
            Some(value @ (Message::Text(_) | Message::Bytes(_))) => value.as_bytes().map(<[u8]>::to_vec),
            Some(other) => return wrong("postbody", "text or bytes", other),
            None => None,
        };
        let method = match given("method") {
            Some(Message::Text(method)) => method.trim().to_ascii_uppercase(),
            Some(other) => return wrong("method", "text", other),
            None => if body.is_some() { "POST" } else { "GET" }.to_owned(),
        };
        if http::Method::from_bytes(method.as_bytes()).is_err() {
            return Err(JobError::Method(method));
        }
        let headers = match given("headers") {
            Some(Message::Map(headers)) => headers.iter().flat_map(|(name, value)| headers_of(name, value)).collect(),
            Some(other) => return wrong("headers", "a map", other),
            None => Vec::new(),
        };
        for (name, value) in &headers {
            if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(JobError::Header(name.clone()));
            }
            if http::HeaderValue::from_bytes(value.as_bytes()).is_err() {
                return Err(JobError::Header(value.clone()));
            }
        }
        Ok(Self { url, method, headers, body })
    }

    /// Fetches the page. Blocking.
    fn fetch(self, timeout: Duration, largest: u64) -> Result<Message, FetchError> {
        let agent = web_client::agent(&self.url, timeout);
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => agent.run(request.body(body)?),
            None => agent.run(request.body(())?),
        };
        let mut response = response?;
        let body = web_client::read_body(&self.url, &mut response, largest)?;
        let mut fields = web_client::header_of(&self.url, &response);
        fields.insert("body".to_owned(), Message::from(body));
        Ok(Message::map(fields))
    }
}

/// The headers that an entry of the map represents.
fn headers_of(name: &str, value: &Message) -> Vec<(String, String)> {
    match value {
        Message::List(values) => values.iter().map(|value| (name.to_owned(), value.to_string())).collect(),
        value => vec![(name.to_owned(), value.to_string())],
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// Starts a server that gives one of these responses per connection; the thread returns the requests.
    fn server(responses: &'static [&'static str]) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/page", listener.local_addr().unwrap());
        let serve = move || {
            let serve_one = |response: &&str| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut buffer = [0; 4096];
                let length = stream.read(&mut buffer).unwrap();
                stream.write_all(response.as_bytes()).unwrap();
                String::from_utf8_lossy(&buffer[..length]).into_owned()
            };
            responses.iter().map(serve_one).collect()
        };
        (url, std::thread::spawn(serve))
    }

    #[test]
    fn pages_are_fetched_and_failures_are_reported() {
        let (url, server) = server(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nhello",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
        ]);
        let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
        rig.put("inbox", url.as_str());
        rig.put("inbox", Message::map([("url", url.as_str().into()), ("postbody", "data".into())]));
        rig.put("inbox", 5);
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.take("outbox"), [Message::bytes("hello")]);
        let responses = rig.texts("response");
        assert!(responses[0].contains("statuscode: 200, type: \"text/plain\""), "{}", responses[0]);
        assert!(responses[1].contains("statuscode: 404"));
        assert_eq!(rig.take("rejected"), [Message::Int(5)]);
        assert_eq!(rig.console().len(), 2);
        let requests = server.join().unwrap();
        assert!(requests[0].starts_with("GET /page HTTP/1.1") && requests[1].starts_with("POST /page"));
    }

    #[test]
    fn an_address_without_a_listener_is_rejected_with_the_reason() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
        rig.put("inbox", format!("http://{free}/"));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.take("rejected").len(), 1);
        assert!(rig.console()[0].contains("nothing is listening there"), "{:?}", rig.console());
    }

    #[test]
    fn a_redirect_does_not_use_a_connection_that_the_server_may_close() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            let answer = |text: &str| {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                write!(stream, "HTTP/1.1 {text}\r\n\r\n").unwrap();
                stream
            };
            let mut first = answer("302 Found\r\nLocation: /next\r\nContent-Length: 0");
            // Closes the first connection when another request arrives on it, as a server may do at any moment.
            std::thread::spawn(move || first.read(&mut [0; 4096]).unwrap_or_default());
            answer("204 No Content")
        });
        let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
        rig.put("inbox", url);
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.console(), Vec::<String>::new());
        assert!(rig.texts("response").concat().contains("statuscode: 204"));
        serving.join().unwrap();
    }

    #[test]
    fn a_header_may_have_several_values() {
        let (url, server) = server(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: 1\r\nA: 2\r\n\r\n"]);
        let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
        let headers = Message::map([("X-Many", Message::list(["a".into(), "b".into()]))]);
        rig.put("inbox", Message::map([("url", url.into()), ("headers", headers)]));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let request = server.join().unwrap().concat().to_lowercase();
        assert!(request.contains("x-many: a\r\n") && request.contains("x-many: b\r\n"), "{request}");
        assert!(rig.texts("response").concat().contains("a: \"1, 2\""));
    }

    static MANY_HEADERS: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let headers = "X: 1\r\n".repeat(500);
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n")
    });

    /// The console output after this request to a server that sends this response.
    fn console_after(response: &'static str, largest: i64, request: impl Fn(&str) -> Message) -> (Rig, String) {
        let (url, server) = server(Vec::leak(vec![response]));
        let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[("largest", largest.into())]);
        rig.put("inbox", request(&url));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        server.join().unwrap();
        let console = rig.console().concat();
        (rig, console)
    }

    #[test]
    fn a_body_of_exactly_the_largest_size_is_accepted() {
        for (head, is_chunked) in [("Content-Length: 5\r\n\r\nhello", false), ("\r\nhello", true)] {
            for (largest, is_good) in [(5, true), (4, false)] {
                let response = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{head}").leak();
                let (mut rig, console) = console_after(response, largest, |url| Message::text(url));
                assert_eq!(rig.take("outbox").len() == 1, is_good, "{is_chunked} {console}");
                assert_eq!(console.contains("larger than 4 bytes"), !is_good, "{is_chunked} {console}");
            }
        }
    }

    #[test]
    fn a_body_that_must_be_sent_again_is_reported() {
        let response = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n";
        let (_, console) =
            console_after(response, 9, |url| Message::map([("url", Message::text(url)), ("postbody", "data".into())]));
        assert!(console.contains("is not sent again"), "{console}");
    }

    #[test]
    fn a_request_with_a_wrong_part_is_rejected_with_the_reason() {
        let url = || ("url", Message::from("http://127.0.0.1:1/"));
        let requests = [
            (Message::map([url(), ("postbody", 5.into())]), "`postbody` must be text or bytes, not int"),
            (Message::map([url(), ("method", 5.into())]), "`method` must be text, not int"),
            (Message::map([url(), ("method", "G T".into())]), "is not a method"),
            (Message::map([url(), ("headers", "x".into())]), "`headers` must be a map, not text"),
            (Message::map([url(), ("headers", Message::map([("a b", "x".into())]))]), "`headers`: \"a b\""),
            (Message::map([("url", 5.into())]), "`url` must be text, not int"),
            (Message::map([("URL", "x".into())]), "a map with url"),
            ("http://127.0.0.1:99999/".into(), "the port must be from 1 to 65535"),
            ("".into(), "give one like http://"),
        ];
        for (request, reason) in requests {
            let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
            rig.put("inbox", request.clone());
            rig.run();
            assert!(rig.console().concat().contains(reason), "{reason}: {:?}", rig.console());
            assert_eq!(rig.take("rejected"), [request]);
        }
    }

    #[test]
    fn a_server_of_another_protocol_is_reported_as_such() {
        for (scheme, answer, reason) in [
            ("https", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak TLS"),
            ("http", "220 mail.example ESMTP\r\n\r\n", "does not speak HTTP"),
            ("http", "", "closed the connection without a response"),
            ("http", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "broke, after 5 of 50 bytes of the body"),
            ("http", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "response is not valid HTTP"),
            ("http", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "no Location"),
            ("http", MANY_HEADERS.as_str(), "too many headers"),
        ] {
            let (url, server) = server(Vec::leak(vec![answer]));
            let mut rig = Rig::new(&SIMPLE_HTTP_CLIENT, &[]);
            rig.put("inbox", url.replace("http", scheme));
            rig.finish();
            rig.run_until(|rig| rig.state() == State::Finished);
            assert!(rig.console().concat().contains(reason), "{:?}", rig.console());
            server.join().unwrap();
        }
    }
}
