//! The figures: collected by name, printed with their budgets, written as JSON.

use std::collections::BTreeMap;

/// Figures by name.
#[derive(Debug, Default)]
pub struct Report {
    figures: BTreeMap<String, f64>,
}

/// The target for a figure.
enum Budget {
    AtLeast(f64),
    AtMost(f64),
}

/// The absolute budgets.
const BUDGETS: &[(&str, Budget)] = &[
    ("hops_per_s", Budget::AtLeast(60.0e6)),
    ("hops_over_ractor", Budget::AtLeast(5.0)),
    ("hops_over_kameo", Budget::AtLeast(15.0)),
    ("hops_over_crossbeam", Budget::AtLeast(1.0)),
    ("idle_component_bytes", Budget::AtMost(1024.0)),
    ("spawn_million_s", Budget::AtMost(2.0)),
    ("drop_million_s", Budget::AtMost(1.0)),
    ("open_growth", Budget::AtMost(14.0)),
    ("start_growth", Budget::AtMost(14.0)),
    ("edit_growth", Budget::AtMost(14.0)),
    ("end_growth", Budget::AtMost(14.0)),
    ("observe_cost_percent", Budget::AtMost(3.0)),
    ("snapshot_ms_1000", Budget::AtMost(1.0)),
    ("two_schedulers_over_one", Budget::AtLeast(1.8)),
    ("thread_boundary_over_crossbeam", Budget::AtLeast(1.0)),
    ("journal_ms_p99", Budget::AtMost(5.0)),
    ("frame_ms_1000_normal_over_all", Budget::AtMost(1.0)),
    ("frame_ms_5000_normal", Budget::AtMost(2.0)),
    ("frame_ms_5000_all", Budget::AtMost(8.0)),
    ("start_ms", Budget::AtMost(500.0)),
];

impl Report {
    /// Sets a figure.
    pub fn set(&mut self, name: &str, value: f64) {
        self.figures.insert(name.to_owned(), value);
    }

    /// A figure that was set before; NaN if there is none.
    pub fn get(&self, name: &str) -> f64 {
        self.figures.get(name).copied().unwrap_or(f64::NAN)
    }

    /// Adds the figures that another process has written to a file. False if there are none.
    pub fn add_from(&mut self, path: &str) -> bool {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let Ok(figures) = serde_json::from_str::<BTreeMap<String, f64>>(&text) else { return false };
        self.figures.extend(figures);
        true
    }

    /// Prints all figures, with their budgets and whether they are met.
    pub fn print(&self) {
        println!("{:<28} {:>16}  budget", "figure", "measured");
        for (name, value) in &self.figures {
            let verdict = BUDGETS.iter().find(|(budgeted, _)| *budgeted == name).map(|(_, budget)| match budget {
                Budget::AtLeast(limit) if value >= limit => format!("at least {limit}: met"),
                Budget::AtLeast(limit) => format!("at least {limit}: MISSED"),
                Budget::AtMost(limit) if value <= limit => format!("at most {limit}: met"),
                Budget::AtMost(limit) => format!("at most {limit}: MISSED"),
            });
            println!("{name:<28} {value:>16.2}  {}", verdict.unwrap_or_default());
        }
    }

    /// Writes all figures as one JSON object.
    pub fn write(&self, path: &str) {
        let json: serde_json::Map<String, serde_json::Value> =
            self.figures.iter().map(|(name, value)| (name.clone(), serde_json::json!(value))).collect();
        std::fs::write(path, format!("{:#}\n", serde_json::Value::Object(json))).expect("the report can be written");
        println!("written to {path}");
    }
}

/// The median of some measurements.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
