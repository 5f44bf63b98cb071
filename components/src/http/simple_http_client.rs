//! SimpleHTTPClient: fetches each web address it gets.

use std::collections::BTreeMap;
use std::time::Duration;

use compose_runtime::dev::*;
use http::Request;
use ureq::{Agent, Proxy};

use crate::refuse::{REJECTED, reject};

/// Description of SimpleHTTPClient.
pub static SIMPLE_HTTP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "SimpleHTTPClient",
    category: Category::Network,
    summary: "Fetches each web address it gets, one after the other",
    docs: "A message is an address as text, or a map with `url` and optionally `method`, `postbody` and `headers` (a \
           map); with a `postbody` the default method is POST. Redirects are followed. The body of the response \
           leaves from `outbox`, and a map with `url`, `statuscode`, `type`, `headers`, `body` and `seconds` from \
           `response`. If the status is not a success, only `response` sends the response and the console shows the \
           status. If an address cannot be fetched, the message goes to `rejected` and the console shows why.\n\n\
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
            let Some(job) = Job::of(&message) else {
                reject(&io, "inbox", message, "expected an address, or a map with url").await;
                continue;
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

impl Job {
    fn of(message: &Message) -> Option<Self> {
        match message {
            Message::Text(url) => {
                let url = url.trim().to_owned();
                Some(Self { url, method: "GET".to_owned(), headers: Vec::new(), body: None })
            }
            Message::Map(map) => {
                let body = map.get("postbody").and_then(Message::as_bytes).map(<[u8]>::to_vec);
                let default = if body.is_some() { "POST" } else { "GET" };
                let headers = match map.get("headers") {
                    Some(Message::Map(headers)) => {
                        headers.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
                    }
                    _ => Vec::new(),
                };
                let method = map.get("method").and_then(Message::as_text).unwrap_or(default).to_ascii_uppercase();
                Some(Self { url: map.get("url")?.as_text()?.trim().to_owned(), method, headers, body })
            }
            _ => None,
        }
    }

    /// Fetches the page. Blocking.
    fn fetch(self, timeout: Duration, largest: u64) -> Result<Message, FetchError> {
        let agent = agent(&self.url, timeout);
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => agent.run(request.body(body)?),
            None => agent.run(request.body(())?),
        };
        let mut response = response?;
        let body = response.body_mut().with_config().limit(largest).read_to_vec()?;
        let mut fields = header_of(&self.url, &response);
        fields.insert("body".to_owned(), Message::from(body));
        Ok(Message::map(fields))
    }
}

/// Whether an address belongs to this machine.
pub(super) fn is_this_machine(url: &str) -> bool {
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    ["127.", "localhost", "[::1]"].iter().any(|start| host.starts_with(start))
}

/// An HTTP agent, which keeps its connections open for reuse. Requests to this machine never use a proxy.
pub(super) fn agent(url: &str, timeout: Duration) -> Agent {
    let proxy = if is_this_machine(url) { None } else { Proxy::try_from_env() };
    Agent::config_builder()
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .proxy(proxy)
        .build()
        .into()
}

/// An HTTP agent for long bodies: the timeout applies only until the header has arrived.
pub(super) fn agent_for_a_stream(url: &str, timeout: Duration) -> Agent {
    let proxy = if is_this_machine(url) { None } else { Proxy::try_from_env() };
    Agent::config_builder()
        .timeout_connect(Some(timeout))
        .timeout_recv_response(Some(timeout))
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .proxy(proxy)
        .build()
        .into()
}

/// The header of a response, as a map.
pub(super) fn header_of<T>(url: &str, response: &http::Response<T>) -> BTreeMap<String, Message> {
    let text = |value: &http::HeaderValue| Message::from(String::from_utf8_lossy(value.as_bytes()).into_owned());
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
    let fields = [
        ("url", url.into()),
        ("statuscode", i64::from(response.status().as_u16()).into()),
        ("type", response.headers().get("content-type").map(text).unwrap_or_default()),
        ("headers", Message::map(headers)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Why a page cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Invalid(#[from] http::Error),
    #[error("{}", error_text(.0))]
    Failed(#[from] ureq::Error),
    #[error("{}: {url}", error_text(.error))]
    NoResponse { error: ureq::Error, url: String },
    #[error("the response has status {status}: {url}")]
    Status { status: u16, url: String },
    #[error("the connection broke while the body was read ({error}): {url}")]
    Broken { error: std::io::Error, url: String },
}

/// The text of an error, for the user.
pub(super) fn error_text(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => crate::net::pump::error_text(error),
        ureq::Error::Timeout(_) => "there was no response in time".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("the body is larger than {limit} bytes"),
        other => other.to_string(),
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
}
