//! Messages through a chain of six: one source, four stages that pass on, and one that counts. A hop is one delivery,
//! so each message makes five hops. The same chain is built from our components, ractor and kameo actors, tokio tasks,
//! and threads with crossbeam channels. The messages are integers; bounded mailboxes hold 100.

use crate::chain::HOPS;
use crate::report::Report;
use crate::rounds::{System, compare};
use crate::{actors, ours, threads};

/// Measures all systems, round by round.
pub fn measure(report: &mut Report) {
    let systems = [
        System::new("hops_per_s", 3_000_000, ours::pipeline),
        System::new("crossbeam_hops_per_s", 1_000_000, threads::pipeline),
        System::new("ractor_hops_per_s", 300_000, actors::ractor_pipeline),
        System::new("kameo_hops_per_s", 200_000, actors::kameo_pipeline),
        System::new("tokio_hops_per_s", 500_000, actors::tokio_pipeline),
    ];
    compare(report, &systems, HOPS);
    let ours = report.get("hops_per_s");
    report.set("hops_over_ractor", ours / report.get("ractor_hops_per_s"));
    report.set("hops_over_kameo", ours / report.get("kameo_hops_per_s"));
    report.set("hops_over_crossbeam", ours / report.get("crossbeam_hops_per_s"));
}
