//! Tests of viewers with a socket, with independent clients.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::super::AXON_VISUALISER_SERVER;
use super::*;

fn caption(rig: &Rig) -> String {
    match rig.surface() {
        Some(Surface::Graph { caption, .. }) => caption,
        _ => String::new(),
    }
}

/// The names of the nodes shown, in order.
fn names(rig: &Rig) -> Vec<String> {
    match rig.surface() {
        Some(Surface::Graph { nodes, .. }) => nodes.iter().map(|node| node.name.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// A server on a free port, and its address.
fn server(spec: &'static ComponentSpec) -> (Rig, String) {
    let mut rig = Rig::new(spec, &[("serverPort", Message::Int(0))]);
    rig.run_until(|rig| caption(rig).contains(':'));
    let caption = caption(&rig);
    let address = caption.strip_prefix("listening on ").and_then(|rest| rest.split(',').next()).unwrap_or_default();
    let address = address.to_owned();
    (rig, address)
}

fn client(address: &str, lines: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(lines.as_bytes()).expect("it listens");
    stream
}

#[test]
fn port_1_the_default_port_of_both_servers_is_that_of_the_original() {
    for spec in [&TOPOLOGY_VIEWER_SERVER, &AXON_VISUALISER_SERVER] {
        let port = spec.params.iter().find(|param| param.name == "serverPort").unwrap();
        assert_eq!(port.default.value(), Some(Message::Int(1500)));
    }
}

#[test]
fn clients_send_partial_lines_without_affecting_each_other() {
    let (mut rig, address) = server(&TOPOLOGY_VIEWER_SERVER);
    let mut one = client(&address, "ADD NODE a first auto -\nADD NO");
    rig.run_until(|rig| names(rig) == ["first"]);
    let two = client(&address, "ADD NODE a second auto -\n");
    rig.run_until(|rig| names(rig) == ["first", "second"]);
    one.write_all(b"DE b third auto -\nDEL NODE x\n").expect("it is there");
    rig.run_until(|rig| names(rig) == ["first", "second", "third"] && rig.waiting("outbox") > 0);
    let error = rig.texts("outbox").concat();
    assert!(error.contains("there is no node 1:x"), "{error}");
    rig.put("inbox", "ADD LINK 1:a 2:a");
    rig.put("inbox", "GET_NAME NODE 2:a");
    rig.run_until(|rig| rig.waiting("outbox") > 0);
    assert!(rig.texts("outbox").concat().contains("second"));
    drop((one, two));
}

#[test]
fn the_nodes_of_a_client_stay_until_the_next_client_connects() {
    let (mut rig, address) = server(&TOPOLOGY_VIEWER_SERVER);
    let first = client(&address, "ADD NODE a first auto -\nADD NODE b unfinished auto -");
    drop(first);
    rig.run_until(|rig| names(rig) == ["first", "unfinished"] && caption(rig).ends_with(" 0 connected"));
    let _second = client(&address, "ADD NODE a second auto -\n");
    rig.run_until(|rig| names(rig) == ["second"]);
    assert!(caption(&rig).ends_with(" 1 connected"), "{}", caption(&rig));
}

#[test]
fn asked_to_finish_it_accepts_no_clients_and_ends_with_its_last_one() {
    let (mut rig, address) = server(&AXON_VISUALISER_SERVER);
    let mut stream = client(&address, "ADD NODE 1 one auto component\n");
    rig.run_until(|rig| names(rig) == ["one"]);
    rig.finish();
    rig.run_until(|_| TcpStream::connect(&address).is_err());
    stream.write_all(b"ADD NODE 2 two auto component\n").expect("it is still served");
    rig.run_until(|rig| names(rig).len() == 2);
    assert!(!rig.state().has_ended());
    stream.shutdown(Shutdown::Write).expect("it is connected");
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or_default(), 0, "nothing must be sent back");
}

#[test]
fn asked_to_stop_it_disconnects_its_clients() {
    let (mut rig, address) = server(&AXON_VISUALISER_SERVER);
    let mut stream = client(&address, "ADD NODE 1 one auto component\n");
    rig.run_until(|rig| names(rig) == ["one"]);
    rig.finish();
    rig.run_until(|_| TcpStream::connect(&address).is_err());
    rig.shutdown();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or_default(), 0);
}

#[test]
fn the_error_for_a_server_port_in_use_names_it_and_the_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().map_or(0, |address| address.port());
    let mut rig = Rig::new(&AXON_VISUALISER_SERVER, &[("serverPort", i64::from(port).into())]);
    rig.run_until(|rig| rig.state().has_ended());
    let state = format!("{:?}", rig.state());
    assert!(state.contains(&format!("127.0.0.1:{port}: the port is in use; choose another serverPort")), "{state}");
}
