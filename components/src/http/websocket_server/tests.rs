//! Tests of WebSocketServer in a rig, without a socket; the bytes are examples of RFC 6455.

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::super::websocket::tests::{HELLO, HELLO_MASKED, frame};
use super::*;

/// The request and the key of RFC 6455, section 1.3, with additional headers.
fn websocket_request(more: &str) -> String {
    format!(
        "GET /chat HTTP/1.1\r\nHost: 127.0.0.1:1602\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
    )
}

fn opened(params: &[(&str, Message)]) -> Rig {
    let mut rig = Rig::new(&WEB_SOCKET_SERVER, params);
    rig.put("inbox", websocket_request("Sec-WebSocket-Version: 13\r\n"));
    rig.run();
    let response = rig.texts("outbox").concat();
    assert!(response.starts_with("HTTP/1.1 101 "), "{response}");
    assert!(response.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{response}");
    rig
}

fn written(rig: &mut Rig) -> Vec<u8> {
    rig.take("outbox").iter().flat_map(|message| message.as_bytes().unwrap_or_default().to_vec()).collect()
}

#[test]
fn messages_are_transferred_in_both_directions_after_the_handshake() {
    let mut rig = opened(&[]);
    rig.put("inbox", Message::bytes(HELLO_MASKED));
    rig.put("send", "Hello");
    rig.run();
    assert_eq!(rig.take("received"), ["Hello".into()]);
    assert_eq!(written(&mut rig), HELLO);
    rig.put("inbox", Message::bytes(frame(0x88, &[])));
    rig.run();
    assert_eq!((written(&mut rig), rig.state()), (vec![0x88, 0], State::Finished));
}

#[test]
fn frames_may_arrive_with_the_request_and_messages_to_send_wait_for_it() {
    let mut rig = Rig::new(&WEB_SOCKET_SERVER, &[]);
    rig.put("send", "Hello");
    rig.run_for(std::time::Duration::from_secs(1));
    assert_eq!(rig.waiting("outbox"), 0);
    let request = websocket_request("Sec-WebSocket-Version: 13\r\n");
    rig.put("inbox", Message::bytes([request.as_bytes(), HELLO_MASKED].concat()));
    rig.run();
    assert_eq!(rig.take("received"), ["Hello".into()]);
    assert!(written(&mut rig).ends_with(HELLO));
}

#[test]
fn asked_to_finish_it_sends_queued_messages_and_a_close_frame() {
    let mut rig = opened(&[]);
    rig.put("send", "Hello");
    rig.finish();
    rig.run();
    let expected = [HELLO, &[0x88, 2, 0x03]].concat();
    let bytes = written(&mut rig);
    assert!(bytes.starts_with(&expected), "{bytes:?}");
    assert_eq!(rig.state(), State::Finished);
}

#[test]
fn a_client_that_breaks_the_protocol_is_disconnected_with_a_note() {
    let mut rig = opened(&[("largest", 3_i64.into())]);
    rig.put("inbox", Message::bytes(HELLO_MASKED));
    rig.run();
    assert_eq!(written(&mut rig), [0x88, 2, 0x03, 0xf1], "1009: too large");
    assert_eq!((rig.state(), rig.take("received").len()), (State::Finished, 0));
    assert!(rig.console().concat().contains("too long"), "{:?}", rig.console());
}

#[test]
fn page_requests_are_answered_on_the_same_connection_before_the_handshake() {
    let mut rig = Rig::new(&WEB_SOCKET_SERVER, &[]);
    rig.put("inbox", "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    rig.run();
    let requests = rig.take("request");
    assert!(matches!(&requests[..], [Message::Map(map)] if map["path"] == "/".into()), "{requests:?}");
    rig.put("response", "page");
    rig.put("inbox", websocket_request("Sec-WebSocket-Version: 13\r\n"));
    rig.run();
    let responses = rig.texts("outbox");
    assert!(responses[0].ends_with("\r\n\r\npage") && responses[1].starts_with("HTTP/1.1 101 "), "{responses:?}");
}

#[test]
fn an_invalid_or_foreign_request_is_refused() {
    let none: &[(&str, Message)] = &[];
    let any: &[(&str, Message)] = &[("any_origin", true.into())];
    let fine = "Sec-WebSocket-Version: 13\r\n";
    for (more, params, status) in [
        (String::new(), none, 426),
        ("Sec-WebSocket-Version: 8\r\n".to_owned(), none, 426),
        (format!("{fine}Sec-WebSocket-Key: second\r\n"), none, 400),
        (format!("{fine}Origin: http://evil.example\r\n"), none, 403),
        (format!("{fine}Origin: null\r\n"), none, 403),
        (format!("{fine}Origin: http://127.0.0.1:1602\r\n"), none, 101),
        (format!("{fine}Origin: http://evil.example\r\n"), any, 101),
    ] {
        let mut rig = Rig::new(&WEB_SOCKET_SERVER, params);
        rig.put("inbox", websocket_request(&more));
        rig.run();
        let response = rig.texts("outbox").concat();
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{more}: {response}");
        assert_eq!(rig.state() == State::Finished, status != 101, "{more}");
    }
}

#[test]
fn sending_a_number_crashes_it_and_the_error_suggests_json_encoder() {
    let mut rig = opened(&[]);
    rig.put("send", 5_i64);
    rig.run();
    assert!(matches!(rig.state(), State::Crashed(error) if error.contains("JSONEncoder")));
}
