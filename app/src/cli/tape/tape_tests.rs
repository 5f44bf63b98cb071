//! What a file of a recording may look like, and what is said about others.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::event::tests::events;
use super::*;
use compose_runtime::scheduler::Policy;

fn header() -> Header {
    Header {
        project: "Echo".to_owned(),
        fingerprint: "00ff".to_owned(),
        policy: Policy::Random,
        seed: u64::MAX,
        settings: vec![("port".to_owned(), "80".to_owned())],
    }
}

/// The recording of these lines after the first, each but the last with its end of line.
fn read(lines: &[&str]) -> Result<Recording, String> {
    let text = format!("{}\n{}", header().to_json(), lines.join("\n"));
    Recording::read(text.as_bytes()).map_err(|error| error.to_string())
}

const CLOCK: &str = r#"{"pass":1,"clock":"0.001000000"}"#;
const END: &str = r#"{"end":"ended","words":null,"passes":9,"deliveries":4}"#;

#[test]
fn a_whole_recording_is_read() {
    let recording = read(&[CLOCK, END, ""]).unwrap();
    assert_eq!((recording.header.clone(), recording.events.len(), recording.passes()), (header(), 1, 9));
    assert_eq!(recording.end, Some(End { passes: 9, deliveries: 4, how: RunEnd::Ended }));
}

#[test]
fn a_recording_that_was_cut_off_is_read_as_far_as_it_goes() {
    for lines in [&[CLOCK, ""][..], &[CLOCK, r#"{"pass":2,"clo"#]] {
        let recording = read(lines).unwrap();
        assert_eq!((recording.events.len(), recording.passes(), recording.end), (1, 1, None));
    }
}

#[test]
fn damage_is_told_with_place_and_remedy() {
    for (lines, why) in [
        (&[CLOCK, "", END][..], "line 3: it is not JSON"),
        (&["{\"pass\":1}", ""], "line 2: it says nothing that can happen"),
        (&["{\"clock\":\"0.000000001\"}", ""], "line 2: \"pass\" is missing or no whole number"),
        (&[CLOCK, r#"{"pass":0,"wake":1}"#, ""], "line 3: it goes back to an earlier pass"),
        (&[END, CLOCK, ""], "line 3: there is more after the end"),
    ] {
        let error = read(lines).unwrap_err();
        assert!(error.starts_with(why) && error.contains("replay what is before this line: head -n"), "{error}");
    }
}

#[test]
fn other_files_are_refused() {
    for text in ["", "{}", "{\"format\":\"kamaelia-compose/1\"}\n", "\u{0}\n"] {
        let error = Recording::read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("this is no recording") && error.contains("--record"), "{error}");
    }
}

proptest! {
    #[test]
    fn what_was_recorded_is_read(mut wanted in prop::collection::vec(events(), 0..20), deliveries: u64) {
        wanted.sort_by_key(|recorded| recorded.pass);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tape");
        let recorder = Recorder::begin(&file, &header()).unwrap();
        let mut record = recorder.hook();
        wanted.iter().cloned().for_each(&mut record);
        let end = End { passes: 3, deliveries, how: RunEnd::Stalled("a waits\nfor b".to_owned()) };
        recorder.finish(&end).unwrap();
        let recording = Recording::open(&file).unwrap();
        prop_assert_eq!(format!("{:?}", recording.events), format!("{wanted:?}"));
        prop_assert_eq!(recording.end, Some(end));
    }
}
