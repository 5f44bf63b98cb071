//! First steps: an office desk with an audit, Mini Axon, a copying pipeline, four component styles, barriers and
//! channels.

use std::collections::BTreeMap;

use compose_tests::binary::{self, Stats};
use compose_tests::fixtures::Fixture;

use super::{port, project, run, tagged};

#[test]
fn auditing_does_not_change_the_deliveries_of_the_desk() {
    let fixture = Fixture::with_text("{}");
    let with_audit = |audit: bool, log: &str| {
        let settings = [format!("audit={audit}"), format!("log={}", fixture.argument(log))];
        let outcome = run("office-desk", &settings, &["--virtual-time"]);
        ["accounts: ", "security: ", "HR: "]
            .map(|tag| tagged(&outcome, tag).into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let plain = with_audit(false, "plain.log");
    assert_eq!(plain, with_audit(true, "audit.log"), "auditing changes nothing else");
    let mut accounts = plain[0].clone();
    accounts.sort();
    assert_eq!(accounts, ["Ada 38 h", "Bob 40 h", "final pay for Bob"]);
    assert_eq!(plain[2].len(), 3, "{plain:?}");
    assert_eq!(std::fs::read_to_string(fixture.path("plain.log")).unwrap_or_default(), "");
    // The log contains every message twice: on its way in and on its way out.
    let log = std::fs::read_to_string(fixture.path("audit.log")).unwrap();
    let mut traffic: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in log.lines() {
        let mut fields = line.splitn(3, ' ');
        let (_time, tray, what) = (fields.next(), fields.next().unwrap(), fields.next().unwrap());
        traffic.entry(tray).or_default().push(what.trim_matches('"').to_owned());
    }
    assert_eq!(traffic["timesheets"], ["Ada 38 h", "Bob 40 h"]);
    assert_eq!(traffic["fires"], ["Bob"]);
    assert_eq!([&traffic["accounts"], &traffic["security"], &traffic["HR"]], [&plain[0], &plain[1], &plain[2]]);
}

#[test]
fn mini_axon_greets_by_multicast_twice_a_second() {
    let outcome = run("mini-axon", &[port("port").0], &[]);
    assert_eq!(tagged(&outcome, "consumer: "), ["one", "two", "three"]);
    let mut heard = tagged(&outcome, "multicast: ");
    let note = if heard.is_empty() { STANDS_IN } else { &[] };
    assert_eq!(tagged(&outcome, "note: "), note, "the run says whether the bus stands in");
    if heard.is_empty() {
        heard = tagged(&outcome, "bus: ");
    }
    assert!((5..=7).contains(&heard.len()) && heard.iter().all(|text| *text == "Hello World"), "{heard:?}");
}

/// The output of Mini Axon if no greeting arrives by multicast.
const STANDS_IN: &[&str] = &["no greeting arrived from the group, so the bus stands in for it"];

#[test]
fn mini_axon_says_once_that_the_bus_stands_in_for_the_group() {
    let mut mini_axon: serde_json::Value =
        serde_json::from_slice(&std::fs::read(project("mini-axon")).unwrap()).unwrap();
    mini_axon["components"]["send"] = serde_json::json!({ "type": "NullSink" });
    let fixture = Fixture::with_text(mini_axon.to_string());
    let setting = port("port").0;
    let outcome = binary::run(&["run", &fixture.file(), "--virtual-time", "--set", &setting]).expect_code(0);
    assert_eq!(tagged(&outcome, "note: "), STANDS_IN);
    assert!(tagged(&outcome, "multicast: ").is_empty());
}

#[test]
fn find_grep_and_cp_copy_exactly_the_matching_files() {
    let fixture = Fixture::with_text("{}");
    let tree = fixture.path("tree");
    let mut wanted = BTreeMap::new();
    for number in 0..20 {
        let ending = ["txt", "csv", "bin"][number % 3];
        let folder = tree.join(["", "a", "a/b"][number % 3]);
        std::fs::create_dir_all(&folder).unwrap();
        let (name, contents) = (format!("file{number}.{ending}"), vec![number as u8; number * 1000]);
        std::fs::write(folder.join(&name), &contents).unwrap();
        if ending == "csv" {
            wanted.insert(name, contents);
        }
    }
    let settings = [
        format!("folder={}", tree.display()),
        "files=\\.csv$".to_owned(),
        format!("copies={}", fixture.argument("copies")),
        format!("target={}", fixture.argument("kept.txt")),
    ];
    let stats = fixture.argument("stats.json");
    run("unix-pipeline", &settings, &["--stats", &stats]);
    let copied: BTreeMap<String, Vec<u8>> = std::fs::read_dir(fixture.path("copies"))
        .unwrap()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    assert_eq!(copied, wanted);
    let states = Stats::read(&fixture.path("stats.json")).states();
    assert!(states.iter().all(|(_, state)| state == "finished"), "{states:?}");
}

#[test]
fn four_styles_of_a_component_give_the_same_result() {
    let fixture = Fixture::with_text("{}");
    let stats = fixture.argument("stats.json");
    let outcome = run("component-styles", &["pause=0"], &["--stats", &stats]);
    assert_eq!(tagged(&outcome, "expression: "), ["6", "0", "6", "1"]);
    assert_eq!(tagged(&outcome, "callbacks: "), ["counted 4 lines"]);
    let stats = Stats::read(&fixture.path("stats.json"));
    for number in 1..=4 {
        assert_eq!(stats.number(&format!("sink {number}"), "received"), 4, "sink {number}");
    }
    assert!(stats.states().iter().all(|(_, state)| state == "finished"), "{:?}", stats.states());
}

#[test]
fn a_style_that_blocks_does_not_delay_the_others() {
    let fixture = Fixture::with_text("{}");
    let trace = fixture.argument("trace.jsonl");
    run("component-styles", &["pause=1.5"], &["--trace", &trace]);
    let text = std::fs::read_to_string(fixture.path("trace.jsonl")).unwrap();
    let last_ms = |from: &str| {
        let events = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let of_link = events.filter(|event| event["from"].as_str().is_some_and(|name| name.starts_with(from)));
        of_link.filter_map(|event| event["at_ms"].as_f64()).fold(0.0, f64::max)
    };
    for quick in ["expression", "steps", "callbacks"] {
        assert!(last_ms(quick) < 1000.0, "{quick}: {} ms", last_ms(quick));
    }
    assert!(last_ms("program") >= 1400.0, "{} ms", last_ms("program"));
}

#[test]
fn no_component_passes_a_barrier_before_all_have_arrived() {
    let outcome = run("barriers-channels", &["rounds=20"], &["--virtual-time"]);
    let log = tagged(&outcome, "barrier: ");
    assert_eq!(log.len(), 3 * 2 * 20);
    let mut ended = BTreeMap::new();
    for line in log {
        let [_, verb, round] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let round: u32 = round.parse().unwrap();
        match verb {
            "ends" => *ended.entry(round).or_insert(0) += 1,
            _ if round > 1 => assert_eq!(ended[&(round - 1)], 3, "{line}"),
            _ => {}
        }
    }
    assert_eq!(ended.len(), 20);
}

#[test]
fn a_bounded_channel_loses_nothing_and_makes_its_sender_wait() {
    let fixture = Fixture::with_text("{}");
    let stats = fixture.argument("stats.json");
    let outcome = run("barriers-channels", &["rounds=20"], &["--virtual-time", "--stats", &stats]);
    let expected: Vec<String> = (0..20).map(|number| format!("[{number}, \"Hello World\"]")).collect();
    assert_eq!(tagged(&outcome, "channel: "), expected);
    // Each of the two inboxes holds one message, and each of the three components holds one.
    let ahead = Stats::read(&fixture.path("stats.json")).number("fast", "sent") - 20;
    assert!(ahead <= 5, "{ahead} messages ahead");
}

#[test]
fn every_philosopher_eats_but_never_two_neighbours_at_once() {
    let outcome = run("barriers-channels", &["rounds=20"], &["--virtual-time", "--seed", "7"]);
    let (mut eating, mut meals) = ([false; 5], [0; 5]);
    for line in tagged(&outcome, "table: ") {
        let (who, what) = line.split_once(' ').unwrap();
        let who: usize = who.parse().unwrap();
        if what == "takes both" {
            assert!(!eating[(who + 1) % 5] && !eating[(who + 4) % 5], "{line}");
            eating[who] = true;
        } else {
            eating[who] = false;
            meals[who] += 1;
        }
    }
    assert_eq!(meals, [20; 5]);
}

#[test]
fn a_slideshow_without_a_window_ends_without_an_error() {
    let none: [&str; 0] = [];
    assert_eq!(run("slideshow", &none, &[]).stdout, "");
    assert_eq!(run("slideshow-par", &none, &["--virtual-time"]).stdout, "");
}
