//! State that components share: values, a tuple space, services. Also the long-tail simulation.

use std::io::{Read as _, Write as _};

use compose_tests::binary::{self, Stats};
use compose_tests::fixtures::Fixture;
use serde_json::json;

use super::{connect, port, run, start, tagged};

#[test]
fn every_connection_is_counted_with_its_bytes() {
    let (setting, port) = port("port");
    let settings = [setting, "seconds=4".to_owned()];
    let server = start("shared-values", &settings, &["--frame", "A server with statistics"]);
    for _ in 0..5 {
        let mut client = connect(port);
        client.write_all(&[b'x'; 100]).unwrap();
        client.shutdown(std::net::Shutdown::Write).unwrap();
        let mut back = Vec::new();
        client.read_to_end(&mut back).unwrap();
        assert_eq!(back.len(), 100);
    }
    let outcome = server.wait().expect_code(0);
    assert_eq!(tagged(&outcome, "connections: ").last(), Some(&"5"));
    assert_eq!(tagged(&outcome, "bytes: ").last(), Some(&"500"));
}

#[test]
fn philosophers_at_a_store_take_turns_and_retry_after_a_conflict() {
    let frame = ["--frame", "Philosophers at a store", "--virtual-time"];
    let outcome = run("shared-values", &["meals=4"], &frame);
    let log = tagged(&outcome, "table: ");
    let (mut eating, mut meals) = ([false; 5], [0; 5]);
    for line in &log {
        let (who, what) = line.split_once(' ').unwrap();
        let who: usize = who.parse().unwrap();
        if what == "takes both" {
            assert!(
                !eating[(who + 1) % 5] && !eating[(who + 4) % 5],
                "{who} and a neighbour hold the same fork: {log:?}"
            );
            eating[who] = true;
        } else if what.starts_with("has eaten") {
            assert!(std::mem::replace(&mut eating[who], false), "{who} had no forks");
            meals[who] += 1;
        }
    }
    assert_eq!(meals, [4; 5]);
    // At first, all five read the same state of the forks. Only one of them can update that state; the others retry.
    assert!(log.iter().any(|line| line.ends_with("looks again")), "{log:?}");
}

/// The primes up to 60, found by this number of workers through one tuple space.
fn primes(workers: usize) -> String {
    let names: Vec<String> = (1..=workers).map(|number| format!("w{number}")).collect();
    let text = std::fs::read_to_string(super::project("shared-values")).unwrap();
    let project: serde_json::Value = serde_json::from_str(&text).unwrap();
    let of = |name: &str| {
        let text = project["components"][name].to_string().replace("${upto}", "60");
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let mut components = json!({ "master": of("master"), "space": of("space"), "over": of("over"), "print": { "type": "ConsoleEchoer" } });
    components["space"]["params"]["readers"] = json!([vec!["master".to_owned()], names.clone()].concat());
    let mut links: Vec<String> = [
        "master.jobs -> space.out",
        "master.questions -> space.in",
        "space.master -> master.inbox",
        "master.found -> print.inbox",
        "master.done -> over.inbox",
        "over.signal -> master.control",
        "over.signal -> space.control",
    ]
    .map(str::to_owned)
    .to_vec();
    for name in &names {
        components[name] =
            serde_json::from_str(&of("one").to_string().replace("\\\"one\\\"", &format!("\\\"{name}\\\""))).unwrap();
        links.extend([
            format!("{name}.ask -> space.in"),
            format!("{name}.result -> space.out"),
            format!("space.{name} -> {name}.inbox"),
            format!("over.signal -> {name}.control"),
        ]);
    }
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let fixture = Fixture::project(&components, &links);
    binary::run(&["run", &fixture.file(), "--virtual-time"]).expect_code(0).stdout
}

#[test]
fn any_number_of_workers_finds_all_primes() {
    let expected = "[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]\n";
    for workers in [1, 2, 5, 8] {
        assert_eq!(primes(workers), expected, "{workers} workers");
    }
}

/// The hit rate of an LRU cache by Che's approximation: a title is in the cache if it was requested within a certain
/// time, which is chosen so that the cache holds `size` titles.
fn hit_rate(titles: u32, skew: f64, size: f64) -> f64 {
    let weights: Vec<f64> = (1..=titles).map(|rank| f64::from(rank).powf(-skew)).collect();
    let whole: f64 = weights.iter().sum();
    let inside = |time: f64| weights.iter().map(|weight| 1.0 - (-weight / whole * time).exp()).sum::<f64>();
    let (mut low, mut high) = (0.0, 1.0e9);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if inside(middle) < size { low = middle } else { high = middle }
    }
    weights.iter().map(|weight| weight / whole * (1.0 - (-weight / whole * low).exp())).sum()
}

#[test]
fn the_hit_rate_of_the_cache_matches_a_direct_calculation() {
    let fixture = Fixture::with_text("{}");
    let stats = fixture.argument("stats.json");
    let mut last = 0.0;
    for size in [20, 100, 400] {
        let settings = [format!("size={size}"), "requests=100000".to_owned()];
        run("long-tail", &settings, &["--virtual-time", "--stats", &stats]);
        let stats = Stats::read(&fixture.path("stats.json"));
        let hits = stats.delivered("cache.hit", "to viewers.inbox");
        let misses = stats.delivered("cache.miss", "to origin.inbox");
        assert_eq!(hits + misses, 100_000);
        let (share, expected) = (hits as f64 / 1.0e5, hit_rate(1000, 1.0, f64::from(size)));
        assert!((share - expected).abs() < 0.02, "{size}: {share} instead of {expected}");
        assert!(share > last);
        last = share;
    }
}

#[test]
fn a_million_requests_are_simulated_in_bounded_time() {
    let fixture = Fixture::with_text("{}");
    let stats = fixture.argument("stats.json");
    run("long-tail", &["requests=1000000"], &["--virtual-time", "--stats", &stats]);
    assert_eq!(Stats::read(&fixture.path("stats.json")).number("cache", "received"), 1_000_000);
}

#[test]
fn services_are_found_by_name_and_subscribers_get_what_they_asked_for() {
    let (a, b) = (port("port_a"), port("port_b"));
    let settings = [a.0.clone(), b.0.clone(), "seconds=2".to_owned()];
    let running = start("services", &settings, &[]);
    for (name, port) in [("a", a.1), ("b", b.1)] {
        let mut client = connect(port);
        client.write_all(format!("hello {name}\n").as_bytes()).unwrap();
        let mut back = [0; 8];
        client.read_exact(&mut back).unwrap();
    }
    // One thread watches the sockets of both servers.
    let tasks = std::fs::read_dir(format!("/proc/{}/task", running.id())).into_iter().flatten().flatten();
    let names: Vec<String> = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).collect();
    let watchers = names.iter().filter(|name| name.starts_with("async-io")).count();
    assert!(names.is_empty() || watchers == 1, "{names:?}");
    let outcome = running.wait().expect_code(0);
    let mut log = tagged(&outcome, "log: ");
    log.sort_unstable();
    assert_eq!(log, ["A heard hello a", "B heard hello b"]);
    let (ann, ben) = (tagged(&outcome, "ann: ").len(), tagged(&outcome, "ben: ").len());
    assert!((7..=8).contains(&ann) && (3..=5).contains(&ben), "{ann} ticks for Ann, {ben} for Ben, who leaves");
}
