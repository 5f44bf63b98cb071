//! Check: what is wrong with a document, component by component and link by link. Never blocks editing.
//!
//! Pure; costs one pass over the graph and one construction of every component, so that a component's own opinion of
//! its settings is heard.

use std::collections::BTreeSet;
use std::sync::Arc;

use compose_runtime::component::ComponentSpec;
use compose_runtime::ids::Direction;
use compose_runtime::params::{ParamError, Params};
use compose_runtime::registry::Registry;

use super::meta::{ParameterValues, substitute};
use super::problem::{Place, Problem, Severity};
use super::{Document, EditError, Node, NodeBody, Wire};

/// Every problem of the document, worst first, with the project's parameters at these values.
pub fn check(document: &Document, registry: &Registry, values: &ParameterValues) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in document.all_nodes() {
        check_node(document, registry, values, node, &mut problems);
    }
    for wire in document.all_wires() {
        check_wire(document, registry, wire, &mut problems);
    }
    problems.sort_by_key(|problem| problem.severity);
    problems
}

/// The settings of a leaf, resolved and checked, or everything that is wrong with them.
pub fn checked_params(node: &Node, spec: &ComponentSpec, values: &ParameterValues) -> Result<Params, Vec<String>> {
    let mut wrong = Vec::new();
    let mut resolved = Vec::new();
    for (name, value) in node.params() {
        match substitute(value, values) {
            Ok(value) => resolved.push((name.as_str(), value)),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    match Params::check(spec.params, resolved.iter().map(|(name, value)| (*name, value))) {
        Ok(params) if wrong.is_empty() => Ok(params),
        Ok(_) => Err(wrong),
        Err(errors) => {
            let told = |error: &ParamError| match error {
                // A setting whose parameter is unknown is not missing as well.
                ParamError::Missing { param, .. } => !node.params().contains_key(param),
                _ => true,
            };
            wrong.extend(errors.iter().filter(|error| told(error)).map(ToString::to_string));
            Err(wrong)
        }
    }
}

fn check_node(
    document: &Document,
    registry: &Registry,
    values: &ParameterValues,
    node: &Node,
    problems: &mut Vec<Problem>,
) {
    let mut tell = |severity, words: String, remedy: &str| {
        problems.push(Problem::new(severity, Place::Node(node.id), words, remedy));
    };
    let spec = match &node.body {
        NodeBody::Composite { .. } => {
            if document.nodes_in(Some(node.id)).next().is_none() {
                tell(Severity::Hint, "this composite is empty".to_owned(), "open it and add components");
            }
            None
        }
        NodeBody::Leaf { type_name, .. } => match registry.get(type_name) {
            Ok(spec) => Some(spec),
            Err(error) => {
                tell(Severity::Error, error.to_string(), "replace the component by one from the palette");
                return;
            }
        },
    };
    if let Some(spec) = spec {
        match checked_params(node, spec, values) {
            Ok(params) => {
                if let Err(error) = (spec.build)(&params) {
                    tell(Severity::Error, error.to_string(), "correct the setting in the inspector");
                }
            }
            Err(wrong) => {
                for words in wrong {
                    let remedy = if words.contains("no project parameter") {
                        "add the parameter to the project, or correct its name"
                    } else {
                        "correct the setting in the inspector"
                    };
                    tell(Severity::Error, words, remedy);
                }
            }
        }
    }
    check_boxes(document, registry, node, &mut tell);
}

/// Inboxes that nothing feeds, outboxes whose messages go nowhere, limits of inboxes that do not exist.
fn check_boxes(document: &Document, registry: &Registry, node: &Node, tell: &mut impl FnMut(Severity, String, &str)) {
    let (inboxes, outboxes) = document.boxes_of(node.id, registry);
    let mut linked: BTreeSet<(Direction, Arc<str>)> = BTreeSet::new();
    for wire in document.wires_of(node.id) {
        // Seen from outside: wires to the members of a composite neither feed it nor take from it.
        if wire.to.node == node.id && wire.to.direction == Direction::Inbox {
            linked.insert((Direction::Inbox, wire.to.name));
        }
        if wire.from.node == node.id && wire.from.direction == Direction::Outbox {
            linked.insert((Direction::Outbox, wire.from.name));
        }
    }
    let loose = |direction, boxes: &[super::BoxInfo]| -> Vec<String> {
        boxes
            .iter()
            .filter(|info| !info.is_about_ending() && !info.is_hidden())
            .filter(|info| !linked.contains(&(direction, info.name.clone())))
            .map(|info| info.name.to_string())
            .collect()
    };
    let (unfed, discarding) = (loose(Direction::Inbox, &inboxes), loose(Direction::Outbox, &outboxes));
    let data_inboxes = inboxes.iter().filter(|info| !info.is_about_ending() && !info.is_hidden()).count();
    if data_inboxes > 0 && unfed.len() == data_inboxes {
        let words = format!("nothing feeds {}", unfed.join(", "));
        tell(Severity::Hint, words, "link an outbox to it, or send it messages by hand while it runs");
    }
    if !discarding.is_empty() {
        let words = format!("what leaves through {} is discarded", discarding.join(", "));
        tell(Severity::Hint, words, "link it to an inbox if it matters");
    }
    for inbox in node.limits.keys() {
        if !inboxes.iter().any(|info| *info.name == **inbox) {
            let words = format!("a limit is set for inbox {inbox}, which does not exist");
            tell(Severity::Warning, words, "remove the limit, or correct the name of the inbox");
        }
    }
}

fn check_wire(document: &Document, registry: &Registry, wire: &Wire, problems: &mut Vec<Problem>) {
    let mut tell = |severity, error: &EditError, remedy: &str| {
        problems.push(Problem::new(severity, Place::Wire(wire.clone()), error.to_string(), remedy));
    };
    let mut ends = Vec::new();
    for port in [&wire.from, &wire.to] {
        match document.box_at(port, registry) {
            Ok(info) => ends.push(info),
            Err(error) => tell(Severity::Error, &error, "remove the link, or link it to a box that exists"),
        }
    }
    if let [from, to] = ends.as_slice()
        && !from.fits(to)
    {
        let error = EditError::Kinds {
            from: document.port_name(&wire.from),
            gives: from.kinds_in_words(),
            to: document.port_name(&wire.to),
            takes: to.kinds_in_words(),
        };
        tell(Severity::Warning, &error, "remove the link, or put a converting component between them");
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
