//! What is really played: the sound of simple-radio, captured from the system's sound device and measured.

use compose_tests::binary;
use compose_tests::sound::{Capture, Sound};

fn play(settings: &[&str]) -> Sound {
    let capture = Capture::new();
    let project = compose_tests::root().join("projects/simple-radio.json").display().to_string();
    let mut words = vec!["run", project.as_str()];
    for setting in settings {
        words.extend(["--set", setting]);
    }
    let mut command = binary::command(&words);
    capture.apply(&mut command);
    binary::Running::start(command, "").wait().expect_code(0);
    let sound = Sound::read(&capture.wav());
    assert!(sound.gaps() <= 2, "it is interrupted {} times", sound.gaps());
    let audible = sound.audible();
    assert!(audible.steadiness() > 0.95, "only {} of its waves are of its pitch", audible.steadiness());
    audible
}

#[test]
fn simple_radio_plays_its_tone_for_its_time() {
    let sound = play(&["seconds=3"]);
    assert!((2.5..=3.5).contains(&sound.seconds()), "{} s", sound.seconds());
    assert!((sound.pitch() - 440.0).abs() < 2.0, "{} Hz", sound.pitch());
    assert!((0.05..=0.95).contains(&sound.level()), "level {}", sound.level());
}

#[test]
fn simple_radio_plays_another_tone_on_request() {
    let sound = play(&["frequency=660", "seconds=1"]);
    assert!((0.8..=1.5).contains(&sound.seconds()), "{} s", sound.seconds());
    assert!((sound.pitch() - 660.0).abs() < 3.0, "{} Hz", sound.pitch());
}

#[test]
fn without_any_sound_device_the_radio_still_runs_and_says_so() {
    let empty = tempfile::tempdir().unwrap();
    let project = compose_tests::root().join("projects/simple-radio.json").display().to_string();
    let mut command = binary::command(&["run", &project, "--set", "seconds=0.5"]);
    command.env("HOME", empty.path()).env("ALSA_CONFIG_PATH", "/dev/null").env_remove("XDG_RUNTIME_DIR");
    let outcome = binary::Running::start(command, "").wait().expect_code(0);
    assert_eq!(outcome.stdout, "");
}
