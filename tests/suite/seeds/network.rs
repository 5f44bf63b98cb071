//! Systems of several programs: one process for each frame, and independent programs as peers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use compose_tests::binary::{self, Running};
use compose_tests::fixtures::Fixture;
use compose_tests::wait_until;

use super::{arguments, connect, port, run, start, tagged};

/// A project whose standard input stays open, so that lines can be typed one by one.
struct Typist {
    child: std::process::Child,
}

impl Typist {
    fn start(name: &str, settings: &[&str], frame: &str) -> Self {
        let mut command = binary::command(&arguments(name, settings, &["--frame", frame]));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        Self { child }
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Closes the input and waits until the program exits.
    fn leave(mut self) {
        drop(self.child.stdin.take());
        let status = wait_until("the presenter to exit", binary::LIMIT, || self.child.try_wait().unwrap());
        assert!(status.success(), "{status}");
    }
}

fn line(reader: &mut impl std::io::BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn lines_typed_in_one_process_are_shown_in_connected_ones() {
    let (setting, port) = port("port");
    let mut presenter = Typist::start("typed-presentation", &[&setting], "Presenter");
    // The listener connects through a relay in this test, so that the test can detect the connection.
    let relay = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let through = format!("port={}", relay.local_addr().unwrap().port());
    let listener = start("typed-presentation", &[&through], &["--frame", "Listener"]);
    let (mut to_listener, _) = relay.accept().unwrap();
    let mut from_presenter = connect(port);
    let copying = std::thread::spawn(move || std::io::copy(&mut from_presenter, &mut to_listener).unwrap());
    let mut early = BufReader::new(connect(port));
    // Repeat the line until a client receives it: the server does not serve new connections at once.
    wait_until("the first line to arrive", binary::LIMIT, || {
        presenter.type_line("hello?");
        early.get_ref().set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
        early.fill_buf().is_ok_and(|bytes| !bytes.is_empty()).then_some(())
    });
    early.get_ref().set_read_timeout(None).unwrap();
    let mut late = BufReader::new(connect(port));
    let mut heard_late = String::new();
    wait_until("the late listener to be served", binary::LIMIT, || {
        presenter.type_line("are you there, too?");
        late.get_ref().set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
        late.read_line(&mut heard_late).is_ok_and(|count| count > 0).then_some(())
    });
    late.get_ref().set_read_timeout(None).unwrap();
    for text in ["one", "two", "three"] {
        presenter.type_line(text);
    }
    presenter.leave();
    copying.join().unwrap();
    let shown = listener.wait().expect_code(0);
    assert!(shown.lines().ends_with(&["one", "two", "three"]), "{:?}", shown.lines());
    let rest: Vec<String> = late.lines().map(Result::unwrap).collect();
    assert!(rest.ends_with(&["one".to_owned(), "two".to_owned(), "three".to_owned()]), "{rest:?}");
    assert!(
        !heard_late.contains("hello?") && rest.iter().all(|line| line != "hello?"),
        "a late listener does not get earlier lines"
    );
    let all: Vec<String> = early.lines().map(Result::unwrap).collect();
    assert!(all.len() > rest.len() && all[0] == "hello?", "{all:?}");
}

#[test]
fn a_stream_is_unchanged_by_a_chain_of_three_cores() {
    let fixture = Fixture::with_text("{}");
    let source: Vec<u8> = (0..60_000_u32).flat_map(|number| format!("{number:06}\n").into_bytes()).collect();
    std::fs::write(fixture.path("source"), &source).unwrap();
    let (middle, middle_port) = port("port_2");
    let settings = [
        format!("source={}", fixture.argument("source")),
        format!("target={}", fixture.argument("target")),
        "bitrate=1600000".to_owned(),
        port("source_port").0,
        port("port_1").0,
        middle,
        port("port_3").0,
    ];
    let running = start("p2p-core", &settings, &[]);
    // Another client of the middle core gets the same bytes from the moment it connects.
    let mut joined = Vec::new();
    let mut second = connect(middle_port);
    second.read_to_end(&mut joined).unwrap();
    running.wait().expect_code(0);
    assert!(std::fs::read(fixture.path("target")).unwrap() == source, "the target must equal the source");
    assert!(!joined.is_empty() && source.ends_with(&joined), "{} bytes", joined.len());
}

#[test]
fn the_end_of_a_core_ends_the_stream_after_it() {
    let (one, two) = (port("port_1"), port("port_2"));
    // This test takes the place of core 1; core 2 is a process.
    let upstream = std::net::TcpListener::bind(("127.0.0.1", one.1)).unwrap();
    let core = start("p2p-core", &[&one.0, &two.0], &["--frame", "Core 2"]);
    let (mut feeding, _) = upstream.accept().unwrap();
    let mut reading = connect(two.1);
    wait_until("a byte to arrive", binary::LIMIT, || {
        feeding.write_all(b"x").unwrap();
        reading.set_read_timeout(Some(std::time::Duration::from_millis(50))).unwrap();
        reading.read(&mut [0; 16]).is_ok_and(|count| count > 0).then_some(())
    });
    drop(feeding);
    reading.set_read_timeout(None).unwrap();
    reading.read_to_end(&mut Vec::new()).unwrap();
    core.wait().expect_code(0);
}

/// A chat client in Python. It sends two lines, waits after each until the line comes back, and prints what it
/// receives.
const PYTHON: &str = r#"
import socket, sys
link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
link.settimeout(20)
lines = link.makefile("r", newline="\n")
for line in ["one\n", "two\n"]:
    link.sendall(line.encode())
    while True:
        heard = lines.readline()
        print(heard, end="")
        if heard.endswith("says " + line):
            break
"#;

#[test]
fn in_a_chat_of_three_all_clients_see_who_says_what_and_who_leaves() {
    let (setting, port) = port("chat_port");
    let server = start("tcp-udp", &[setting, "seconds=600".to_owned()], &["--frame", "Chat server"]);
    let mut ann = connect(port);
    let name = |stream: &TcpStream| stream.local_addr().unwrap().to_string();
    let ann_name = name(&ann);
    let mut hears = BufReader::new(ann.try_clone().unwrap());
    assert_eq!(line(&mut hears), format!("{ann_name} has joined"));
    let python = Command::new("python3").args(["-c", PYTHON, &port.to_string()]).output().unwrap();
    let printed = String::from_utf8_lossy(&python.stdout).into_owned();
    assert!(python.status.success(), "{printed}{}", String::from_utf8_lossy(&python.stderr));
    let printed_lines: Vec<&str> = printed.lines().collect();
    assert!(printed_lines.last().unwrap().ends_with(" says two"), "{printed_lines:?}");
    let guest = printed_lines.last().unwrap().trim_end_matches(" says two");
    let expected = ["has joined", "says one", "says two", "has left"].map(|what| format!("{guest} {what}"));
    assert_eq!([0; 4].map(|_| line(&mut hears)), expected, "a client that leaves is announced once");
    let mut ben = connect(port);
    let mut ben_hears = BufReader::new(ben.try_clone().unwrap());
    let ben_name = name(&ben);
    ben.write_all(b"hi\n").unwrap();
    ann.write_all(b"hello, Ben\n").unwrap();
    let mut heard_by_ann = [0; 3].map(|_| line(&mut hears));
    heard_by_ann.sort();
    let mut expected =
        [format!("{ben_name} has joined"), format!("{ben_name} says hi"), format!("{ann_name} says hello, Ben")];
    expected.sort();
    assert_eq!(heard_by_ann, expected);
    wait_until("Ben to hear Ann", binary::LIMIT, || {
        (line(&mut ben_hears) == format!("{ann_name} says hello, Ben")).then_some(())
    });
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn sayings_echoes_and_datagrams_arrive_and_the_run_ends_by_itself() {
    let settings = [port("fortune_port").0, port("chat_port").0, port("udp_port").0];
    let outcome = run("tcp-udp", &settings, &[]);
    let fortune = tagged(&outcome, "fortune: ");
    assert!(fortune.len() == 1 && fortune[0].ends_with('.') && fortune[0].len() > 15, "{fortune:?}");
    let datagrams = tagged(&outcome, "datagram: ");
    assert!(datagrams.len() >= 10, "{datagrams:?}");
    let mut last = -1;
    for datagram in datagrams {
        let (number, rest) = datagram.split_once(' ').unwrap();
        assert!(rest == "Hello World" && number.parse::<i32>().unwrap() > last, "{datagram}");
        last = number.parse().unwrap();
    }
}

#[test]
fn an_external_player_gets_the_film_byte_for_byte() {
    let fixture = Fixture::with_text("{}");
    let target = fixture.argument("played.mjpeg");
    let settings = [port("port").0, "bitrate=8000000".to_owned(), format!("player=cat > '{target}'")];
    run("p2p-player", &settings, &[]);
    assert!(std::fs::read(target).unwrap() == std::fs::read(super::clip()).unwrap());
}

#[test]
fn a_missing_player_crashes_its_component_and_the_other_player_continues() {
    let fixture = Fixture::with_text("{}");
    let stats = fixture.argument("stats.json");
    let settings = [port("port").0, "bitrate=8000000".to_owned(), "player=no-such-player-here -".to_owned()];
    let arguments = arguments("p2p-player", &settings, &["--stats", &stats]);
    let outcome = Running::start(binary::command(&arguments), "").wait().expect_code(1);
    assert!(outcome.stderr.contains("outside player crashed") && outcome.stderr.contains("no-such-player-here"));
    assert_eq!(binary::Stats::read(&fixture.path("stats.json")).number("screen", "received"), 250);
}
