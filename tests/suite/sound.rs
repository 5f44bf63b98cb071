//! The sound that simple-radio plays, captured from the system's sound device and measured.

use compose_tests::binary;
use compose_tests::sound::{Capture, Sound};

fn play(settings: &[&str]) -> Sound {
    let capture = Capture::new();
    let project = compose_tests::root().join("projects/simple-radio.json").display().to_string();
    let mut arguments = vec!["run", project.as_str()];
    for setting in settings {
        arguments.extend(["--set", setting]);
    }
    let mut command = binary::command(&arguments);
    capture.apply(&mut command);
    binary::Running::start(command, "").wait().expect_code(0);
    let sound = Sound::read(&capture.wav());
    assert!(sound.gaps() <= 2, "the sound has {} gaps", sound.gaps());
    let audible = sound.audible();
    assert!(audible.steadiness() > 0.95, "the share of waves with the main pitch is only {}", audible.steadiness());
    audible
}

#[test]
fn simple_radio_plays_its_tone_for_the_given_time() {
    let sound = play(&["seconds=3"]);
    assert!((2.5..=3.5).contains(&sound.seconds()), "{} s", sound.seconds());
    assert!((sound.pitch() - 440.0).abs() < 2.0, "{} Hz", sound.pitch());
    assert!((0.05..=0.95).contains(&sound.level()), "level {}", sound.level());
}

#[test]
fn simple_radio_plays_the_given_frequency() {
    let sound = play(&["frequency=660", "seconds=1"]);
    assert!((0.8..=1.5).contains(&sound.seconds()), "{} s", sound.seconds());
    assert!((sound.pitch() - 660.0).abs() < 3.0, "{} Hz", sound.pitch());
}

#[test]
fn simple_radio_runs_without_a_sound_device() {
    let empty = tempfile::tempdir().unwrap();
    let project = compose_tests::root().join("projects/simple-radio.json").display().to_string();
    let mut command = binary::command(&["run", &project, "--set", "seconds=0.5"]);
    command.env("HOME", empty.path()).env("ALSA_CONFIG_PATH", "/dev/null").env_remove("XDG_RUNTIME_DIR");
    let outcome = binary::Running::start(command, "").wait().expect_code(0);
    assert_eq!(outcome.stdout, "");
}
