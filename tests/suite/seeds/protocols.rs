//! Records that are encoded and decoded, a protocol with and without a network, the cuts of a film, a play.

use compose_tests::binary;
use compose_tests::fixtures::Fixture;
use serde_json::json;

use super::{port, run, tagged};

#[test]
fn records_survive_a_round_trip_in_every_codec() {
    for codec in ["mime", "json"] {
        let outcome = run("mimedict", &[format!("codec={codec}")], &["--virtual-time"]);
        assert_eq!(outcome.lines().len(), 4, "{codec}");
        let is_json = outcome.lines()[0].starts_with("\"{");
        assert_eq!(is_json, codec == "json", "{}", outcome.lines()[0]);
    }
}

#[test]
fn an_independent_mail_reader_can_read_a_record() {
    // The wire text of the first record, read by Python's mail library.
    let outcome = run("mimedict", &["codec=mime"], &["--virtual-time"]);
    let text: String = serde_json::from_str(outcome.lines()[0]).unwrap();
    let script = "import sys, email, json\n\
                  mail = email.message_from_string(sys.argv[1])\n\
                  print(json.dumps([mail['To'], mail['Subject'], mail.get_payload()]))";
    let read = std::process::Command::new("python3").args(["-c", script, &text]).output().unwrap();
    let read: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(read, json!(["ada@example.org", "Hello", "one\n\nthree\n"]));
}

#[test]
fn a_protocol_runs_the_same_with_and_without_a_network_and_gives_up_on_a_broken_connection() {
    let outcome = run("protocol-bench", &[port("port").0, "secret=17".to_owned()], &[]);
    let direct = tagged(&outcome, "direct: ");
    assert_eq!(direct, tagged(&outcome, "network: "));
    assert_eq!(direct.last(), Some(&"it says right"));
    assert_eq!(direct[direct.len() - 2], "I say 17");
    assert_eq!(tagged(&outcome, "broken: ").last(), Some(&"no answer in time: I give up"));
}

/// The frame numbers of the cuts and the lowest confidence, read by an independent XML parser.
fn cuts(xml: &str) -> (Vec<i64>, f64) {
    let script = "import sys, json, xml.etree.ElementTree as tree\n\
                  cuts = tree.fromstring(sys.argv[1]).findall('cut')\n\
                  print(json.dumps([[int(c.get('frame')) for c in cuts], min([float(c.get('confidence')) for c in cuts] or [1])]))";
    let read = std::process::Command::new("python3").args(["-c", script, xml]).output().unwrap();
    assert!(read.status.success(), "{xml}{}", String::from_utf8_lossy(&read.stderr));
    serde_json::from_slice(&read.stdout).unwrap()
}

#[test]
fn exactly_the_cuts_of_the_film_are_found() {
    let outcome = run("shot-changes", &["paced=false"], &[]);
    let (frames, confidence) = cuts(&outcome.stdout);
    assert_eq!(frames, [50, 110, 175, 244], "the last is among the last fifteen frames");
    assert!(confidence > 0.9, "{confidence}");
}

#[test]
fn no_cuts_are_found_in_a_film_without_cuts() {
    let fixture = Fixture::project(
        &json!({
            "cards": { "type": "TestPatternVideo", "params": { "frames": 60, "paced": false, "width": 160, "height": 120 } },
            "pack": { "type": "FrameToYUV4MPEG" },
            "write": { "type": "SimpleFileWriter", "params": { "filename": "film.y4m" } }
        }),
        &["cards.outbox -> pack.inbox", "pack.outbox -> write.inbox"],
    );
    binary::run(&["run", &fixture.file()]).expect_code(0);
    let film = format!("clip={}", fixture.argument("film.y4m"));
    let outcome = run("shot-changes", &["paced=false".to_owned(), film], &[]);
    assert_eq!(cuts(&outcome.stdout).0, [0_i64; 0]);
}

#[test]
fn a_play_is_split_into_its_speeches() {
    let outcome = run("shakespeare", &["pages_per_second=1000"], &["--virtual-time"]);
    let speeches = tagged(&outcome, "speech: ");
    let first_scene =
        ["DUKE ORSINO 15", "CURIO 1", "DUKE ORSINO 1", "CURIO 1", "DUKE ORSINO 7", "VALENTINE 9", "DUKE ORSINO 9"];
    assert_eq!(speeches[..7], first_scene);
    assert!(!outcome.stdout.contains("Exeunt") && !outcome.stdout.contains("SCENE"), "{}", outcome.stdout);
    let total = tagged(&outcome, "in all: ");
    assert_eq!(total, ["{CAPTAIN: 2, CURIO: 2, DUKE ORSINO: 32, VALENTINE: 9, VIOLA: 5}"]);
}
