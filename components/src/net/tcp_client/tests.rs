//! Tests of TCPClient over real local sockets.
#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use compose_runtime::introspect::snapshot::State;
use compose_runtime::testing::Rig;

use super::*;

/// A server for one client, on a thread; `join` returns the result of `serve`.
fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (i64, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (i64::from(port), thread::spawn(move || serve(listener.accept().unwrap().0)))
}

/// A port that nothing listens on.
fn free_port() -> i64 {
    i64::from(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
}

fn received(rig: &mut Rig) -> Vec<u8> {
    rig.take("outbox").iter().flat_map(|message| message.as_bytes().unwrap().to_vec()).collect()
}

fn echo(mut stream: TcpStream) {
    let mut writer = stream.try_clone().unwrap();
    std::io::copy(&mut stream, &mut writer).unwrap();
}

#[test]
fn an_echo_arrives_completely_before_the_client_finishes() {
    let (port, server) = server(echo);
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    rig.put("inbox", "one ");
    rig.put("inbox", Message::bytes("two"));
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(received(&mut rig), b"one two");
    server.join().unwrap();
}

#[test]
fn megabytes_are_transferred_unchanged_in_both_directions_at_once() {
    let (port, server) = server(echo);
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    let sent: Vec<u8> = (0..4_000_000u32).map(|index| (index % 251) as u8).collect();
    for piece in sent.chunks(50_000) {
        rig.put("inbox", Message::bytes(piece));
    }
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert!(received(&mut rig) == sent);
    server.join().unwrap();
}

#[test]
fn a_reset_before_the_server_accepts_counts_as_not_listening() {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, PermissionDenied, TimedOut};
    assert!([ConnectionRefused, ConnectionReset].iter().all(|kind| is_not_listening(&(*kind).into())));
    assert!(![TimedOut, PermissionDenied].iter().any(|kind| is_not_listening(&(*kind).into())));
}

#[test]
fn the_client_finishes_when_the_server_closes() {
    let (port, server) = server(|mut stream| stream.write_all(b"bye").unwrap());
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(received(&mut rig), b"bye");
    server.join().unwrap();
}

/// A server that answers when the test tells it to, unless the client has closed its sending side by then.
#[test]
fn without_half_close_the_sending_side_stays_open_until_the_answer() {
    for half_close in [true, false] {
        let ((answer, may_answer), (ask, asked)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let (port, server) = server(move |mut stream| {
            stream.read_exact(&mut [0; 3]).unwrap();
            ask.send(()).unwrap();
            may_answer.recv().unwrap();
            stream.set_nonblocking(true).unwrap();
            if stream.read(&mut [0; 8]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
                stream.write_all(b"answer").unwrap();
            }
        });
        let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into()), ("half_close", half_close.into())]);
        rig.put("inbox", "ask");
        rig.finish();
        rig.run();
        asked.recv().unwrap();
        // The sockets share one thread: when a later connection has ended, the first one has nothing left to do.
        let (port, second) = self::server(echo);
        let mut later = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
        later.put("inbox", "x");
        later.finish();
        later.run_until(|rig| rig.state() == State::Finished);
        second.join().unwrap();
        answer.send(()).unwrap();
        rig.run_until(|rig| rig.state() == State::Finished);
        server.join().unwrap();
        assert_eq!(received(&mut rig) == b"answer", !half_close, "half_close: {half_close}");
    }
}

#[test]
fn a_time_limit_of_zero_is_no_limit_and_an_ipv6_host_may_have_brackets() {
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let port = i64::from(listener.local_addr().unwrap().port());
    let serving = thread::spawn(move || listener.accept().unwrap().0.write_all(b"six").unwrap());
    let params = [("host", "[::1]".into()), ("port", port.into()), ("connect_timeout", 0.0.into())];
    let mut rig = Rig::new(&TCP_CLIENT, &params);
    rig.run_until(|rig| rig.state().has_ended());
    assert_eq!((rig.state(), received(&mut rig)), (State::Finished, b"six".to_vec()));
    serving.join().unwrap();
}

#[test]
fn what_the_server_did_not_receive_is_reported() {
    let (port, server) = server(|mut stream| stream.read_exact(&mut [0; 1]).unwrap());
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    for _ in 0..20 {
        rig.put("inbox", Message::bytes(vec![0; 1 << 20]));
    }
    rig.run_until(|rig| rig.state() == State::Finished);
    assert!(rig.console().concat().contains("bytes were not sent"), "{:?}", rig.console());
    server.join().unwrap();
}

#[test]
fn without_waiting_for_the_server_all_data_is_still_delivered() {
    let (port, server) = server(|mut stream| {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        all.len()
    });
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into()), ("wait_for_serverclose", false.into())]);
    for _ in 0..50 {
        rig.put("inbox", Message::bytes(vec![7; 20_000]));
    }
    rig.finish();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(server.join().unwrap(), 1_000_000);
}

#[test]
fn shutdown_ends_a_client_whose_server_sends_nothing() {
    let (port, server) = server(|mut stream| stream.read(&mut [0; 8]).unwrap_or_default());
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    rig.put("inbox", "hello");
    rig.run_until(|_| server.is_finished());
    rig.shutdown();
    rig.run_until(|rig| rig.state() == State::Finished);
    assert_eq!(server.join().unwrap(), 5);
}

#[test]
fn the_error_for_a_refused_connection_names_the_address_and_the_remedy() {
    let port = free_port();
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
    let state = format!("{:?}", rig.state());
    assert!(state.contains(&format!("127.0.0.1:{port}")) && state.contains("start the server"), "{state}");
}

#[test]
fn the_error_for_a_message_without_bytes_suggests_stringify() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = i64::from(listener.local_addr().unwrap().port());
    let mut rig = Rig::new(&TCP_CLIENT, &[("port", port.into())]);
    rig.put("inbox", 5_i64);
    rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
    assert!(format!("{:?}", rig.state()).contains("Stringify"));
}
