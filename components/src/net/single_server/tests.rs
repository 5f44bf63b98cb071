//! Tests of SingleServer over real local sockets.
#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::*;

/// A server on a free port, and its address.
fn rig(params: &[(&str, Message)]) -> (Rig, String) {
    let mut all = vec![("port", Message::Int(0))];
    all.extend_from_slice(params);
    let mut rig = Rig::new(&SINGLE_SERVER, &all);
    rig.run_until(|rig| address(rig).is_some());
    let address = address(&rig).unwrap();
    (rig, address)
}

fn address(rig: &Rig) -> Option<String> {
    match rig.surface()? {
        Surface::Text { lines } => lines.first()?.strip_prefix("listening on ").map(str::to_owned),
        _ => None,
    }
}

fn shows(rig: &Rig, start: &str) -> bool {
    matches!(rig.surface(), Some(Surface::Text { lines }) if lines.iter().any(|line| line.starts_with(start)))
}

/// A client on a thread that sends, closes its sending side, and returns the data it received.
fn client(address: &str, data: Vec<u8>) -> JoinHandle<Vec<u8>> {
    let mut stream = TcpStream::connect(address).unwrap();
    thread::spawn(move || {
        let mut writer = stream.try_clone().unwrap();
        let writing = thread::spawn(move || {
            writer.write_all(&data).unwrap();
            writer.shutdown(Shutdown::Write).unwrap();
        });
        let mut received = Vec::new();
        stream.read_to_end(&mut received).unwrap();
        writing.join().unwrap();
        received
    })
}

fn bytes(messages: &[Message]) -> Vec<u8> {
    messages.iter().flat_map(|message| message.as_bytes().unwrap().to_vec()).collect()
}

/// Acts as a PassThrough from outbox to inbox until the server finishes.
fn echo(rig: &mut Rig) {
    while !rig.state().has_ended() {
        rig.run_until(|rig| rig.waiting("outbox") > 0 || rig.state().has_ended());
        for message in rig.take("outbox") {
            rig.put("inbox", message);
        }
    }
}

#[test]
fn an_echo_of_megabytes_is_complete_although_the_client_closed_its_sending_side() {
    let (mut rig, address) = rig(&[]);
    let sent: Vec<u8> = (0..3_000_000u32).map(|index| (index % 241) as u8).collect();
    let client = client(&address, sent.clone());
    echo(&mut rig);
    assert_eq!(rig.state(), State::Finished);
    assert!(client.join().unwrap() == sent);
}

#[test]
fn data_waits_for_the_first_client_and_the_end_of_input_closes_the_connection() {
    let (mut rig, address) = rig(&[]);
    rig.put("inbox", "one ");
    rig.put("inbox", "two");
    rig.finish();
    let client = client(&address, b"hello".to_vec());
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(client.join().unwrap(), b"one two");
    assert_eq!(bytes(&rig.take("outbox")), b"hello");
}

#[test]
fn with_drop_data_sent_before_a_client_connects_is_discarded() {
    let (mut rig, address) = rig(&[("while_alone", "drop".into())]);
    rig.put("inbox", "early");
    rig.run();
    let client = client(&address, Vec::new());
    rig.run_until(|rig| shows(rig, "client 1"));
    rig.put("inbox", "late");
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(client.join().unwrap(), b"late");
}

#[test]
fn after_the_end_of_its_input_it_does_not_wait_for_a_silent_client_for_ever() {
    let (mut rig, address) = rig(&[("close_timeout", 0.05.into())]);
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"the last word").unwrap();
    rig.put("inbox", "bye");
    rig.run_until(|rig| shows(rig, "client 1"));
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
    // The client has not closed its connection yet.
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    assert_eq!((received.as_str(), bytes(&rig.take("outbox"))), ("bye", b"the last word".to_vec()));
}

#[test]
fn without_once_the_next_client_is_served() {
    let (mut rig, address) = rig(&[("once", false.into())]);
    for sent in [b"first", b"other"] {
        let client = client(&address, sent.to_vec());
        rig.run_until(|rig| rig.waiting("outbox") > 0);
        assert_eq!(bytes(&rig.take("outbox")), sent);
        rig.run_until(|rig| shows(rig, "waiting"));
        assert_eq!(client.join().unwrap(), b"");
    }
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
}

/// A client that leaves while the source never pauses: `linger` is longer than the test.
#[test]
fn a_client_that_leaves_does_not_keep_the_next_one_from_its_data() {
    for once in [true, false] {
        let (mut rig, address) = rig(&[("once", once.into()), ("linger", 1e6.into())]);
        let mut first = TcpStream::connect(&address).unwrap();
        rig.run_until(|rig| shows(rig, "client 1"));
        rig.put("inbox", "to the first");
        rig.run();
        first.read_exact(&mut [0; 12]).unwrap();
        let port = first.local_addr().unwrap().to_string();
        drop(first);
        while !rig.state().has_ended() && shows(&rig, &format!("client {port}")) {
            rig.put("inbox", "lost");
            rig.run_for(std::time::Duration::from_millis(1));
        }
        if once {
            assert_eq!(rig.state(), State::Finished);
            assert!(rig.console().concat().contains("were not sent"), "{:?}", rig.console());
            continue;
        }
        rig.put("inbox", "held");
        rig.finish();
        let next = client(&address, Vec::new());
        rig.run_until(|rig| rig.state() == State::Finished);
        let received = next.join().unwrap();
        assert!(received.ends_with(b"held"), "{received:?}");
    }
}

#[test]
fn what_a_client_did_not_receive_is_reported() {
    let (mut rig, address) = rig(&[]);
    let client = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| shows(rig, "client 1"));
    for _ in 0..20 {
        rig.put("inbox", Message::bytes(vec![0; 1 << 20]));
    }
    rig.run();
    drop(client);
    rig.run_until(|rig| rig.state() == State::Finished);
    assert!(rig.console().concat().contains("bytes were not sent"), "{:?}", rig.console());
}

#[test]
fn srv_9_a_second_client_is_refused_and_the_end_of_the_first_is_announced() {
    let (mut rig, address) = rig(&[]);
    let mut first = TcpStream::connect(&address).unwrap();
    rig.run_until(|rig| shows(rig, "client 1"));
    let mut second = TcpStream::connect(&address).unwrap();
    // The server closes the connection: the read returns the end of the stream or a reset.
    assert_eq!(second.read(&mut [0; 8]).unwrap_or_default(), 0);
    first.write_all(b"still here").unwrap();
    rig.run_until(|rig| rig.waiting("outbox") > 0);
    drop(first);
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(bytes(&rig.take("outbox")), b"still here");
    assert_eq!(rig.texts("signal"), ["producer finished"]);
}

#[test]
fn port_3_the_default_port_of_single_server_is_that_of_the_original() {
    let port = SINGLE_SERVER.params.iter().find(|param| param.name == "port").unwrap();
    assert_eq!(port.default.value(), Some(Message::Int(1601)));
}

#[test]
fn shutdown_ends_it_at_once() {
    let (mut rig, _) = rig(&[]);
    rig.shutdown();
    rig.run_until(|rig| rig.state() == State::Finished);
}

#[test]
fn the_error_for_a_port_in_use_names_it_and_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut rig = Rig::new(&SINGLE_SERVER, &[("port", i64::from(port).into())]);
    rig.run_until(|rig| rig.state().has_ended());
    let state = format!("{:?}", rig.state());
    assert!(state.contains(&format!("127.0.0.1:{port}: the port is in use; choose another")), "{state}");
}
