//! The web server and the load tool, with curl and Python as peers.

use std::process::Command;

use super::{port, run, start, tagged};

/// Fetches a URL with curl and returns status, content type and body.
fn curl(url: &str, more: &[&str]) -> (String, String, String) {
    let output = Command::new("curl")
        .args(["-s", "--path-as-is", "--max-time", "20", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"])
        .args(["-w", "\n%{http_code} %{content_type}"])
        .args(more)
        .arg(url)
        .output()
        .expect("curl is installed; see tests/scripts/setup.sh");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, last) = text.rsplit_once('\n').unwrap_or(("", &text));
    let (status, kind) = last.split_once(' ').unwrap_or((last, ""));
    (status.to_owned(), kind.to_owned(), body.to_owned())
}

#[test]
fn every_route_is_served_and_nothing_outside_the_folder() {
    let (setting, port) = port("port");
    let server = start("web-server", &[setting, "seconds=600".to_owned()], &[]);
    drop(super::connect(port));
    let at = |path: &str, more: &[&str]| curl(&format!("http://127.0.0.1:{port}{path}"), more);
    for (path, status, kind, text) in [
        ("/", "200", "text/html; charset=utf-8", "The little site"),
        ("/bounds.html", "200", "text/html; charset=utf-8", "slow reader slows its writer"),
        ("/style.css", "200", "text/css; charset=utf-8", "font-family"),
        ("/hello", "200", "text/html; charset=utf-8", "Hello from a component"),
        ("/echo/this?a=b", "200", "text/plain; charset=utf-8", "GET /echo/this?a=b"),
        ("/graph", "200", "text/html; charset=utf-8", "server.signal &rarr; sessions.control"),
        ("/nothing.html", "404", "text/html; charset=utf-8", "404 Not Found"),
        ("/../sayings.txt", "404", "text/html; charset=utf-8", "404 Not Found"),
        ("/%2e%2e/sayings.txt", "404", "text/html; charset=utf-8", "404 Not Found"),
    ] {
        let (found_status, found_kind, body) = at(path, &[]);
        assert_eq!((found_status.as_str(), found_kind.as_str()), (status, kind), "{path}");
        assert!(body.contains(text), "{path}: {body}");
    }
    // A body whose length is not known in advance.
    let (_, _, echoed) = at("/echo", &["-H", "Transfer-Encoding: chunked", "--data-binary", "in pieces"]);
    assert_eq!(echoed, "POST /echo\nin pieces");
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn two_visitors_have_separate_counts() {
    let (setting, port) = port("port");
    let server = start("web-server", &[setting, "seconds=600".to_owned()], &[]);
    drop(super::connect(port));
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://127.0.0.1:{port}/visits");
    let visit = |who: &str| {
        let jar = folder.path().join(who).display().to_string();
        curl(&url, &["-c", &jar, "-b", &jar]).2
    };
    let seen = ["ann", "ann", "ben", "ann", "ben"].map(visit);
    for (page, text) in seen.iter().zip(["the first time", "2 times", "the first time", "3 times", "2 times"]) {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn fifty_clients_at_once_all_get_correct_answers() {
    let (setting, port) = port("port");
    let server = start("web-server", &[setting, "seconds=600".to_owned()], &[]);
    drop(super::connect(port));
    let pages: Vec<_> = (0..50)
        .map(|number| {
            let url = format!("http://127.0.0.1:{port}/echo/{number}");
            std::thread::spawn(move || curl(&url, &[]).2)
        })
        .collect();
    for (number, page) in pages.into_iter().enumerate() {
        assert_eq!(page.join().unwrap(), format!("GET /echo/{number}\n"));
    }
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn the_load_tool_and_the_server_count_the_same_number_of_requests() {
    let (setting, port) = port("port");
    let url = format!("url=http://127.0.0.1:{port}/");
    let outcome = run("http-load", &[setting, url, "clients=8".to_owned(), "requests=200".to_owned()], &[]);
    assert_eq!(tagged(&outcome, "server: "), ["200"]);
    let report = tagged(&outcome, "report: ");
    assert!(report.len() == 1 && report[0].contains("done: 200, failed: 0"), "{report:?}");
}

/// A server in Python that takes a tenth of a second for each answer.
const SLOW: &str = r"
import http.server, time
class Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        time.sleep(0.1)
        self.send_response(200)
        self.send_header('Content-Length', '2')
        self.end_headers()
        self.wfile.write(b'ok')
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Slow)
print(server.server_port, flush=True)
server.serve_forever()
";

#[test]
fn the_load_tool_measures_the_response_time_of_a_slow_server() {
    use std::io::{BufRead as _, BufReader};
    let mut python = Command::new("python3").args(["-c", SLOW]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(python.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let settings = [port("port").0, format!("url=http://127.0.0.1:{}/", line.trim()), "requests=80".to_owned()];
    let outcome = run("http-load", &settings, &[]);
    python.kill().unwrap();
    python.wait().unwrap();
    let report = tagged(&outcome, "report: ")[0].to_owned();
    assert!(report.contains("done: 80, failed: 0"), "{report}");
    let median: f64 = report.split("median: ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    // Never less. On a busy machine it takes longer.
    assert!((0.1..0.3).contains(&median), "{median} s");
}
