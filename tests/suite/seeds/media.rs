//! Frames and pictures as the window shows them, recognised by the numbers and colours in them.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Read as _};
use std::rc::Rc;
use std::sync::Arc;

use compose_app::app::App;
use compose_app::command::{EditAction, RunCommand, ViewCommand};
use compose_components::picture::card::frame_number;
use compose_components::picture::decode::picture_in_bytes;
use compose_runtime::message::ImageFrame;
use compose_runtime::surface::Surface;
use compose_tests::binary::{Running, Stats};
use compose_tests::fixtures::Fixture;

use super::{connect, port, run, start, websocket_client};
use crate::app_rig::AppRig;

/// A copy of a project with other parameter values, and with absolute paths to its assets.
pub(super) fn changed(name: &str, values: &[(&str, serde_json::Value)]) -> Fixture {
    let text = std::fs::read_to_string(super::project(name)).unwrap();
    let assets = compose_tests::root().join("assets").display().to_string();
    let data = compose_tests::root().join("projects/data").display().to_string();
    let text = text.replace("../assets", &assets).replace("\"data/", &format!("\"{data}/"));
    let mut project: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (parameter, value) in values {
        project["parameters"][parameter]["default"] = value.clone();
    }
    Fixture::with_text(project.to_string())
}

/// The picture that a component shows.
fn picture(app: &App, id: compose_app::document::NodeId) -> Option<Arc<ImageFrame>> {
    let surface = app.live().component(id).and_then(|view| view.surface.clone())?;
    match &*surface {
        Surface::Picture { image, .. } => image.clone(),
        _ => None,
    }
}

/// The number of messages that have arrived at the `inbox` of a component.
fn arrived(rig: &AppRig, name: &str) -> u64 {
    let view = rig.app().live().component(rig.id(name)).expect("the component runs");
    view.inboxes.iter().find(|inbox| &*inbox.name == "inbox").expect("it has an inbox").arrived
}

/// Runs the project until each of `screens` has shown frame `last`. Returns the frame numbers that each of them has
/// shown, at least the last one; how many others depends on the speed of the machine.
fn watch(rig: &mut AppRig, screens: &[&str], last: u32) -> Vec<Vec<u32>> {
    let ids: Vec<_> = screens.iter().map(|name| rig.id(name)).collect();
    let seen = Rc::new(RefCell::new(vec![Vec::<u32>::new(); ids.len()]));
    let noted = seen.clone();
    rig.harness.state_mut().push(RunCommand::Run);
    rig.until("the last frame", move |app| {
        let mut seen = noted.borrow_mut();
        for (numbers, id) in seen.iter_mut().zip(&ids) {
            if let Some(number) = picture(app, *id).and_then(|image| frame_number(&image))
                && numbers.last() != Some(&number)
            {
                numbers.push(number);
            }
        }
        seen.iter().all(|numbers| numbers.last() == Some(&last))
    });
    seen.borrow().clone()
}

/// Writes the first frames of the film to a separate file and returns its path.
fn short_film(fixture: &Fixture, frames: usize) -> String {
    let film = std::fs::read(super::clip()).unwrap();
    let starts: Vec<usize> = (0..film.len() - 2).filter(|at| film[*at..at + 3] == [0xFF, 0xD8, 0xFF]).collect();
    assert_eq!(starts.len(), 250);
    std::fs::write(fixture.path("short.mjpeg"), &film[..starts[frames]]).unwrap();
    fixture.argument("short.mjpeg")
}

#[test]
fn a_film_is_served_at_its_bit_rate_and_shown_at_its_frame_rate() {
    let fixture = Fixture::with_text("{}");
    let (stats, trace) = (fixture.argument("stats.json"), fixture.argument("trace.jsonl"));
    let settings = [port("port").0, format!("clip={}", short_film(&fixture, 60))];
    let outcome = run("video-serving", &settings, &["--stats", &stats, "--trace", &trace]);
    assert_eq!(Stats::read(&fixture.path("stats.json")).delivered("pace.outbox", "screen.inbox"), 60);
    let text = std::fs::read_to_string(fixture.path("trace.jsonl")).unwrap();
    let events = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let times: Vec<f64> =
        events.filter(|event| event["to"] == "screen.inbox").map(|event| event["at_ms"].as_f64().unwrap()).collect();
    let seconds = (times[59] - times[0]) / 1000.0;
    let expected = 59.0 / 15.0;
    assert!((seconds - expected).abs() < expected * 0.1, "{seconds} s instead of {expected}");
    let rates: Vec<f64> = super::tagged(&outcome, "bit/s: ").iter().map(|text| text.parse().unwrap()).collect();
    let middle = compose_tests::median(&rates);
    assert!((middle - 400_000.0).abs() < 20_000.0, "{rates:?}");
}

#[test]
fn the_frames_of_the_film_are_shown_in_order() {
    let clip = Fixture::with_text("{}");
    let film = short_film(&clip, 60);
    let port = compose_tests::free_port();
    let values = [("clip", film.into()), ("port", port.into()), ("bitrate", 4.0e6.into())];
    let fixture = changed("video-serving", &values);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let seen = watch(&mut rig, &["screen"], 59);
    assert!(seen[0].is_sorted(), "{seen:?}");
    assert_eq!(arrived(&rig, "screen"), 60);
}

#[test]
fn a_peer_and_the_peer_after_it_show_the_same_film() {
    let clip = Fixture::with_text("{}");
    let film = short_film(&clip, 40);
    // The second peer must connect before the film begins, even on a busy machine.
    let mut values = vec![("clip", film.into()), ("bitrate", 1.0e6.into()), ("settle", 2.0.into())];
    for name in ["source_port", "port_1", "port_2"] {
        values.push((name, compose_tests::free_port().into()));
    }
    let fixture = changed("p2p-peer", &values);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let seen = watch(&mut rig, &["screen 1", "screen 2"], 39);
    assert!(seen.iter().all(|numbers| numbers.is_sorted()), "{seen:?}");
    assert_eq!(["screen 1", "screen 2"].map(|name| arrived(&rig, name)), [40, 40]);
}

#[test]
fn a_peer_keeps_relaying_when_its_own_player_is_removed() {
    let clip = Fixture::with_text("{}");
    let film = short_film(&clip, 100);
    let mut values = vec![("clip", film.into()), ("bitrate", 1.0e6.into())];
    for name in ["source_port", "port_1", "port_2"] {
        values.push((name, compose_tests::free_port().into()));
    }
    let fixture = changed("p2p-peer", &values);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let (decoder, first, second) = (rig.id("decoder 1"), rig.id("screen 1"), rig.id("screen 2"));
    // Commands are sent without running frames after each: the film keeps playing in the meantime.
    rig.harness.state_mut().push(RunCommand::Run);
    rig.until("the film to begin", move |app| picture(app, first).is_some());
    rig.harness.state_mut().push(ViewCommand::SelectNodes(vec![decoder]));
    rig.harness.state_mut().push(EditAction::Delete);
    rig.until("the last frame on the second screen", move |app| {
        picture(app, second).and_then(|image| frame_number(&image)) == Some(99)
    });
    let stopped_at = picture(rig.app(), first).and_then(|image| frame_number(&image));
    assert!(stopped_at.is_some_and(|number| number < 99), "{stopped_at:?}");
}

/// The mean colour of a picture.
fn mean(image: &ImageFrame) -> [i32; 3] {
    let count = (image.rgba.len() / 4) as u64;
    [0, 1, 2].map(|part| {
        let sum: u64 = image.rgba.iter().skip(part).step_by(4).map(|value| u64::from(*value)).sum();
        (sum / count.max(1)) as i32
    })
}

fn is_near(a: [i32; 3], b: [i32; 3]) -> bool {
    a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 6)
}

fn slide(name: &str) -> [i32; 3] {
    let file = compose_tests::root().join(format!("assets/slides/{name}.png"));
    mean(&picture_in_bytes(&std::fs::read(file).unwrap()).unwrap())
}

#[test]
fn the_slideshow_shows_the_pictures_and_stays_at_its_ends() {
    let mut rig = AppRig::with_project("slideshow");
    rig.ask(RunCommand::Run);
    let id = rig.id("picture");
    for (press, name) in [
        ("", "one"),
        ("previous", "one"),
        ("next", "two"),
        ("next", "three"),
        ("previous", "two"),
        ("last", "five"),
        ("next", "five"),
        ("first", "one"),
    ] {
        if !press.is_empty() {
            let node = rig.id(press);
            rig.ask(RunCommand::SurfaceEvent { node, event: "CLICK".into() });
        }
        let colour = slide(name);
        rig.until(name, move |app| picture(app, id).is_some_and(|image| is_near(mean(&image), colour)));
    }
}

#[test]
fn the_buttons_of_a_par_are_pressed_on_the_stage() {
    let mut rig = AppRig::with_project("slideshow-par");
    rig.ask(RunCommand::Run);
    rig.ask(ViewCommand::ToggleStage);
    let id = rig.id("picture");
    for (press, name) in [("Next", "two"), ("Next", "three"), ("Previous", "two"), ("Last", "five"), ("First", "one")] {
        rig.until("four buttons", |app| {
            let snapshot = app.live().snapshot.clone();
            let components = snapshot.iter().flat_map(|snapshot| &snapshot.components);
            components.filter(|view| matches!(view.surface.as_deref(), Some(Surface::Button { .. }))).count() == 4
        });
        rig.click_at(rig.button(press));
        let colour = slide(name);
        rig.until(name, move |app| picture(app, id).is_some_and(|image| is_near(mean(&image), colour)));
    }
}

#[test]
fn the_play_shows_a_card_for_each_speaker_even_for_an_unknown_one() {
    let fixture = changed("shakespeare", &[("pages_per_second", 2.0.into())]);
    let mut rig = AppRig::with_file(&fixture.path("project.json"));
    let (card, speech) = (rig.id("card"), rig.id("words"));
    let first_pixel = move |app: &App| picture(app, card).map(|image| [image.rgba[0], image.rgba[1], image.rgba[2]]);
    rig.ask(RunCommand::Run);
    let near = |pixel: [u8; 3], wanted: [i32; 3]| is_near(pixel.map(i32::from), wanted);
    rig.until("the card of Orsino", move |app| first_pixel(app).is_some_and(|pixel| near(pixel, [0x7a, 0x1f, 0x3d])));
    rig.until("his speech", move |app| {
        let surface = app.live().component(speech).and_then(|view| view.surface.clone());
        matches!(surface.as_deref(), Some(Surface::Text { lines }) if lines.iter().any(|line| line.contains("food of love")))
    });
    rig.until("the card of an unknown speaker", move |app| {
        first_pixel(app).is_some_and(|pixel| near(pixel, [0x9a, 0x9a, 0x9a]))
    });
}

/// Reads the pictures of a preview from a socket and returns their frame numbers. Each picture is a length, a newline,
/// and that many bytes.
fn pictures(stream: std::net::TcpStream) -> Vec<Option<u32>> {
    let mut reader = BufReader::new(stream);
    let mut numbers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return numbers;
        }
        let mut bytes = vec![0; line.trim().parse().unwrap()];
        reader.read_exact(&mut bytes).unwrap();
        numbers.push(frame_number(&picture_in_bytes(&bytes).unwrap()));
    }
}

#[test]
fn a_preview_sends_one_picture_per_second_to_every_client() {
    let (setting, port) = port("port");
    let settings = [setting, super::port("web_port").0, "paced=false".to_owned()];
    let server = start("video-preview", &settings, &["--frame", "Server"]);
    let expected: Vec<_> = (0..10).map(|second| Some(second * 25)).collect();
    let clients = [connect(port), connect(port)];
    for client in clients {
        assert_eq!(pictures(client), expected);
    }
    server.signal("INT");
    server.wait().expect_code(0);
}

/// Parses the bytes of a message from a line that the WebSocket client prints.
fn printed_bytes(line: &str) -> Vec<u8> {
    let digits = line.split(" bytes ").nth(1).unwrap_or_else(|| panic!("no bytes in {line}"));
    let pairs = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
    pairs.collect()
}

#[test]
fn browsers_get_the_page_of_the_preview_and_every_picture_as_a_message() {
    let ((setting, _), (web_setting, web)) = (port("port"), port("web_port"));
    let server = start("video-preview", &[setting, web_setting, "paced=false".to_owned()], &["--frame", "Server"]);
    drop(connect(web));
    let url = format!("http://127.0.0.1:{web}/");
    let page = std::process::Command::new("curl").args(["-s", "--max-time", "20", &url]).output().unwrap();
    assert!(String::from_utf8_lossy(&page.stdout).contains("new Blob([data]"));
    let clients = [0, 1].map(|_| Running::start(websocket_client(web), ""));
    for client in clients {
        let outcome = client.wait().expect_code(0);
        let lines = outcome.lines();
        assert_eq!((lines[0], lines[11..].concat()), ("open", "closed 1000".to_owned()));
        let bytes = lines[1..11].iter().map(|line| printed_bytes(line));
        let numbers: Vec<_> = bytes.map(|bytes| frame_number(&picture_in_bytes(&bytes).unwrap()).unwrap()).collect();
        assert_eq!(numbers, (0..10).map(|second| second * 25).collect::<Vec<u32>>());
    }
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn the_client_of_the_preview_shows_the_last_picture() {
    let ports = [0, 1].map(|_| compose_tests::free_port());
    let values = [("paced", false.into()), ("port", ports[0].into()), ("web_port", ports[1].into())];
    let fixture = changed("video-preview", &values);
    let seen = watch(&mut AppRig::with_file(&fixture.path("project.json")), &["picture"], 225);
    assert!(seen[0].iter().all(|number| number % 25 == 0), "{seen:?}");
}
