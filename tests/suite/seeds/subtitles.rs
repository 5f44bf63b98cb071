//! Subtitles: one broadcast, received by a program over TCP and by a browser over WebSocket, and shown in its colours.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use compose_app::command::RunCommand;
use compose_runtime::surface::Surface;
use compose_tests::binary::Running;
use serde_json::Value;

use super::{connect, port, start, websocket_client};
use crate::app_rig::AppRig;

/// Reads the script with Python's HTML parser. Each line has a time in seconds and runs of text, each with a colour.
const READER: &str = r##"
import html.parser, json, sys
class Line(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.colours, self.runs = ["#ffffff"], []
    def handle_starttag(self, tag, attributes):
        self.colours.append(dict(attributes)["color"])
    def handle_endtag(self, tag):
        self.colours.pop()
    def handle_data(self, data):
        if self.runs and self.runs[-1]["colour"] == self.colours[-1]:
            self.runs[-1]["text"] += data
        else:
            self.runs.append({"colour": self.colours[-1], "text": data})
for line in open(sys.argv[1]):
    seconds, markup = line.rstrip("\n").split(" ", 1)
    reader = Line()
    reader.feed(markup)
    reader.close()
    print(json.dumps([float(seconds), reader.runs]))
"##;

fn script() -> Vec<(f64, Value)> {
    let file = compose_tests::root().join("projects/data/subtitles.txt");
    let output = Command::new("python3").args(["-c", READER]).arg(file).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<(f64, Value)> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 40, "{}", String::from_utf8_lossy(&output.stderr));
    lines
}

/// Asserts that these are the last lines of the script, that there are at least 25, and that each is on time. A client
/// that connects late misses the first lines.
fn check_times(name: &str, heard: &[(f64, Value)], script: &[(f64, Value)], speed: f64) {
    assert!(heard.len() >= 25, "{name} heard {} lines", heard.len());
    let rest = &script[script.len() - heard.len()..];
    // Compare with the median delay, so that a single late line does not make all the others look early.
    let delay = |(heard, line): (&(f64, Value), &(f64, Value))| heard.0 - line.0 / speed;
    let delays: Vec<f64> = heard.iter().zip(rest).map(delay).collect();
    let usual = compose_tests::median(&delays);
    for ((heard, line), delay) in heard.iter().zip(rest).zip(&delays) {
        assert_eq!(heard.1, line.1, "{name}");
        assert!((delay - usual).abs() < 0.2, "{name}: {} was {} s off", line.1, delay - usual);
    }
}

#[test]
fn programs_and_browsers_get_the_same_lines_on_time_and_in_their_colours() {
    let script = script();
    let speed = 8.0;
    let ((setting, tcp), (web_setting, web)) = (port("port"), port("web_port"));
    let settings = [setting.clone(), web_setting, format!("speed={speed}")];
    let broadcaster = start("subtitles", &settings, &["--frame", "Broadcaster"]);
    let listener = start("subtitles", &[setting], &["--frame", "Listener"]);
    let browser = Running::start(websocket_client(web), "");
    let (stream, began) = (connect(tcp), Instant::now());
    let raw: Vec<(f64, String)> =
        BufReader::new(stream).lines().map(|line| (began.elapsed().as_secs_f64(), line.unwrap())).collect();
    broadcaster.wait().expect_code(0);

    // The browser gets the decoded lines.
    let seen = browser.wait().expect_code(0);
    let lines = seen.lines();
    // 1000 if the subtitles ended first, 1001 if the server did.
    let endings = [Some(&"closed 1000"), Some(&"closed 1001")];
    assert!(lines.first() == Some(&"open") && endings.contains(&lines.last()), "{lines:?}");
    let seen: Vec<(f64, Value)> = lines[1..lines.len() - 1].iter().map(|line| message(line)).collect();
    check_times("the browser", &seen, &script, speed);

    // Programs get the lines with their tags. The listener of the project decodes them.
    let file = std::fs::read_to_string(compose_tests::root().join("projects/data/subtitles.txt")).unwrap();
    let tagged: Vec<(f64, Value)> = file
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(seconds, text)| (seconds.parse().unwrap(), text.into()))
        .collect();
    let raw: Vec<(f64, Value)> = raw.into_iter().map(|(at, line)| (at, line.into())).collect();
    check_times("the program", &raw, &tagged, speed);
    let decoded = listener.wait().expect_code(0);
    let decoded: Vec<Value> = decoded.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(decoded.len() >= 25, "{}", decoded.len());
    let expected: Vec<&Value> = script[script.len() - decoded.len()..].iter().map(|(_, runs)| runs).collect();
    assert!(decoded.iter().eq(expected), "{decoded:?}");
}

/// Parses the seconds and the JSON of a text message from a line that the client prints.
fn message(line: &str) -> (f64, Value) {
    let parts: Vec<&str> = line.splitn(3, ' ').collect();
    assert_eq!(parts[1], "text");
    let text: String = serde_json::from_str(parts[2]).unwrap();
    (parts[0].parse().unwrap(), serde_json::from_str(&text).unwrap())
}

#[test]
fn the_page_and_its_socket_share_a_port_and_pages_of_other_origins_are_rejected() {
    let (web_setting, web) = port("web_port");
    let broadcaster = start("subtitles", &[web_setting, port("port").0], &["--frame", "Broadcaster"]);
    drop(connect(web));
    let url = format!("http://127.0.0.1:{web}/");
    let page = Command::new("curl").args(["-s", "--max-time", "20", &url]).output().unwrap();
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("new WebSocket(\"ws://\" + location.host"), "{page}");
    for (origin, answer) in [("http://evil.example", "refused 403"), (url.trim_end_matches('/'), "open")] {
        let mut command = websocket_client(web);
        let mut client = command.args(["--origin", origin]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(client.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), answer);
        client.kill().unwrap();
        client.wait().unwrap();
    }
    broadcaster.signal("INT");
    broadcaster.wait().expect_code(0);
}

#[test]
fn the_ticker_shows_the_text_in_its_colours() {
    let values = [("speed", 8.0.into()), ("port", port("").1.into()), ("web_port", port("").1.into())];
    let fixture = super::media::changed("subtitles", &values);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let ticker = rig.id("words");
    rig.ask(RunCommand::Run);
    let (yellow, cyan) = (Some([255, 255, 0]), Some([0, 255, 255]));
    rig.until("an answer in another colour", move |app| {
        let surface = app.live().component(ticker).and_then(|view| view.surface.clone());
        let Some(Surface::Ticker { text, colours }) = surface.as_deref() else { return false };
        let coloured: Vec<_> = text.split(' ').zip(colours.iter().copied()).collect();
        coloured.contains(&("herring.", yellow)) && coloured.contains(&("soup.", cyan))
    });
}
