//! Check: what is wrong with a document, component by component and link by link. Never blocks editing.
//!
//! Pure; costs one pass over the graph and one construction of every component, so that a component's own opinion of
//! its settings is heard.

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::sync::Arc;

use compose_runtime::component::ComponentSpec;
use compose_runtime::ids::Direction;
use compose_runtime::introspect::findings::{Finding, findings};
use compose_runtime::params::{ParamError, ParamSpec, Params};
use compose_runtime::registry::Registry;
use compose_runtime::topology::{ComponentBody, ComponentDesc, Topology};

use super::meta::{ParameterValues, substitute};
use super::problem::{Place, Problem, Severity};
use super::{Document, EditError, Node, NodeBody, NodeId, Wire};

/// What stands in the words about a parameter that the project does not have.
const NO_PARAMETER: &str = "no project parameter";

/// Every problem of the document, worst first, with the project's parameters at these values.
pub fn check(document: &Document, registry: &Registry, values: &ParameterValues) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in document.all_nodes() {
        check_node(document, registry, values, node, &mut problems);
    }
    for wire in document.all_wires() {
        check_wire(document, registry, wire, &mut problems);
    }
    check_shape(document, registry, values, &mut problems);
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

/// What is wrong with the settings of a leaf. In a template, a name that the project does not know may be given by
/// whoever makes an instance.
pub fn wrong_settings(
    document: &Document,
    node: &Node,
    spec: &ComponentSpec,
    values: &ParameterValues,
) -> Result<Params, Vec<String>> {
    checked_params(node, spec, values).map_err(|mut wrong| {
        if document.template_of(node.id).is_some() {
            wrong.retain(|words| !words.contains(NO_PARAMETER));
        }
        wrong
    })
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
        match wrong_settings(document, node, spec, values) {
            Ok(params) => {
                for (words, remedy) in check_templates(document, spec, &params) {
                    tell(Severity::Error, words, remedy);
                }
                // The code of a component may panic; that is its problem, not ours.
                let built = catch_unwind(|| (spec.build)(&params).map(drop));
                let words = match built {
                    Ok(Ok(())) => None,
                    Ok(Err(error)) => Some(error.to_string()),
                    Err(_) => Some("the component fails while it is being made".to_owned()),
                };
                if let Some(words) = words {
                    tell(Severity::Error, words, "correct the setting in the inspector");
                }
            }
            Err(wrong) => {
                for words in wrong {
                    let remedy = if words.contains(NO_PARAMETER) {
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

/// Settings that name a template which the project does not have.
fn check_templates(document: &Document, spec: &ComponentSpec, params: &Params) -> Vec<(String, &'static str)> {
    let known = document.template_names();
    let of_param = |param: &ParamSpec| {
        let wanted = param.templates_in(&params.get(param.name)).into_iter();
        let missing: BTreeSet<String> = wanted.filter(|name| !known.contains(name)).collect();
        let words = missing.into_iter().map(|name| format!("{}: the project has no template {name}", param.name));
        words.map(|words| (words, NO_TEMPLATE)).collect::<Vec<_>>()
    };
    spec.params.iter().flat_map(of_param).collect()
}

const NO_TEMPLATE: &str = "choose another, or make a composite of this name a template";

/// What the runtime sees in the document as a whole: rings, components that nothing feeds, work that goes nowhere.
fn check_shape(document: &Document, registry: &Registry, values: &ParameterValues, problems: &mut Vec<Problem>) {
    let shape = shape_of(document, values);
    for finding in findings(&shape, registry) {
        let (severity, remedy) = match finding {
            Finding::SilentRing(_) => {
                (Severity::Warning, "feed one of them from outside, or send it a message by hand while it runs")
            }
            Finding::EndlessRing(_) => {
                (Severity::Hint, "link the signal of whoever feeds them to the control of one of them, if it is to end")
            }
            Finding::Unfed(..) => (Severity::Hint, "link an outbox to it, or send it messages by hand while it runs"),
            Finding::Alone(..) => {
                (Severity::Warning, "add a component that offers it, or correct the name in the inspector")
            }
            Finding::Discards(..) => (Severity::Hint, "link it to an inbox if it matters"),
        };
        // Nothing is to be linked to a template.
        let is_template = |id: NodeId| document.node(id).is_some_and(Node::is_template);
        if let Some(id) = finding.component().filter(|id| !is_template(NodeId::from(*id))) {
            problems.push(Problem::new(severity, Place::Node(id.into()), finding.words(&shape), remedy));
        }
    }
}

/// The whole document as a topology, right or wrong.
fn shape_of(document: &Document, values: &ParameterValues) -> Topology {
    let body = |node: &Node| match &node.body {
        NodeBody::Composite { inboxes, outboxes, .. } => {
            ComponentBody::Composite { inboxes: inboxes.clone(), outboxes: outboxes.clone() }
        }
        NodeBody::Leaf { type_name, params } => {
            let params =
                params.iter().filter_map(|(name, value)| Some((name.clone(), substitute(value, values).ok()?)));
            ComponentBody::Leaf { type_name: type_name.as_str().into(), params: params.collect() }
        }
    };
    let component = |node: &Node| ComponentDesc {
        name: document.path_name(node.id).into(),
        body: body(node),
        parent: node.scope.map(Into::into),
        restart: node.restart,
        limits: node.limits.clone(),
    };
    Topology {
        components: document.all_nodes().map(|node| (node.id.into(), component(node))).collect(),
        linkages: document.all_wires().map(Wire::linkage).collect(),
        ..Topology::default()
    }
}

/// Composites that do not listen or speak inside, limits of inboxes that do not exist.
fn check_boxes(document: &Document, registry: &Registry, node: &Node, tell: &mut impl FnMut(Severity, String, &str)) {
    let (inboxes, outboxes) = document.boxes_of(node.id, registry);
    let ends = Ends::of(document, node);
    if node.is_template() {
        if !ends.outside.is_empty() {
            let words = "links to a template do nothing: it does not run itself".to_owned();
            tell(Severity::Warning, words, "name it in the settings of a chassis, or make it run by itself");
        }
        return;
    }
    for (direction, info) in inboxes
        .iter()
        .map(|info| (Direction::Inbox, info))
        .chain(outboxes.iter().map(|info| (Direction::Outbox, info)))
        .filter(|(_, info)| node.is_composite() && !info.is_about_ending() && !info.is_hidden())
    {
        let key = (direction, info.name.clone());
        if !ends.outside.contains(&key) || ends.inside.contains(&key) {
            continue;
        }
        if direction == Direction::Inbox {
            let words = format!("what arrives at {} stays there, because nothing inside takes it", info.name);
            tell(Severity::Warning, words, "open the composite and link its inbox to a component");
        } else {
            let words = format!("nothing inside feeds {}", info.name);
            tell(Severity::Warning, words, "open the composite and link a component to its outbox");
        }
    }
    for inbox in node.limits.keys() {
        if !inboxes.iter().any(|info| *info.name == **inbox) {
            let words = format!("a limit is set for inbox {inbox}, which does not exist");
            tell(Severity::Warning, words, "remove the limit, or correct the name of the inbox");
        }
    }
}

/// The boxes of a node that wires end at, from outside and, for a composite, from inside.
#[derive(Default)]
struct Ends {
    outside: BTreeSet<(Direction, Arc<str>)>,
    inside: BTreeSet<(Direction, Arc<str>)>,
}

impl Ends {
    fn of(document: &Document, node: &Node) -> Self {
        let mut ends = Self::default();
        for wire in document.wires_of(node.id) {
            for (port, is_sink) in [(wire.from, false), (wire.to, true)] {
                // Seen from outside, messages go into inboxes and come out of outboxes; from inside it is the other way.
                let from_outside = is_sink == (port.direction == Direction::Inbox);
                if port.node == node.id {
                    let side = if from_outside { &mut ends.outside } else { &mut ends.inside };
                    side.insert((port.direction, port.name));
                }
            }
        }
        ends
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
