//! HTTP as its standards (RFC 9110, 9112) require it: raw requests over a socket to the real binary, and what must come
//! back. The requests are those of public conformance suites and of the examples in the standards.
//!
//! Public suites were also run by hand against `projects/web-server.json`: dropseed's h1spec with `--strict` passed 33 of
//! 33 cases, uNetworking's h1spec passed 33 of 33, and REDbot 2.7.1 had no complaint about `/`.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, SystemTime};

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

/// When the files of the site were changed, and one second earlier.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
/// The entity tag of `letters.txt`, which follows from its date and its length.
const TAG: &str = "\"ae1b981bc490a00-a\"";

/// The ready-made web server with its own site.
struct Site {
    running: binary::Running,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        for (name, text) in [
            ("index.html", "home"),
            ("sub/index.html", "sub"),
            ("letters.txt", "abcdefghij"),
            ("empty.txt", ""),
            ("photo.webp", "RIFF"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
            std::fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let port = compose_tests::free_port();
        let (port_setting, site) = (format!("port={port}"), format!("folder={}", folder.path().display()));
        let arguments =
            ["run", "projects/web-server.json", "--set", &port_setting, "--set", &site, "--set", "seconds=600"];
        let running = binary::Running::start(binary::command(&arguments), "");
        drop(connect(port));
        Self { running, port, _folder: folder }
    }

    /// Everything that the server sends on a connection until it closes it, after the client has sent these bytes and
    /// no more.
    fn talk(&self, request: &str) -> String {
        let mut stream = connect(self.port);
        // The server may refuse a request before it has read all of it.
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Checks each row: a request, the status, and text that the response contains.
    fn check(self, rows: &[(&str, u16, &[&str])]) {
        for (request, status, texts) in rows {
            // `%` stands for the version and a host.
            let answer = self.talk(&request.replace('%', "HTTP/1.1\r\nHost: x\r\n"));
            let shown = request.get(..request.len().min(100)).unwrap_or(request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{shown:?} got {answer:?}");
            for text in *texts {
                assert!(answer.contains(text), "{shown:?} got {answer:?} without {text:?}");
            }
        }
        self.end();
    }

    fn end(self) {
        self.running.signal("INT");
        self.running.wait().expect_code(0);
    }
}

/// A connection. Reading fails if the server neither sends nor closes for too long, so that no test waits forever.
fn connect(port: u16) -> TcpStream {
    let connect = || TcpStream::connect(("127.0.0.1", port)).ok();
    let stream = compose_tests::wait_until("the server", binary::LIMIT, connect);
    stream.set_read_timeout(Some(binary::LIMIT)).unwrap();
    stream
}

#[test]
fn request_lines_targets_and_hosts_are_accepted_or_refused_as_the_standard_says() {
    let long = format!("GET /{} %\r\n", "a".repeat(40_000));
    let flood = format!("GET / %{}\r\n", "X: y\r\n".repeat(200));
    let large = format!("GET / %X: {}\r\n\r\n", "y".repeat(40_000));
    Site::start().check(&[
        ("GET / %\r\n", 200, &["\r\nDate: ", " GMT\r\n", "\r\n\r\nhome"]),
        ("\r\n\r\nGET / %\r\n", 200, &["\r\n\r\nhome"]),
        ("GET / HTTP/1.1\r\nhoSt:\tx \r\nempty:\r\n\r\n", 200, &["\r\n\r\nhome"]),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 200, &["home"]),
        ("GET / HTTP/1.1\nHost: x\n\n", 200, &["home"]),
        ("GET / HTTP/1.0\r\n\r\n", 200, &["Connection: close\r\n", "home"]),
        ("GET http://example.org/letters.txt %\r\n", 200, &["abcdefghij"]),
        ("GET http://example.org %\r\n", 200, &["home"]),
        ("GET HTTP://[::1]:80/echo?a=b %\r\n", 200, &["GET /echo?a=b\n"]),
        ("GET /echo HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200, &["GET /echo\n"]),
        ("OPTIONS * %\r\n", 204, &["Allow: GET, HEAD, OPTIONS\r\n"]),
        ("GET /nothing %\r\n", 404, &["Connection: keep-alive\r\n"]),
        ("POST / %Content-Length: 0\r\n\r\n", 405, &["Allow: GET, HEAD, OPTIONS\r\n"]),
        ("TRACE / %\r\n", 405, &["Allow: "]),
        ("BREW / %\r\n", 501, &[]),
        ("get / %\r\n", 501, &["Content-Length: "]),
        ("CONNECT example.org:443 %\r\n", 501, &["Connection: close\r\n"]),
        ("GET / HTTP/1.1\r\n\r\n", 400, &["Connection: close\r\n"]),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost: bad host\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost: ann@x\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost: x\r\n  continued\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, &[]),
        ("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 400, &[]),
        ("GET / %Bad Name: y\r\n\r\n", 400, &[]),
        ("GET / %X-Invalid[]: y\r\n\r\n", 400, &[]),
        ("GET / %X: \x07\r\n\r\n", 400, &[]),
        ("GET / %\rX: y\r\n\r\n", 400, &[]),
        ("GET /\r\nHost: x\r\n\r\n", 400, &[]),
        ("GET / \r\n\r\n", 400, &[]),
        ("GET  / %\r\n", 400, &[]),
        ("GET index.html %\r\n", 400, &[]),
        ("GET /#top %\r\n", 400, &[]),
        ("GET ftp://x/ %\r\n", 400, &[]),
        ("Extra lineGET / %\r\n", 400, &[]),
        ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, &[]),
        ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505, &[]),
        (&long, 414, &[]),
        (&large, 431, &[]),
        (&flood, 431, &[]),
    ]);
}

#[test]
fn bodies_are_delimited_as_the_standard_says() {
    let body = |more: &str| format!("POST /echo %{more}");
    let rows: Vec<(String, u16, &[&str])> = [
        ("Content-Length: 5\r\n\r\nhello", 200, &["POST /echo\nhello"][..]),
        ("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, &["hello"]),
        ("Transfer-Encoding: chunked\r\n\r\nc\r\nHellO world1\r\n0\r\n\r\n", 200, &["HellO world1"]),
        ("tRANSFER-eNCODING: Chunked\r\n\r\n2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\nX: y\r\n\r\n", 200, &["hello"]),
        ("Content-Length: 2\r\nExpect: 100-continue\r\n\r\nhi", 200, &["hi"]),
        ("Content-Length: 0\r\nExpect: 100-continue\r\n\r\n", 200, &["POST /echo\n"]),
        ("Content-Length: 2\r\nExpect: cake\r\n\r\nhi", 417, &["Connection: close\r\n"]),
        ("Content-Length: -1\r\n\r\n", 400, &["Connection: close\r\n"]),
        ("Content-Length: +5\r\n\r\nhello", 400, &[]),
        ("Content-Length: abc\r\n\r\n", 400, &[]),
        ("Content-Length: -123456789123456789123456789\r\n\r\n", 400, &[]),
        ("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, &[]),
        ("Content-Length: 2000000\r\n\r\n", 413, &["Connection: close\r\n"]),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, &["Connection: close\r\n"]),
        ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, &["Connection: close\r\n"]),
        ("Transfer-Encoding: chunked, gzip\r\n\r\n", 400, &["Connection: close\r\n"]),
        ("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\n\r\nZ\r\nhello\r\n0\r\n\r\n", 400, &["Connection: close\r\n"]),
        ("Transfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\n", 400, &[]),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413, &[]),
    ]
    .map(|(more, status, texts)| (body(more), status, texts))
    .into();
    let old =
        ("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, &["Connection: close\r\n"][..]);
    let rows = rows.iter().map(|(request, status, texts)| (request.as_str(), *status, *texts)).chain([old]);
    Site::start().check(&rows.collect::<Vec<_>>());
}

#[test]
fn ranges_conditions_and_redirects_are_answered_as_the_standard_says() {
    let letters = |headers: &str| format!("GET /letters.txt %{headers}\r\n");
    let rows: Vec<(String, u16, &[&str])> = [
        (String::new(), 200, &["Accept-Ranges: bytes\r\n", "Content-Length: 10\r\n", "\r\n\r\nabcdefghij"][..]),
        (String::new(), 200, &["Content-Type: text/plain; charset=utf-8\r\n", DATE, TAG]),
        ("Range: bytes=2-4\r\n".to_owned(), 206, &["Content-Range: bytes 2-4/10\r\n", "\r\n\r\ncde"]),
        ("Range: bytes=2-4\r\n".to_owned(), 206, &["Content-Length: 3\r\n", DATE, TAG]),
        ("Range: bytes=0-0\r\n".to_owned(), 206, &["Content-Range: bytes 0-0/10\r\n", "\r\n\r\na"]),
        ("Range: bytes=7-\r\n".to_owned(), 206, &["Content-Range: bytes 7-9/10\r\n", "\r\n\r\nhij"]),
        ("Range: bytes=7-99\r\n".to_owned(), 206, &["Content-Range: bytes 7-9/10\r\n", "\r\n\r\nhij"]),
        ("Range: bytes=-3\r\n".to_owned(), 206, &["Content-Range: bytes 7-9/10\r\n", "\r\n\r\nhij"]),
        ("Range: bytes=-99\r\n".to_owned(), 206, &["Content-Range: bytes 0-9/10\r\n", "\r\n\r\nabcdefghij"]),
        ("Range: bytes=10-\r\n".to_owned(), 416, &["Content-Range: bytes */10\r\n"]),
        ("Range: bytes=-0\r\n".to_owned(), 416, &["Content-Range: bytes */10\r\n"]),
        ("Range: bytes=0-1,4-5\r\n".to_owned(), 200, &["\r\n\r\nabcdefghij"]),
        ("Range: bytes=4-2\r\n".to_owned(), 200, &["\r\n\r\nabcdefghij"]),
        ("Range: lines=0-1\r\n".to_owned(), 200, &["\r\n\r\nabcdefghij"]),
        (format!("Range: bytes=0-1\r\nIf-Range: {TAG}\r\n"), 206, &["\r\n\r\nab"]),
        (format!("Range: bytes=0-1\r\nIf-Range: W/{TAG}\r\n"), 200, &["\r\n\r\nabcdefghij"]),
        ("Range: bytes=0-1\r\nIf-Range: \"other\"\r\n".to_owned(), 200, &["\r\n\r\nabcdefghij"]),
        (format!("Range: bytes=0-1\r\nIf-Range: {DATE}\r\n"), 206, &["\r\n\r\nab"]),
        (format!("Range: bytes=0-1\r\nIf-Range: {EARLIER}\r\n"), 200, &["\r\n\r\nabcdefghij"]),
        (format!("If-None-Match: {TAG}\r\n"), 304, &[TAG, DATE]),
        (format!("If-None-Match: \"other\", W/{TAG}\r\n"), 304, &[TAG]),
        ("If-None-Match: *\r\n".to_owned(), 304, &[TAG]),
        ("If-None-Match: \"other\"\r\n".to_owned(), 200, &["abcdefghij"]),
        (format!("If-Modified-Since: {DATE}\r\n"), 304, &[TAG]),
        ("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n".to_owned(), 304, &[TAG]),
        (format!("If-Modified-Since: {EARLIER}\r\n"), 200, &["abcdefghij"]),
        ("If-Modified-Since: yesterday\r\n".to_owned(), 200, &["abcdefghij"]),
        (format!("If-None-Match: \"other\"\r\nIf-Modified-Since: {DATE}\r\n"), 200, &["abcdefghij"]),
        (format!("If-None-Match: {TAG}\r\nRange: bytes=0-1\r\n"), 304, &[TAG]),
        ("If-Match: \"other\"\r\n".to_owned(), 412, &[]),
        (format!("If-Match: {TAG}\r\n"), 200, &["abcdefghij"]),
        (format!("If-Unmodified-Since: {EARLIER}\r\n"), 412, &[]),
    ]
    .map(|(headers, status, texts)| (letters(&headers), status, texts))
    .into();
    let more: [(&str, u16, &[&str]); 7] = [
        ("HEAD /letters.txt %Range: bytes=0-1\r\n\r\n", 200, &["Content-Length: 10\r\n"]),
        ("GET /empty.txt %Range: bytes=0-\r\n\r\n", 416, &["Content-Range: bytes */0\r\n"]),
        ("GET /photo.webp %\r\n", 200, &["Content-Type: image/webp\r\n"]),
        ("GET /sub/ %\r\n", 200, &["\r\n\r\nsub"]),
        ("GET /sub?a=b&c %\r\n", 301, &["Location: /sub/?a=b&c\r\n"]),
        ("GET //sub %\r\n", 301, &["Location: /sub/\r\n"]),
        ("GET http://example.org/sub %\r\n", 301, &["Location: /sub/\r\n"]),
    ];
    let rows = rows.iter().map(|(request, status, texts)| (request.as_str(), *status, *texts)).chain(more);
    Site::start().check(&rows.collect::<Vec<_>>());
}

#[test]
fn the_response_to_head_is_that_to_get_without_the_body() {
    let site = Site::start();
    for target in ["/", "/letters.txt", "/sub", "/nothing", "/hello", "/graph", "/visits", "/#bad"] {
        for more in ["", "If-None-Match: *\r\n", "If-Match: \"other\"\r\n", "Expect: cake\r\n"] {
            let [get, head] =
                ["GET", "HEAD"].map(|method| format!("{method} {target} HTTP/1.1\r\nHost: x\r\n{more}\r\n"));
            let answer = site.talk(&format!("{get}{head}"));
            let (first, rest) = answer.split_once("\r\n\r\n").unwrap();
            let length = |head: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
                line.map_or(0, |length| length.parse::<usize>().unwrap())
            };
            // A refusal closes the connection, so the second request needs another one.
            let second = match &rest[length(first)..] {
                "" => site.talk(&head),
                second => second.to_owned(),
            };
            // The date and the cookie differ, and so may the page with the running graph while an earlier connection is
            // ending.
            let headers = |head: &str| {
                let lines =
                    head.trim_end().lines().filter(|line| !line.starts_with("Set-Cookie") && !line.starts_with("Date"));
                let is_changing = |line: &&str| target == "/graph" && line.starts_with("Content-Length: ");
                lines.filter(|line| !is_changing(line)).map(str::to_owned).collect::<Vec<_>>()
            };
            assert!(second.ends_with("\r\n\r\n") && second.matches("\r\n\r\n").count() == 1, "{head:?}: {second:?}");
            assert!(second.contains("\r\nContent-Length: ") || second.starts_with("HTTP/1.1 304 "), "{second:?}");
            assert_eq!(headers(&second), headers(first), "{head:?}");
        }
    }
    site.end();
}

#[test]
fn requests_in_one_piece_are_answered_in_order_on_one_connection() {
    let site = Site::start();
    let answer = site.talk(
        "GET /echo/1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi\
         GET /echo/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /echo/4 HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    let places = ["GET /echo/1\n", "POST /echo/2\nhi", "GET /echo/3\n"].map(|text| answer.find(text));
    assert!(places.is_sorted() && places[0].is_some(), "{answer}");
    assert!(!answer.contains("/echo/4"), "{answer}");
    site.end();
}

#[test]
fn a_client_that_waits_for_permission_gets_it_before_it_sends_the_body() {
    let site = Site::start();
    let mut stream = connect(site.port);
    let head =
        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut permission = [0; 25];
    stream.read_exact(&mut permission).unwrap();
    assert_eq!(&permission, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("POST /echo\nhello"), "{answer}");
    site.end();
}

#[test]
fn a_client_that_is_too_slow_gets_408_and_is_disconnected() {
    let port = compose_tests::free_port();
    let http = json!({ "type": "HTTPServer", "params": { "head_timeout": 0.2, "body_timeout": 0.2 } });
    let fixture = Fixture::project(
        &json!({
            "server": { "type": "SimpleServer", "params": { "port": port, "protocol": "Site" } },
            "Site": {
                "type": "Composite",
                "template": true,
                "graph": {
                    "components": { "http": http, "hello": { "type": "PassThrough" } },
                    "links": ["self.inbox -> http.inbox", "http.outbox -> self.outbox",
                              "http.request -> hello.inbox", "hello.outbox -> http.response"]
                }
            }
        }),
        &[],
    );
    let running = binary::Running::start(binary::command(&["run", &fixture.file()]), "");
    for (sent, start) in [
        ("GET / HT", "HTTP/1.1 408 Request Timeout\r\n"),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe", "HTTP/1.1 408 Request Timeout\r\n"),
        ("", ""),
    ] {
        let mut stream = connect(port);
        stream.write_all(sent.as_bytes()).unwrap();
        let mut answer = String::new();
        // The client keeps its sending side open: the server ends this.
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(start) && answer.is_empty() == start.is_empty(), "{sent:?}: {answer:?}");
    }
    running.signal("INT");
    running.wait().expect_code(0);
}
