//! The capacity of our servers: bytes through one connection, a thousand simultaneous clients, and web requests
//! compared with another server.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use compose_tests::binary::{self, LIMIT};
use compose_tests::fixtures::Fixture;
use compose_tests::{free_port, wait_until};
use serde_json::json;

use crate::report::{Report, median};
use crate::rounds::ROUNDS;

/// Bytes sent to the echo server and back in one round.
const ECHOED: usize = 64 << 20;
/// Number of simultaneous clients.
const CLIENTS: usize = 1000;

/// Measures all figures of servers.
pub fn measure(report: &mut Report) {
    let rates: Vec<f64> = (0..ROUNDS).map(|_| echo_mb_per_s()).collect();
    report.set("tcp_echo_mb_per_s", median(rates));
    let served = many_clients();
    report.set("simple_server_clients", served as f64);
    web_requests(report);
}

/// The real binary with a project; dropping this ends it.
struct Serving(Child);

impl Serving {
    fn start(components: &serde_json::Value, links: &[&str]) -> (Self, Fixture) {
        let fixture = Fixture::project(components, links);
        let mut command = binary::command(&["run", &fixture.file()]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("the binary starts");
        (Self(child), fixture)
    }

    /// Its peak memory in MiB; 0 if the system does not report it.
    fn peak_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
        number.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn connect(port: u16) -> TcpStream {
    wait_until("the server", LIMIT, || TcpStream::connect(("127.0.0.1", port)).ok())
}

/// Megabytes per second through SingleServer and back; each byte counts once.
fn echo_mb_per_s() -> f64 {
    let port = free_port();
    let (_serving, _fixture) = Serving::start(
        &json!({ "server": { "type": "SingleServer", "params": { "port": port } }, "echo": { "type": "PassThrough" } }),
        &["server.outbox -> echo.inbox", "echo.outbox -> server.inbox"],
    );
    let mut reader = connect(port);
    let mut writer = reader.try_clone().expect("a socket can be shared");
    let begun = Instant::now();
    let writing = std::thread::spawn(move || {
        let piece = vec![7; 1 << 16];
        for _ in 0..ECHOED / piece.len() {
            writer.write_all(&piece).expect("the server reads");
        }
        writer.shutdown(Shutdown::Write).expect("the socket is open");
    });
    let (mut buffer, mut back) = (vec![0; 1 << 16], 0);
    while back < ECHOED {
        match reader.read(&mut buffer).expect("the server answers") {
            0 => break,
            count => back += count,
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    writing.join().expect("all bytes were written");
    assert_eq!(back, ECHOED, "the echo is complete");
    ECHOED as f64 / 1.0e6 / seconds
}

/// Number of simultaneous clients that get their own text back.
fn many_clients() -> usize {
    let port = free_port();
    let echo = json!({ "graph": {
        "components": { "echo": { "type": "EchoProtocol" } },
        "links": ["self.inbox -> echo.inbox", "echo.outbox -> self.outbox"]
    }, "template": true });
    let server = json!({ "type": "SimpleServer", "params": { "port": port, "protocol": "Echo" } });
    let (serving, _fixture) = Serving::start(&json!({ "server": server, "Echo": echo }), &[]);
    let mut clients: Vec<TcpStream> = (0..CLIENTS).map(|_| connect(port)).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket has a timeout");
        client.write_all(format!("{number:08}").as_bytes()).expect("the server reads");
    }
    let mut served = 0;
    for (number, client) in clients.iter_mut().enumerate() {
        let mut back = [0; 8];
        served += usize::from(client.read_exact(&mut back).is_ok() && back == *format!("{number:08}").as_bytes());
    }
    println!("{CLIENTS} simultaneous clients used {:.0} MiB", serving.peak_mb());
    served
}

/// Requests per second for one small file, measured with wrk, for our server and for nginx.
fn web_requests(report: &mut Report) {
    let is_installed =
        |tool: &str| Command::new(tool).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !is_installed("wrk") || !is_installed("nginx") {
        println!("http_requests_per_s is not measured: wrk or nginx is not installed; install both to measure it");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("page.html"), "Hello World\n".repeat(100)).expect("a page can be written");
    let (ours, theirs) = (free_port(), free_port());
    let site = json!({ "template": true, "graph": {
        "components": {
            "http": { "type": "HTTPServer" },
            "files": { "type": "Minimal", "params": { "homedirectory": folder.path().display().to_string() } }
        },
        "links": ["self.inbox -> http.inbox", "http.outbox -> self.outbox",
                  "http.request -> files.inbox", "files.outbox -> http.response"]
    } });
    let server = json!({ "type": "SimpleServer", "params": { "port": ours, "protocol": "Site" } });
    let (_serving, _fixture) = Serving::start(&json!({ "server": server, "Site": site }), &[]);
    let config = folder.path().join("nginx.conf");
    let root = folder.path().display();
    let text = format!(
        "daemon off; pid {root}/pid; error_log {root}/errors; events {{}}\n\
         http {{ access_log off; server {{ listen 127.0.0.1:{theirs}; root {root}; }} }}\n"
    );
    std::fs::write(&config, text).expect("a configuration can be written");
    let nginx = Command::new("nginx").arg("-c").arg(&config).arg("-p").arg(folder.path()).spawn();
    let _nginx = Serving(nginx.expect("nginx starts"));
    drop((connect(ours), connect(theirs)));
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (rates, port) in rates.iter_mut().zip([ours, theirs]) {
            rates.push(wrk(&format!("http://127.0.0.1:{port}/page.html")));
        }
    }
    let [ours, theirs] = rates.map(median);
    report.set("http_requests_per_s", ours);
    report.set("http_requests_nginx_per_s", theirs);
}

fn wrk(url: &str) -> f64 {
    let output = Command::new("wrk").args(["-t1", "-c16", "-d2s", url]).output().expect("wrk runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    line.and_then(|rate| rate.trim().parse().ok()).unwrap_or_else(|| panic!("wrk reports no rate:\n{text}"))
}
