//! SingleShotHTTPClient: one address, as a stream of parts.

use std::io::Read as _;
use std::time::Duration;

use compose_runtime::dev::*;
use ureq::http::Request;

use super::client;

/// How much of a body is one part.
const PART: usize = 32 << 10;
/// How many parts wait between the socket and the component.
const WAITING: usize = 4;

/// Description of SingleShotHTTPClient.
pub static SINGLE_SHOT_HTTP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "SingleShotHTTPClient",
    category: Category::Network,
    summary: "Fetches one web address and gives its body part by part as it comes",
    docs: "First a map leaves from `header`: `url`, `statuscode`, `type` and `headers`. Then the body leaves from `outbox` \
           in parts of at most 32 KiB, as fast as they are taken, however long it is; then it finishes. Redirects are \
           followed. With a `postbody` the method is POST. An address that cannot be fetched, and a status that is no \
           success, is a crash in words, after the header has left.\n\n\
           Example: SingleShotHTTPClient into SimpleFileWriter downloads a file of any size.\n\n\
           Differs from the original: the header has a box of its own, and the end of the body is the end of the stream.",
    outboxes: &[
        BoxSpec::new("outbox", "The body, part by part").kinds(&[Kind::Bytes]),
        BoxSpec::new("header", "What was said before the body").kinds(&[Kind::Map]),
    ],
    params: &[
        ParamSpec::text("starturl", "", "The address").required(),
        ParamSpec::text("postbody", "", "What to send; empty for nothing"),
        ParamSpec::text("method", "", "The method; empty for GET, or POST with a postbody"),
        ParamSpec::seconds("timeout", 30.0, "Longest time until the header has come"),
    ],
    build: build::<SingleShot>,
    ..ComponentSpec::EMPTY
};

struct SingleShot {
    url: String,
    body: String,
    method: String,
    timeout: Duration,
}

impl Component for SingleShot {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let url = params.text("starturl").trim().to_owned();
        if !url.contains("://") {
            return Err(ParamError::Other(format!(
                "starturl: an address like http://127.0.0.1:8082/ is expected: {url}"
            )));
        }
        let (body, method) = (params.text("postbody"), params.text("method").to_ascii_uppercase());
        let usual = if body.is_empty() { "GET" } else { "POST" };
        let method = if method.is_empty() { usual.to_owned() } else { method };
        Ok(Self { url, body, method, timeout: params.seconds("timeout") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside(&format!("web page {}", self.url), move |port| async move {
            port.stay_open();
            let (giving, given) = async_channel::bounded::<Result<Message, String>>(WAITING);
            blocking::unblock(move || {
                if let Err(words) = self.fetch(&|part| giving.send_blocking(Ok(part)).is_ok()) {
                    let _ = giving.send_blocking(Err(words));
                }
            })
            .detach();
            while let Ok(part) = given.recv().await {
                if !port.send(part.map_err(Fault::new)?).await {
                    break;
                }
            }
            Ok(())
        });
        while let Some(part) = far.recv().await? {
            let outbox = if matches!(part, Message::Map(_)) { "header" } else { "outbox" };
            io.send(outbox, part).await;
        }
        Ok(())
    }
}

impl SingleShot {
    /// Blocking: gives the header, then the parts, until `give` says that nobody listens.
    fn fetch(self, give: &dyn Fn(Message) -> bool) -> Result<(), String> {
        let request = Request::builder().method(self.method.as_str()).uri(&self.url);
        let agent = client::agent_for_a_stream(&self.url, self.timeout);
        let answer = if self.body.is_empty() {
            agent.run(request.body(()).map_err(|error| error.to_string())?)
        } else {
            agent.run(request.body(self.body).map_err(|error| error.to_string())?)
        };
        let mut answer = answer.map_err(|error| format!("{}: {}", client::words(&error), self.url))?;
        let status = answer.status();
        if !give(client::head_of(&self.url, &answer)) {
            return Ok(());
        }
        if !status.is_success() {
            return Err(format!("the answer has status {}: {}", status.as_u16(), self.url));
        }
        let mut body = answer.body_mut().as_reader();
        let mut part = vec![0; PART];
        loop {
            let length = body.read(&mut part).map_err(|error| format!("the body broke off: {error}: {}", self.url))?;
            if length == 0 || !give(Message::bytes(part.get(..length).unwrap_or_default())) {
                return Ok(());
            }
        }
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

    /// Fetches from a server that gives these bytes to the first who asks.
    fn fetched(answer: Vec<u8>, params: &[(&str, Message)]) -> (Rig, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/page", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(&answer).unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        let mut all = vec![("starturl", Message::from(url))];
        all.extend_from_slice(params);
        let mut rig = Rig::new(&SINGLE_SHOT_HTTP_CLIENT, &all);
        rig.run_until(|rig| rig.state().has_ended());
        (rig, serving.join().unwrap())
    }

    #[test]
    fn a_long_body_comes_in_parts_and_whole() {
        let body: Vec<u8> = (0..200_000_u32).map(|index| (index % 251) as u8).collect();
        let mut answer = b"HTTP/1.1 200 OK\r\nContent-Type: x/y\r\nContent-Length: 200000\r\n\r\n".to_vec();
        answer.extend(&body);
        let (mut rig, asked) = fetched(answer, &[]);
        assert!(asked.starts_with("GET /page HTTP/1.1"), "{asked}");
        assert_eq!(rig.state(), State::Finished);
        assert!(rig.texts("header")[0].contains("statuscode: 200, type: \"x/y\""));
        let parts = rig.take("outbox");
        assert!(parts.len() > 3 && parts.iter().all(|part| part.payload_len() <= PART));
        let whole: Vec<u8> = parts.iter().flat_map(|part| part.as_bytes().unwrap().to_vec()).collect();
        assert!(whole == body);
    }

    #[test]
    fn what_is_no_success_is_a_crash_after_its_header() {
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno".to_vec();
        let (mut rig, asked) = fetched(answer, &[("postbody", "data".into())]);
        assert!(asked.starts_with("POST /page"), "{asked}");
        assert!(rig.texts("header")[0].contains("statuscode: 404"));
        assert!(format!("{:?}", rig.state()).contains("status 404"), "{:?}", rig.state());
        assert_eq!(rig.take("outbox"), []);
    }
}
