//! Servers: the real binary, real sockets, several clients at once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;

use compose_tests::binary;
use compose_tests::fixtures::Fixture;

/// Starts the ready-made echo server on a free port. Also returns the port.
fn echo_server() -> (binary::Running, u16) {
    let port = compose_tests::free_port();
    let setting = format!("port={port}");
    let running = binary::Running::start(binary::command(&["run", "projects/echo-server.json", "--set", &setting]), "");
    (running, port)
}

fn connect(port: u16) -> TcpStream {
    compose_tests::wait_until("the server", binary::LIMIT, || TcpStream::connect(("127.0.0.1", port)).ok())
}

#[test]
fn three_clients_at_once_each_get_back_their_own_lines_in_order() {
    let (running, port) = echo_server();
    let clients = ["red", "green", "blue"].map(|name| {
        let stream = connect(port);
        thread::spawn(move || {
            let mut writer = stream.try_clone().unwrap();
            let sent = (0..1000).map(|number| format!("{name} {number}\n")).collect::<Vec<_>>().concat();
            let all = sent.clone();
            let writing = thread::spawn(move || {
                writer.write_all(all.as_bytes()).unwrap();
                writer.shutdown(Shutdown::Write).unwrap();
            });
            let mut received = String::new();
            BufReader::new(stream).read_to_string(&mut received).unwrap();
            writing.join().unwrap();
            assert!(received == sent, "{name} got {} bytes back for {}", received.len(), sent.len());
        })
    });
    for client in clients {
        client.join().unwrap();
    }
    running.signal("INT");
    running.wait().expect_code(0);
}

#[test]
fn a_client_that_disconnects_does_not_affect_the_others() {
    let (running, port) = echo_server();
    let (leaving, mut staying) = (connect(port), connect(port));
    let echoed = |stream: &mut TcpStream, text: &str| {
        stream.write_all(text.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert_eq!(line, text);
    };
    echoed(&mut staying, "both are here\n");
    drop(leaving);
    echoed(&mut staying, "one is here\n");
    echoed(&mut connect(port), "another came\n");
    running.signal("INT");
    running.wait().expect_code(0);
}

/// A WebSocket echo server, as components and links.
fn websocket_echo(port: u16) -> (serde_json::Value, Vec<&'static str>) {
    let components = serde_json::json!({
        "server": { "type": "SimpleServer", "params": { "port": port, "protocol": "Echo" } },
        "Echo": {
            "type": "Composite",
            "template": true,
            "graph": {
                "components": { "web": { "type": "WebSocketServer" } },
                "links": ["self.inbox -> web.inbox", "web.outbox -> self.outbox", "web.received -> web.send"]
            }
        }
    });
    (components, Vec::new())
}

#[test]
fn a_websocket_client_and_server_echo_a_thousand_lines_and_then_end() {
    let port = compose_tests::free_port();
    let (mut components, mut links) = websocket_echo(port);
    let lines: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
    components["lines"] = serde_json::json!({ "type": "DataSource", "params": { "messages": lines } });
    let params = serde_json::json!({ "url": format!("ws://127.0.0.1:{port}/"), "retry": 5 });
    components["client"] = serde_json::json!({ "type": "WebSocketClient", "params": params });
    components["screen"] = serde_json::json!({ "type": "ConsoleEchoer" });
    links.extend(["lines.outbox -> client.inbox", "client.outbox -> screen.inbox", "client.signal -> server.control"]);
    let fixture = Fixture::project(&components, &links);
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(0);
    assert!(outcome.stdout == lines.concat(), "{}", outcome.stdout);
}

#[test]
fn a_plain_http_request_to_a_websocket_server_is_answered_with_upgrade_required() {
    let port = compose_tests::free_port();
    let (components, links) = websocket_echo(port);
    let fixture = Fixture::project(&components, &links);
    let running = binary::Running::start(binary::command(&["run", &fixture.file()]), "");
    let mut stream = connect(port);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{answer}");
    assert!(answer.contains("Upgrade: websocket\r\n"), "{answer}");
    running.signal("INT");
    running.wait().expect_code(0);
}
