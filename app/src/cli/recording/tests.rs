//! Which files are accepted as recordings, and how the others are reported.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use std::rc::Rc;

use compose_runtime::introspect::record::Event;

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

/// Reads a recording with a good header and these lines; the last line has no line break.
fn read(lines: &[&str]) -> Result<Recording, TapeError> {
    let text = format!("{}\n{}", header().to_json(), lines.join("\n"));
    Recording::read(text.as_bytes())
}

const CLOCK: &str = r#"{"pass":1,"clock":"0.001000000"}"#;
const END: &str = r#"{"end":"ended","words":null,"passes":9,"deliveries":4}"#;

#[test]
fn a_complete_recording_is_read() {
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
fn damage_is_reported_with_line_and_remedy() {
    for (lines, expected) in [
        (&[CLOCK, "", END][..], "line 3: it is not JSON"),
        (&["{\"pass\":1}", ""], "line 2: it names no event"),
        (&["{\"clock\":\"0.000000001\"}", ""], "line 2: \"pass\" is missing"),
        (&[CLOCK, r#"{"pass":0,"wake":1}"#, ""], "line 3: it goes back to an earlier pass"),
        (&[CLOCK, r#"{"pass":1,"clock":"0.000000001"}"#, ""], "line 3: \"clock\" goes backwards"),
        (
            &[r#"{"pass":1,"clock":"18446744073709551615.000000000"}"#, ""],
            "line 2: \"clock\" must be from 0 to 10 000 000 000",
        ),
        (
            &[r#"{"pass":1,"port":1,"room":18446744073709551615}"#, ""],
            "line 2: \"room\" must be from 0 to 4 294 967 295",
        ),
        (&[r#"{"pass":1,"port":0,"ended":null}"#, ""], "line 2: \"port\" must be from 1 to"),
        (&[r#"{"pass":10,"wake":1}"#, END, ""], "line 3: it goes back to an earlier pass"),
        (&[END, CLOCK, ""], "line 3: the recording ends before this line"),
    ] {
        let error = read(lines).unwrap_err().to_string();
        assert!(error.starts_with(expected) && error.contains("replay the lines before it: head -n"), "{error}");
    }
}

#[test]
fn other_files_are_refused() {
    for text in ["", "{}", "{\"format\":\"kamaelia-compose/1\"}\n", "\u{0}\n"] {
        let error = Recording::read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("this is not a recording") && error.contains("--record"), "{error}");
    }
}

proptest! {
    #[test]
    fn a_recording_survives_its_file(mut wanted in prop::collection::vec(events(), 0..20), deliveries: u64) {
        wanted.sort_by_key(|recorded| recorded.pass);
        let mut clock = Duration::ZERO;
        for recorded in &mut wanted {
            if let Event::Clock(moment) = &mut recorded.event {
                clock += Duration::new(moment.as_secs() % 1000, moment.subsec_nanos());
                *moment = clock;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tape");
        let recorder = Recorder::begin(&file, &header(), Rc::new(|| ())).unwrap();
        let mut record = recorder.hook();
        wanted.iter().cloned().for_each(&mut record);
        let end = End { passes: u64::MAX, deliveries, how: RunEnd::Stalled("a waits\nfor b".to_owned()) };
        recorder.finish(&end).unwrap();
        let recording = Recording::open(&file).unwrap();
        prop_assert_eq!(format!("{:?}", recording.events), format!("{wanted:?}"));
        prop_assert_eq!(recording.end, Some(end));
    }
}
