//! Sound streamed over the network, captured from the system's sound device and measured.

use compose_tests::binary::{self, Running};
use compose_tests::sound::{Capture, Sound};

use super::{arguments, connect, port, start};

/// The notes of the tune in hertz, each three quarters of a second long.
const NOTES: [f64; 8] = [262.0, 294.0, 330.0, 349.0, 392.0, 440.0, 494.0, 523.0];

/// Starts a project and captures its sound.
fn listen(name: &str, settings: &[String], more: &[&str]) -> (Running, Capture) {
    let capture = Capture::new();
    let mut command = binary::command(&arguments(name, settings, more));
    capture.apply(&mut command);
    (Running::start(command, ""), capture)
}

fn heard((running, capture): (Running, Capture)) -> Sound {
    running.wait().expect_code(0);
    Sound::read(&capture.wav()).audible()
}

/// Asserts that the whole tune was heard: its length, and its notes in order.
fn check_tune(sound: &Sound) {
    let seconds = sound.seconds();
    assert!((seconds - 6.0).abs() < 0.2, "{seconds} s");
    for (index, note) in NOTES.iter().enumerate() {
        let pitch = sound.part(index as f64 * seconds / 8.0 + 0.2, 0.35).pitch();
        assert!((pitch - note).abs() < 3.0, "note {index} sounds at {pitch} Hz instead of {note}");
    }
}

#[test]
fn another_process_receives_the_radio_over_the_network() {
    let (setting, port) = port("port");
    let listener = listen("network-radio", std::slice::from_ref(&setting), &["--frame", "Listener"]);
    let studio = start("network-radio", &[&setting, "seconds=3", "frequency=440"], &["--frame", "Studio"]);
    drop(connect(port));
    let sound = heard(listener);
    studio.wait().expect_code(0);
    assert!((2.0..=3.5).contains(&sound.seconds()), "{} s", sound.seconds());
    assert!((sound.pitch() - 440.0).abs() < 2.0, "{} Hz", sound.pitch());
}

/// The two projects differ only at their ends and in the components that encode and decode messages for the network.
#[test]
fn the_radio_and_the_presentation_share_their_middle_part() {
    let graph = |name: &str| {
        let text = std::fs::read_to_string(super::project(name)).unwrap();
        let project: serde_json::Value = serde_json::from_str(&text).unwrap();
        let components = project["components"].as_object().unwrap().clone();
        components.into_iter().map(|(name, body)| (name, body["type"].clone())).collect::<Vec<_>>()
    };
    let (presentation, radio) = (graph("typed-presentation"), graph("network-radio"));
    let shared: Vec<&str> =
        presentation.iter().filter(|entry| radio.contains(entry)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(shared.len(), 5, "publish, bus, server, Listen and client are the same: {shared:?}");
    assert_eq!(radio.len() - shared.len(), 3, "{radio:?}");
}

#[test]
fn two_clients_both_hear_the_whole_tune() {
    let (setting, port) = port("port");
    let server = start("vorbis-streaming", &[&setting], &["--frame", "Server"]);
    drop(connect(port));
    let client = |()| listen("vorbis-streaming", std::slice::from_ref(&setting), &["--frame", "Client"]);
    let clients = [client(()), client(())];
    for client in clients {
        check_tune(&heard(client));
    }
    server.signal("INT");
    server.wait().expect_code(0);
}

#[test]
fn the_tune_is_heard_by_multicast() {
    let settings = [port("port").0];
    check_tune(&heard(listen("vorbis-multicast", &settings, &[])));
}

#[test]
fn two_receivers_of_the_group_both_hear_the_tune() {
    let settings = [port("port").0, "settle=2".to_owned()];
    let second = listen("vorbis-multicast", &settings, &["--frame", "Receiver"]);
    let whole = listen("vorbis-multicast", &settings, &[]);
    check_tune(&heard(whole));
    check_tune(&heard(second));
}
