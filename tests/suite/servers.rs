//! Servers: the real binary, real sockets, several clients at once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;

use compose_tests::binary;

/// The ready-made echo server on a free port, and the port.
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
            let said = (0..1000).map(|number| format!("{name} {number}\n")).collect::<Vec<_>>().concat();
            let all = said.clone();
            let writing = thread::spawn(move || {
                writer.write_all(all.as_bytes()).unwrap();
                writer.shutdown(Shutdown::Write).unwrap();
            });
            let mut heard = String::new();
            BufReader::new(stream).read_to_string(&mut heard).unwrap();
            writing.join().unwrap();
            assert!(heard == said, "{name} got {} bytes back for {}", heard.len(), said.len());
        })
    });
    for client in clients {
        client.join().unwrap();
    }
    running.signal("INT");
    running.wait().expect_code(0);
}

#[test]
fn a_client_that_leaves_takes_nobody_with_it() {
    let (running, port) = echo_server();
    let (leaver, mut stayer) = (connect(port), connect(port));
    let echoed = |stream: &mut TcpStream, words: &str| {
        stream.write_all(words.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert_eq!(line, words);
    };
    echoed(&mut stayer, "both are here\n");
    drop(leaver);
    echoed(&mut stayer, "one is here\n");
    echoed(&mut connect(port), "another came\n");
    running.signal("INT");
    running.wait().expect_code(0);
}
