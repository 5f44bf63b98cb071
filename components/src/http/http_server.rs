//! HTTPServer: the server side of HTTP on one connection.

use compose_runtime::dev::*;

use super::head::{self, take_request};
use crate::refuse::wrong_kind;

/// Description of HTTPServer.
pub static HTTP_SERVER: ComponentSpec = ComponentSpec {
    type_name: "HTTPServer",
    category: Category::Network,
    summary: "Speaks HTTP on one connection: requests out, responses in",
    docs: "For use inside a SimpleServer: the bytes of one client arrive in `inbox` and leave from `outbox`. Each \
           request leaves from `request` as a map with `method`, `url`, `path` (decoded), `query`, `version`, \
           `headers` and `body`. The component then waits for one message in `response`: a map with `statuscode` \
           (default 200), `type`, `headers` and `body`, or only the body as text or bytes. It answers invalid \
           requests, and requests larger than `largest`, itself and closes the connection. It finishes when the \
           client disconnects or asks for the connection to be closed.\n\n\
           Example: inside a SimpleServer, `HTTPServer.request` into Minimal and Minimal into `HTTPServer.response` \
           is a web server for files; a Router between them chooses handlers by address.\n\n\
           Chunked bodies are reassembled; `largest` limits them too.\n\n\
           Differs from the original: handlers are linked, not created by the server.",
    inboxes: &[
        BoxSpec::new("inbox", "Bytes from the client").kinds(&[Kind::Bytes, Kind::Text]),
        BoxSpec::new("response", "One response for each request"),
    ],
    outboxes: &[
        BoxSpec::new("outbox", "Bytes to the client").kinds(&[Kind::Bytes]),
        BoxSpec::new("request", "Requests").kinds(&[Kind::Map]),
    ],
    params: &[ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest body of a request").unit("bytes")],
    speaks_first: SpeaksFirst::Yes,
    build: build::<HttpServer>,
    ..ComponentSpec::EMPTY
};

struct HttpServer {
    largest: usize,
}

impl Component for HttpServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { largest: params.count("largest") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut buffer = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            let bytes = message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", &message))?;
            buffer.extend_from_slice(bytes);
            loop {
                let request = match take_request(&mut buffer, self.largest) {
                    Ok(Some(request)) => request,
                    Ok(None) => break,
                    Err(status) => {
                        let response = Message::map([
                            ("statuscode", i64::from(status.as_u16()).into()),
                            ("body", format!("{status}\n").into()),
                        ]);
                        io.send("outbox", head::response(&response, false, false)).await;
                        return Ok(());
                    }
                };
                io.send("request", request.message).await;
                let Some(response) = io.recv("response").await else { return Ok(()) };
                io.send("outbox", head::response(&response, request.method == "HEAD", request.keeps_open)).await;
                if !request.keeps_open {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn requests_are_answered_in_order_until_the_client_closes() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
        rig.run();
        assert_eq!(rig.take("request").len(), 1, "the second request waits for the response to the first");
        rig.put("response", "first");
        rig.run();
        assert_eq!(rig.take("request").len(), 1);
        rig.put("response", Message::map([("statuscode", 404.into())]));
        rig.run();
        let responses = rig.texts("outbox");
        assert!(responses[0].ends_with("Connection: keep-alive\r\n\r\nfirst"), "{}", responses[0]);
        assert!(responses[1].starts_with("HTTP/1.1 404 Not Found"));
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn an_invalid_request_is_answered_and_the_connection_closed() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "hello?\r\n\r\n");
        rig.run();
        assert!(rig.texts("outbox")[0].starts_with("HTTP/1.1 400 Bad Request"));
        assert_eq!(rig.state(), State::Finished);
    }
}
