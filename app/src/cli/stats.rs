//! The final state of a run as JSON, for `--stats`. Pure.

use compose_runtime::ids::BoxAddr;
use compose_runtime::introspect::snapshot::{Snapshot, State};
use serde_json::{Value, json};

use super::terminal::json_text;

/// The text for `--stats`.
pub fn text(snapshot: &Snapshot) -> String {
    json_text(&of(snapshot))
}

fn of(snapshot: &Snapshot) -> Value {
    let components: Vec<Value> = snapshot
        .components
        .iter()
        .map(|view| {
            let fault = match &view.state {
                State::Crashed(fault) => Some(&**fault),
                _ => None,
            };
            json!({
                "name": *view.name,
                "type": *view.type_name,
                "state": view.state.name(),
                "received": view.received,
                "sent": view.sent,
                "turns": view.turns,
                "restarts": view.restarts,
                "fault": fault,
            })
        })
        .collect();
    let name = |address: &BoxAddr| match snapshot.component(address.component) {
        Some(view) => format!("{}.{}", view.name, address.name),
        None => address.to_string(),
    };
    let links: Vec<Value> = snapshot
        .linkages
        .iter()
        .map(|view| json!({ "from": name(&view.desc.from), "to": name(&view.desc.to), "delivered": view.delivered }))
        .collect();
    let past = snapshot.past_crashes.iter();
    let past_crashes: Vec<Value> = past.map(|(name, fault)| json!({ "name": **name, "fault": **fault })).collect();
    json!({
        "components": components,
        "links": links,
        "past_crashes": past_crashes,
        "deliveries": snapshot.deliveries,
        "passes": snapshot.pass,
        "virtual_ms": snapshot.clock.as_secs_f64() * 1000.0,
    })
}
