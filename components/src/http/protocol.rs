//! HTTPServer: one connection's side of the web's protocol.

use compose_runtime::dev::*;

use super::head::{self, take_request};
use crate::refuse::wrong_kind;

/// Description of HTTPServer.
pub static HTTP_SERVER: ComponentSpec = ComponentSpec {
    type_name: "HTTPServer",
    category: Category::Network,
    summary: "Speaks the web's protocol on one connection: requests out, responses in",
    docs: "For the inside of a SimpleServer: bytes of one client come into `inbox` and go out of `outbox`. Each request \
           leaves from `request` as a map with `method`, `url`, `path` (decoded), `query`, `version`, `headers` and `body`; \
           then it waits for one message in `response`: a map with `statuscode` (200), `type`, `headers` and `body`, or \
           just a text or bytes as body. Requests that are wrong or larger than `largest` are answered by itself and the \
           connection is closed. It finishes when the client has left or wants no more.\n\n\
           Example: inside a SimpleServer, `HTTPServer.request` into Minimal and Minimal into `HTTPServer.response` is a \
           web server of files; a Router between them chooses handlers by address.\n\n\
           Bodies in pieces (chunked) are put together, bounded by `largest`, too.\n\n\
           Differs from the original: handlers are linked, not made.",
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
                        let answer = Message::map([
                            ("statuscode", i64::from(status).into()),
                            ("body", format!("{status} {}\n", head::reason(status)).into()),
                        ]);
                        io.send("outbox", head::response(&answer, false, false)).await;
                        return Ok(());
                    }
                };
                io.send("request", request.message).await;
                let Some(answer) = io.recv("response").await else { return Ok(()) };
                io.send("outbox", head::response(&answer, request.method == "HEAD", request.keeps_open)).await;
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
    fn requests_are_answered_in_turn_until_the_client_wants_no_more() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
        rig.run();
        assert_eq!(rig.take("request").len(), 1, "the second waits for the answer to the first");
        rig.put("response", "first");
        rig.run();
        assert_eq!(rig.take("request").len(), 1);
        rig.put("response", Message::map([("statuscode", 404.into())]));
        rig.run();
        let answers = rig.texts("outbox");
        assert!(answers[0].ends_with("Connection: keep-alive\r\n\r\nfirst"), "{}", answers[0]);
        assert!(answers[1].starts_with("HTTP/1.1 404 Not Found"));
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn nonsense_is_answered_and_the_connection_closed() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "hello?\r\n\r\n");
        rig.run();
        assert!(rig.texts("outbox")[0].starts_with("HTTP/1.1 400 Bad Request"));
        assert_eq!(rig.state(), State::Finished);
    }
}
