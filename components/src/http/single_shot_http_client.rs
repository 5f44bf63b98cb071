//! SingleShotHTTPClient: fetches one address as a stream of parts.

use std::io::Read as _;

use compose_runtime::dev::*;
use http::Request;

use super::web_address;
use super::web_client::{self, FetchError};
use crate::net::time_limit::TimeLimit;

/// Maximum number of bytes in one part of a body.
const PART: usize = 32 << 10;
/// Capacity of the queue between the socket and the component.
const QUEUE_CAPACITY: usize = 4;

/// Description of SingleShotHTTPClient.
pub static SINGLE_SHOT_HTTP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "SingleShotHTTPClient",
    category: Category::Network,
    summary: "Fetches one web address and sends its body in parts as they arrive",
    docs: "First a map with `url`, `statuscode`, `type` and `headers` leaves from `header`; its headers are joined as \
           with SimpleHTTPClient. Then the body leaves from `outbox` in parts of at most 32 KiB, as fast as they are \
           read; a body may have any length. Then the component finishes. Redirects are followed, but a `postbody` is \
           not sent again (307, 308): then the component crashes. With a `postbody` the default method is POST. If the \
           address cannot be fetched, the component crashes and names the reason. If the status is not a success, it \
           sends the header and then crashes with the status.\n\n\
           Example: SingleShotHTTPClient into SimpleFileWriter downloads a file of any size.\n\n\
           Differs from the original: the header has its own box, and the end of the body is the end of the stream.",
    outboxes: &[
        BoxSpec::new("outbox", "The body, in parts").kinds(&[Kind::Bytes]),
        BoxSpec::new("header", "The response header").kinds(&[Kind::Map]),
    ],
    params: &[
        ParamSpec::text("starturl", "", "Address to fetch").required(),
        ParamSpec::text("postbody", "", "Body of the request; empty for none"),
        ParamSpec::text("method", "", "Method; empty for GET, or for POST with a `postbody`"),
        ParamSpec::seconds(
            "timeout",
            30.0,
            "Longest time to wait for the header, and for each part of the body; 0 for no limit",
        ),
    ],
    build: build::<SingleShot>,
    ..ComponentSpec::EMPTY
};

struct SingleShot {
    url: String,
    body: String,
    method: String,
    timeout: TimeLimit,
}

impl Component for SingleShot {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let url = web_address::address(&params.text("starturl"), web_address::PAGES);
        let url = url.map_err(|error| ParamError::Other(format!("starturl: {error}")))?.to_string();
        let (body, method) = (params.text("postbody"), params.text("method").to_ascii_uppercase());
        let default = if body.is_empty() { "GET" } else { "POST" };
        let method = if method.is_empty() { default.to_owned() } else { method };
        if http::Method::from_bytes(method.as_bytes()).is_err() {
            return Err(ParamError::Other(format!("method: {method:?} is not a method; give one like GET")));
        }
        Ok(Self { url, body, method, timeout: TimeLimit::of(params, "timeout") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = io.outside(&format!("web page {}", self.url), move |port| async move {
            port.stay_open();
            let (sender, receiver) = async_channel::bounded::<Result<Message, FetchError>>(QUEUE_CAPACITY);
            blocking::unblock(move || {
                if let Err(error) = self.fetch(&|part| sender.send_blocking(Ok(part)).is_ok()) {
                    let _ = sender.send_blocking(Err(error));
                }
            })
            .detach();
            while let Ok(part) = receiver.recv().await {
                if !port.send(part?).await {
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
    /// Passes the header and then the parts to `send`, until `send` returns false. Blocking.
    fn fetch(self, send: &dyn Fn(Message) -> bool) -> Result<(), FetchError> {
        let request = Request::builder().method(self.method.as_str()).uri(&self.url);
        let agent = web_client::agent_for_a_stream(&self.url, self.timeout);
        let response =
            if self.body.is_empty() { agent.run(request.body(())?) } else { agent.run(request.body(self.body)?) };
        let mut response = response.map_err(|error| FetchError::NoResponse { error, url: self.url.clone() })?;
        let status = response.status();
        if !send(Message::map(web_client::header_of(&self.url, &response))) {
            return Ok(());
        }
        if !status.is_success() {
            return Err(FetchError::Status { status: status.as_u16(), url: self.url });
        }
        let expected = response.body().content_length();
        let mut body = response.body_mut().as_reader();
        let (mut part, mut received) = (vec![0; PART], 0);
        loop {
            let length = body.read(&mut part).map_err(|error| {
                let url = self.url.clone();
                FetchError::Broken { error, received, expected, url }
            })?;
            received += length as u64;
            if length == 0 || !send(Message::bytes(part.get(..length).unwrap_or_default())) {
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

    /// Fetches from a server that sends these bytes to its first client; returns the request too.
    fn fetched(response: Vec<u8>, params: &[(&str, Message)]) -> (Rig, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/page", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(&response).unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        let mut all = vec![("starturl", Message::from(url))];
        all.extend_from_slice(params);
        let mut rig = Rig::new(&SINGLE_SHOT_HTTP_CLIENT, &all);
        rig.run_until(|rig| rig.state().has_ended());
        (rig, serving.join().unwrap())
    }

    #[test]
    fn a_long_body_arrives_completely_in_parts() {
        let body: Vec<u8> = (0..200_000_u32).map(|index| (index % 251) as u8).collect();
        let mut response = b"HTTP/1.1 200 OK\r\nContent-Type: x/y\r\nContent-Length: 200000\r\n\r\n".to_vec();
        response.extend(&body);
        let (mut rig, request) = fetched(response, &[]);
        assert!(request.starts_with("GET /page HTTP/1.1"), "{request}");
        assert_eq!(rig.state(), State::Finished);
        assert!(rig.texts("header")[0].contains("statuscode: 200, type: \"x/y\""));
        let parts = rig.take("outbox");
        assert!(parts.len() > 3 && parts.iter().all(|part| part.payload_len() <= PART));
        let received: Vec<u8> = parts.iter().flat_map(|part| part.as_bytes().unwrap().to_vec()).collect();
        assert!(received == body);
    }

    #[test]
    fn a_body_that_breaks_off_or_stalls_is_reported_with_its_length() {
        let start = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello";
        let (rig, _) = fetched(start.into(), &[]);
        let state = format!("{:?}", rig.state());
        assert!(state.contains("the connection broke, after 5 of 50 bytes of the body"), "{state}");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/page", listener.local_addr().unwrap());
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(start.as_bytes()).unwrap();
            // Keeps the connection open until the client has given up.
            let _ = ended.recv();
        });
        let mut rig = Rig::new(&SINGLE_SHOT_HTTP_CLIENT, &[("starturl", url.into()), ("timeout", 1.0.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains("no more data arrived in time, after 5 of 50 bytes"), "{state}");
        drop(end);
        serving.join().unwrap();
    }

    #[test]
    fn an_address_or_a_method_that_cannot_be_used_is_refused() {
        for (url, method, reason) in
            [("http://h:99999/", "", "the port must be from 1 to 65535"), ("http://h/", "G T", "is not a method")]
        {
            let (url, method) = (Message::from(url), Message::from(method));
            let given = [("starturl", &url), ("method", &method)];
            let params = Params::check(SINGLE_SHOT_HTTP_CLIENT.params, given).unwrap();
            let error = (SINGLE_SHOT_HTTP_CLIENT.build)(&params).err().unwrap().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_failure_status_crashes_it_after_the_header() {
        let response = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno".to_vec();
        let (mut rig, request) = fetched(response, &[("postbody", "data".into())]);
        assert!(request.starts_with("POST /page"), "{request}");
        assert!(rig.texts("header")[0].contains("statuscode: 404"));
        assert!(format!("{:?}", rig.state()).contains("status 404"), "{:?}", rig.state());
        assert_eq!(rig.take("outbox"), []);
    }
}
