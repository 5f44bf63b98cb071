//! HTTPServer: the server side of HTTP on one connection.

use compose_runtime::dev::*;

use super::conversation::{BODY_TIMEOUT, Conversation, HEAD_TIMEOUT, LARGEST, Limits};

/// Description of HTTPServer.
pub static HTTP_SERVER: ComponentSpec = ComponentSpec {
    type_name: "HTTPServer",
    category: Category::Network,
    summary: "Speaks HTTP on one connection: requests out, responses in",
    docs: "For use inside a SimpleServer: the bytes of one client arrive in `inbox` and leave from `outbox`. Each \
           request leaves from `request` as a map with `method`, `url` (path and query as sent), `path` (decoded), \
           `query`, `version`, `headers` and `body`. The component then waits for one message in `response`: a map \
           with `statuscode` (default 200), `type`, `headers` and `body`, or only the body as text or bytes. If all \
           handlers end without a response, or the component is asked to finish before there is one, the client gets \
           500 and the connection is closed. A message in `response` that no request waits for is dropped, and the \
           console shows it. The component finishes when the client disconnects or asks for the connection to be \
           closed.\n\n\
           Names of headers are in lower case. Several headers of the same name are joined: with a comma, and cookies \
           with a semicolon. In a response, a list as the value of a header becomes several headers; a header whose \
           name or value is not valid HTTP is left out. The response to HEAD is sent without its body, so handlers can \
           treat HEAD like GET.\n\n\
           The component answers invalid requests, and requests larger than `largest`, itself and closes the \
           connection. It does the same (408) if a head takes longer than `head_timeout`, or a body longer than \
           `body_timeout` plus a second for each 500 bytes received. A connection without a request is closed after \
           `head_timeout`. If a client waits for permission to send a body (`Expect: 100-continue`), it gets it. \
           Chunked bodies are reassembled; `largest` limits them too. If the request target is an absolute URL, \
           `url` is its path and query, and its host replaces the header `host`.\n\n\
           The header `Date` follows the clock of the run, which stands still during a pause.\n\n\
           Example: inside a SimpleServer, `HTTPServer.request` into Minimal and Minimal into `HTTPServer.response` \
           is a web server for files; a Router between them chooses handlers by address.\n\n\
           Differs from the original: handlers are linked, not created by the server.",
    inboxes: &[
        BoxSpec::new("inbox", "Bytes from the client").kinds(&[Kind::Bytes, Kind::Text]),
        BoxSpec::new("response", "One response for each request"),
    ],
    outboxes: &[
        BoxSpec::new("outbox", "Bytes to the client").kinds(&[Kind::Bytes]),
        BoxSpec::new("request", "Requests").kinds(&[Kind::Map]),
    ],
    params: &[LARGEST, HEAD_TIMEOUT, BODY_TIMEOUT],
    sends_first: SendsFirst::Yes,
    build: build::<HttpServer>,
    ..ComponentSpec::EMPTY
};

struct HttpServer {
    limits: Limits,
}

impl Component for HttpServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { limits: Limits::new(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut conversation = Conversation::open(&io, self.limits).await?;
        while let Some(request) = conversation.next().await? {
            if !conversation.exchange(request).await {
                break;
            }
        }
        conversation.drop_extra();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    const GET: &str = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    #[test]
    fn requests_are_answered_in_order_until_the_client_closes() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", format!("{GET}GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        rig.run();
        assert_eq!(rig.take("request").len(), 1, "the second request waits for the response to the first");
        rig.put("response", "first");
        rig.run();
        assert_eq!(rig.take("request").len(), 1);
        rig.put("response", Message::map([("statuscode", 404.into())]));
        rig.run();
        let responses = rig.texts("outbox");
        assert!(responses[0].contains("\r\nConnection: keep-alive\r\nDate: "), "{}", responses[0]);
        assert!(responses[0].ends_with(" GMT\r\n\r\nfirst"), "{}", responses[0]);
        assert!(responses[1].starts_with("HTTP/1.1 404 Not Found"));
        assert_eq!(rig.state(), State::Finished);
    }

    fn message_map(status: impl Into<Message>) -> Message {
        Message::map([("statuscode", status.into()), ("body", "text".into())])
    }

    #[test]
    fn a_second_response_to_one_request_does_not_answer_the_next() {
        for is_late in [false, true] {
            let mut rig = Rig::new(&HTTP_SERVER, &[]);
            rig.put("inbox", GET);
            rig.run_for(Duration::from_secs(1));
            rig.put("response", "first");
            if is_late {
                rig.run_for(Duration::from_secs(1));
            }
            rig.put("response", "extra");
            rig.put("inbox", "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            rig.run_for(Duration::from_secs(1));
            assert!(rig.console().concat().contains("so it was dropped"), "{:?}", rig.console());
            rig.put("response", "second");
            rig.run();
            let responses = rig.texts("outbox");
            assert!(responses[0].ends_with("first") && responses[1].ends_with("second"), "{responses:?}");
            assert_eq!(responses.len(), 2);
        }
    }

    #[test]
    fn a_request_without_a_response_gets_500_and_the_connection_is_closed() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", GET);
        rig.run_for(Duration::from_secs(1));
        // Has the same effect as the end of the only handler.
        rig.finish();
        rig.run();
        let response = rig.texts("outbox").concat();
        assert!(response.starts_with("HTTP/1.1 500 ") && response.contains("Connection: close\r\n"), "{response}");
        assert_eq!(rig.state(), State::Finished);
        assert!(rig.console().concat().contains("no response to GET /a arrived"), "{:?}", rig.console());
    }

    #[test]
    fn an_invalid_status_is_reported() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", GET);
        rig.put("response", "dropped, because it comes before the request");
        rig.run_for(Duration::from_secs(1));
        rig.put("response", message_map(42));
        rig.run_for(Duration::from_secs(1));
        assert!(rig.texts("outbox").concat().starts_with("HTTP/1.1 500 "));
        assert!(rig.console().concat().contains("from 200 to 999, not 42"), "{:?}", rig.console());
    }

    #[test]
    fn an_invalid_request_is_answered_and_the_connection_closed() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "hello?\r\n\r\n");
        rig.run();
        assert!(rig.texts("outbox")[0].starts_with("HTTP/1.1 400 Bad Request"));
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn the_refusal_of_a_head_request_has_no_body() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "HEAD / HTTP/1.1\r\n\r\n");
        rig.run();
        let response = rig.texts("outbox").concat();
        assert!(response.starts_with("HTTP/1.1 400 ") && response.contains("Content-Length: 16\r\n"), "{response}");
        assert!(response.ends_with("\r\n\r\n"), "{response}");
    }

    #[test]
    fn a_client_that_asks_may_continue() {
        let mut rig = Rig::new(&HTTP_SERVER, &[]);
        rig.put("inbox", "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        rig.run_for(Duration::from_secs(1));
        assert_eq!(rig.texts("outbox"), ["HTTP/1.1 100 Continue\r\n\r\n"]);
        assert_eq!(rig.waiting("request"), 0);
        rig.put("inbox", "ab");
        rig.run();
        assert_eq!((rig.waiting("request"), rig.waiting("outbox")), (1, 0));
    }

    /// The bytes that a server sends until it closes a connection, and the time at which it does so, in seconds. Each
    /// piece from the client arrives `pause` seconds after the previous one.
    fn time_out(pieces: &[&str], pause: u64) -> (String, f64) {
        let mut rig = Rig::new(&HTTP_SERVER, &[("head_timeout", 10.0.into()), ("body_timeout", 20.0.into())]);
        for piece in pieces {
            rig.put("inbox", *piece);
            rig.run_for(Duration::from_secs(pause));
        }
        while rig.state() != State::Finished {
            rig.run_for(Duration::from_millis(500));
        }
        (rig.texts("outbox").concat(), rig.now().as_secs_f64())
    }

    #[test]
    fn a_slow_head_and_a_slow_body_time_out() {
        let long = "x".repeat(5000);
        let put = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n";
        for (pieces, seconds) in [
            (&["GET"][..], 10.0),
            (&["G", "E", "T", " ", "/"], 10.0),
            (&[put], 20.0),
            (&[put, "x", "x", "x", "x", "x", "x"], 22.0),
            // Every 500 bytes extend the deadline by one second.
            (&[put, &long], 30.0),
        ] {
            let (answer, closed) = time_out(pieces, 2);
            assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{pieces:?}: {answer}");
            assert!(answer.contains("\r\nConnection: close\r\n"), "{answer}");
            assert!((closed - seconds).abs() <= 2.0, "{pieces:?}: {closed}");
        }
    }

    #[test]
    fn a_connection_without_a_request_is_closed_without_an_answer() {
        assert_eq!(time_out(&["\r\n"], 0), (String::new(), 10.0));
        let mut rig = Rig::new(&HTTP_SERVER, &[("head_timeout", 10.0.into())]);
        rig.put("inbox", GET);
        // The handler may take longer.
        rig.run_for(Duration::from_secs(100));
        rig.put("response", "page");
        rig.run_for(Duration::from_secs(9));
        assert!(rig.texts("outbox").concat().ends_with("page"));
        rig.run_for(Duration::from_secs(2));
        assert_eq!((rig.state(), rig.waiting("outbox")), (State::Finished, 0));
        let mut rig = Rig::new(&HTTP_SERVER, &[("head_timeout", 0.0.into())]);
        rig.run();
        assert_ne!(rig.state(), State::Finished);
    }
}
