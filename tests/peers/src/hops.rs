//! Messages through a chain of six: one source, four that pass on, one that counts. A hop is one delivery, so each
//! message makes five. The same chain is built of our components, of ractor's and kameo's actors, of tokio tasks and of
//! threads with crossbeam channels; integers travel, mailboxes hold 100 where they have a limit.

use crate::report::{Report, median};
use crate::{ROUNDS, actors, ours, threads};

/// Components in the chain.
pub const STAGES: usize = 6;

/// Deliveries that one message makes.
pub const HOPS: f64 = (STAGES - 1) as f64;

/// Room in every bounded mailbox.
pub const ROOM: usize = 100;

/// Its name in the report, how many messages it gets, and the run, which gives the seconds it took.
type System = (&'static str, u64, fn(u64) -> f64);

/// Measures all of them, round by round.
pub fn measure(report: &mut Report) {
    let systems: [System; 6] = [
        ("hops_per_s", 2_000_000, |count| ours::pipeline(count, false)),
        ("observed_hops_per_s", 2_000_000, |count| ours::pipeline(count, true)),
        ("crossbeam_hops_per_s", 1_000_000, threads::pipeline),
        ("ractor_hops_per_s", 300_000, actors::ractor_pipeline),
        ("kameo_hops_per_s", 200_000, actors::kameo_pipeline),
        ("tokio_hops_per_s", 500_000, actors::tokio_pipeline),
    ];
    let mut rates = systems.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for ((_, count, run), rates) in systems.iter().zip(&mut rates) {
            let rate = *count as f64 * HOPS / run(*count);
            // The first round only warms up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    for ((name, ..), rates) in systems.iter().zip(rates) {
        report.set(name, median(rates));
    }
    let ours = report.get("hops_per_s");
    report.set("hops_over_ractor", ours / report.get("ractor_hops_per_s"));
    report.set("hops_over_kameo", ours / report.get("kameo_hops_per_s"));
    report.set("hops_over_crossbeam", ours / report.get("crossbeam_hops_per_s"));
    report.set("observe_cost_percent", (1.0 - report.get("observed_hops_per_s") / ours) * 100.0);
}
