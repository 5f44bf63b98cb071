//! Tests of the SimpleServer over real local sockets. Test names start with the rules they cover.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::super::graph::{Graph, Part};
use super::super::rig::{self, once, pass};
use super::*;

/// The clients of these tests read only after the connection has ended, so there is no point in waiting for them.
const SHORT: (&str, Message) = ("close_timeout", Message::Float(0.01));

/// Starts a server with this protocol on a free port and returns it with its address.
fn server(protocol: &Graph, params: &[(&str, Message)]) -> (Rig, String) {
    let mut all = vec![("port", Message::Int(0)), ("protocol", "P".into())];
    all.extend_from_slice(params);
    let mut rig = rig::chassis(&SIMPLE_SERVER, &all, &[("P", protocol)]);
    rig.run_until(|rig| rig.line(0).starts_with("listening on "));
    let address = rig.line(0).trim_start_matches("listening on ").to_owned();
    (rig, address)
}

/// A client that sends lines, closes its sending side, and returns the lines it received.
fn client(address: &str, name: &str, lines: usize) -> thread::JoinHandle<Vec<String>> {
    let stream = TcpStream::connect(address).unwrap();
    let name = name.to_owned();
    thread::spawn(move || {
        let mut writer = stream.try_clone().unwrap();
        let writing = thread::spawn(move || {
            for number in 0..lines {
                writeln!(writer, "{name} {number}").unwrap();
            }
            writer.shutdown(Shutdown::Write).unwrap();
        });
        let received = BufReader::new(stream).lines().map(Result::unwrap).collect();
        writing.join().unwrap();
        received
    })
}

fn lines(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{name} {number}")).collect()
}

#[test]
fn srv_1_each_client_has_its_own_instance_with_both_addresses() {
    let (mut rig, address) = server(&once("${peer}:${peerport} at ${localip}:${localport} is ${connection}"), &[SHORT]);
    for number in 1..=2 {
        let mut stream = TcpStream::connect(&address).unwrap();
        let own = stream.local_addr().unwrap();
        rig.run_until(|rig| rig.line(1) == format!("0 connected, {number} so far"));
        let mut received = String::new();
        stream.read_to_string(&mut received).unwrap();
        assert_eq!(received, format!("{own} at {address} is {number}"));
    }
}

#[test]
fn port_3_the_default_port_is_that_of_the_original() {
    let port = SIMPLE_SERVER.params.iter().find(|param| param.name == "port").unwrap();
    assert_eq!(port.default.value(), Some(Message::Int(1601)));
}

#[test]
fn srv_2_a_missing_protocol_is_reported_immediately() {
    let mut rig = rig::chassis(&SIMPLE_SERVER, &[("port", Message::Int(0)), ("protocol", "Ecko".into())], &[]);
    rig.run_until(|rig| rig.state().has_ended());
    let error = format!("{:?}", rig.state());
    assert!(error.contains("no template \\\"Ecko\\\""), "{error}");
    let templates = [("P", &once("${item}"))];
    let mut rig = rig::chassis(&SIMPLE_SERVER, &[("port", Message::Int(0)), ("protocol", "P".into())], &templates);
    rig.run_until(|rig| rig.state().has_ended());
    let error = format!("{:?}", rig.state());
    assert!(error.contains("P uses ${item}, which has no value here"), "{error}");
}

#[test]
fn srv_3_three_concurrent_clients_receive_their_own_lines_in_order() {
    let (mut rig, address) = server(&pass(), &[]);
    let clients: Vec<_> = ["a", "b", "c"].map(|name| (name, client(&address, name, 1000))).into();
    rig.run_until(|rig| rig.line(1) == "0 connected, 3 so far");
    for (name, client) in clients {
        assert_eq!(client.join().unwrap(), lines(name, 1000));
    }
    assert_eq!(rig.names(), Vec::<String>::new());
}

#[test]
fn srv_4_a_client_that_disconnects_does_not_affect_the_others() {
    let (mut rig, address) = server(&pass(), &[]);
    let mut first = TcpStream::connect(&address).unwrap();
    let second = TcpStream::connect(&address).unwrap();
    first.write_all(b"half a wo").unwrap();
    rig.run_until(|rig| rig.line(1) == "2 connected, 2 so far");
    drop(first);
    rig.run_until(|rig| rig.line(1) == "1 connected, 2 so far");
    let mut writer = second.try_clone().unwrap();
    writer.write_all(b"still here\n").unwrap();
    writer.shutdown(Shutdown::Write).unwrap();
    rig.run_until(|rig| rig.line(1) == "0 connected, 2 so far");
    let mut received = String::new();
    BufReader::new(second).read_line(&mut received).unwrap();
    assert_eq!(received, "still here\n");
}

#[test]
fn srv_4_a_protocol_that_ignores_its_input_learns_that_the_client_stopped_sending() {
    let clock = Graph::graphline(
        &[
            ("say", Part::new("DataSource").with("messages", Message::list(["hello".into()]))),
            ("wait", Part::new("PassThrough")),
        ],
        &["say.outbox -> self.outbox", "wait.outbox -> self.outbox"],
    );
    let (mut rig, address) = server(&clock.unwrap(), &[("linger", Message::Float(0.05))]);
    let stream = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| rig.line(1) == "1 connected, 1 so far");
    stream.shutdown(Shutdown::Write).unwrap();
    rig.run_until(|rig| rig.line(1) == "0 connected, 1 so far");
}

#[test]
fn srv_5_the_end_of_the_protocol_closes_the_connection_after_its_last_output() {
    let long = "x".repeat(300_000);
    let (mut rig, address) = server(&once(&long), &[]);
    let stream = TcpStream::connect(&address).unwrap();
    let reading = thread::spawn(move || {
        let mut received = String::new();
        BufReader::new(stream).read_to_string(&mut received).unwrap();
        received.len()
    });
    rig.run_until(|rig| rig.line(1) == "0 connected, 1 so far");
    assert_eq!(reading.join().unwrap(), 300_000);
}

#[test]
fn srv_6_a_protocol_can_shut_the_server_down() {
    let source = Part::new("DataSource").with("messages", Message::list(["bye".into()]));
    let protocol =
        Graph::graphline(&[("say", source)], &["say.outbox -> self.outbox", "say.signal -> self.serversignal"]);
    let (mut rig, address) = server(&protocol.unwrap(), &[]);
    let _stream = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| rig.state() == State::Finished);
}

#[test]
fn srv_7_finish_waits_for_the_last_protocol_and_stop_ends_everything() {
    for stops in [false, true] {
        let (mut rig, address) = server(&pass(), &[]);
        let mut stream = TcpStream::connect(&address).unwrap();
        rig.run_until(|rig| rig.line(1).starts_with("1 connected"));
        if stops {
            rig.shutdown();
        } else {
            rig.finish();
        }
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(stream.read(&mut [0; 8]).unwrap_or_default(), 0);
        drop(stream);
        // The reactor thread closes the listening socket a moment later.
        rig.run_until(|_| TcpListener::bind(&address).is_ok());
    }
}

/// Two schedulers in one process: neither takes the other's connections.
#[test]
fn two_schedulers_each_serve_their_own_clients() {
    let (mut first, first_address) = server(&once("first ${connection}"), &[SHORT]);
    let (mut second, second_address) = server(&once("second ${connection}"), &[SHORT]);
    for number in 1..=2 {
        for (rig, address, name) in [(&mut second, &second_address, "second"), (&mut first, &first_address, "first")] {
            let mut stream = TcpStream::connect(address).unwrap();
            rig.run_until(|rig| rig.line(1) == format!("0 connected, {number} so far"));
            let mut received = String::new();
            stream.read_to_string(&mut received).unwrap();
            assert_eq!(received, format!("{name} {number}"));
        }
    }
}

#[test]
fn clients_that_still_wait_are_disconnected_when_the_server_ends() {
    let (mut rig, address) = server(&pass(), &[("most", Message::Int(1))]);
    let _served = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| rig.line(1) == "1 connected, 1 so far");
    let mut waiting = TcpStream::connect(&address).unwrap();
    rig.shutdown();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(waiting.read(&mut [0; 8]).unwrap_or_default(), 0);
}

#[test]
fn srv_8_a_port_in_use_is_named_with_a_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let params = [("port", i64::from(port).into()), ("protocol", "P".into())];
    let mut rig = rig::chassis(&SIMPLE_SERVER, &params, &[("P", &pass())]);
    rig.run_until(|rig| rig.state().has_ended());
    let error = format!("{:?}", rig.state());
    assert!(error.contains(&format!("127.0.0.1:{port}: the port is in use; choose another")), "{error}");
}

#[test]
fn a_crash_in_one_connection_ends_only_that_connection_and_is_shown() {
    let protocol = Graph::pipeline(vec![Part::new("PureTransformer").with("function", "throw \"no\"")]);
    let (mut rig, address) = server(&protocol.unwrap(), &[]);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"x").unwrap();
    rig.run_until(|rig| rig.line(1) == "0 connected, 1 so far");
    assert!(rig.line(2).contains("crashed"), "{}", rig.line(2));
    let _second = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| rig.line(1) == "1 connected, 2 so far");
}

/// A protocol like HTTPServer with two handlers: the other handler keeps the response box open.
#[test]
fn a_crash_of_one_handler_among_others_is_answered_with_500_and_ends_the_connection() {
    let handler = |function: &str| Part::new("PureTransformer").with("function", Message::text(function));
    let routing = Message::list([Message::list(["msg.path == \"/bad\"".into(), "bad".into()])]);
    let parts = [
        ("http", Part::new("HTTPServer")),
        ("router", Part::new("Router").with("routing", routing)),
        ("bad", handler("throw \"no\"")),
        ("good", handler("\"page\"")),
    ];
    let links = [
        "self.inbox -> http.inbox",
        "http.outbox -> self.outbox",
        "http.request -> router.inbox",
        "router.bad -> bad.inbox",
        "router.other -> good.inbox",
        "bad.outbox -> http.response",
        "good.outbox -> http.response",
    ];
    let (mut rig, address) = server(&Graph::graphline(&parts, &links).unwrap(), &[]);
    let mut client = TcpStream::connect(&address).unwrap();
    client.write_all(b"GET /good HTTP/1.1\r\nHost: x\r\n\r\nGET /bad HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let reading = thread::spawn(move || {
        let mut received = String::new();
        client.read_to_string(&mut received).unwrap();
        received
    });
    rig.run_until(|rig| rig.line(1) == "0 connected, 1 so far");
    let received = reading.join().unwrap();
    assert!(received.starts_with("HTTP/1.1 200 OK\r\n") && received.contains("page"), "{received}");
    assert!(received.contains("HTTP/1.1 500 Internal Server Error\r\n"), "{received}");
    assert!(rig.line(2).contains("crashed"), "{}", rig.line(2));
    assert_eq!(rig.names(), Vec::<String>::new());
}

/// The rest of the protocol does not finish when it is asked to.
#[test]
fn a_protocol_that_does_not_finish_after_a_crash_is_stopped() {
    let parts = [
        ("bad", Part::new("PureTransformer").with("function", "throw \"no\"")),
        // Its input never ends, because it feeds itself.
        ("ring", Part::new("PassThrough")),
        ("timer", Part::new("timedShutdown").with("TTL", 1e8).with("how", "stop")),
    ];
    let links = ["self.inbox -> bad.inbox", "ring.outbox -> ring.inbox", "timer.outbox -> self.outbox"];
    let (mut rig, address) = server(&Graph::graphline(&parts, &links).unwrap(), &[SHORT]);
    let mut client = TcpStream::connect(&address).unwrap();
    client.write_all(b"x").unwrap();
    rig.run_until(|rig| rig.line(1) == "0 connected, 1 so far");
    assert_eq!(client.read(&mut [0; 8]).unwrap_or_default(), 0);
}

#[test]
fn a_thousand_concurrent_clients_are_all_served() {
    const CLIENTS: usize = 1000;
    let (mut rig, address) = server(&pass(), &[]);
    let talking = thread::spawn(move || {
        let mut streams: Vec<TcpStream> = (0..CLIENTS).map(|_| TcpStream::connect(&address).unwrap()).collect();
        for (number, stream) in streams.iter_mut().enumerate() {
            writeln!(stream, "client {number}").unwrap();
        }
        let right = |(number, stream): (usize, TcpStream)| {
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            // Keep the connection open until all clients have been served.
            (line == format!("client {number}\n"), stream)
        };
        streams.into_iter().enumerate().map(right).collect::<Vec<_>>()
    });
    rig.run_until_within(Duration::from_secs(100), |_| talking.is_finished());
    let served = talking.join().unwrap();
    assert_eq!((served.iter().filter(|(is_right, _)| *is_right).count(), rig.instances()), (CLIENTS, CLIENTS));
    drop(served);
    rig.run_until_within(Duration::from_secs(100), |rig| rig.line(1) == "0 connected, 1000 so far");
}
