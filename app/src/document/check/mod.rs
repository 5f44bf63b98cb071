//! Check: the problems of a document, component by component and link by link. Never blocks editing.
//!
//! Pure. Costs one pass over the graph and one construction of every component, because a component may check its own
//! settings.

mod template_rings;

use std::collections::BTreeSet;
use std::sync::Arc;

use compose_runtime::component::ComponentSpec;
use compose_runtime::ids::Direction;
use compose_runtime::introspect::findings::{Finding, findings};
use compose_runtime::params::{ParamError, ParamSpec, Params};
use compose_runtime::registry::Registry;
use compose_runtime::substitute::UnknownParameter;
use compose_runtime::topology::{ComponentBody, ComponentDesc, Topology};

use super::meta::{ParameterValues, left_to_language, resolve};
use super::problem::{Place, Problem, Severity};
use super::{Document, EditError, Node, NodeBody, NodeId, Wire};

/// What is wrong with one setting of a component.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingError {
    /// The setting refers to a project parameter that does not exist.
    #[error("{setting}: {error}")]
    UnknownParameter {
        /// The setting.
        setting: String,
        /// The parameter.
        error: UnknownParameter,
    },
    /// The value does not suit the description of the component.
    #[error(transparent)]
    Refused(#[from] ParamError),
}

impl SettingError {
    const fn remedy(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. } => {
                "add the parameter to the project, correct its name, or write $${ for the characters ${"
            }
            Self::Refused(_) => CORRECT_SETTING,
        }
    }
}

const CORRECT_SETTING: &str = "correct the setting in the inspector";

/// All problems of the document, the most severe first, with these values of the project parameters.
pub fn check(document: &Document, registry: &Registry, values: &ParameterValues) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in document.all_nodes() {
        check_node(document, registry, values, node, &mut problems);
    }
    for wire in document.all_wires() {
        check_wire(document, registry, wire, &mut problems);
    }
    check_shape(document, registry, values, &mut problems);
    template_rings::check_templates(document, registry, values, &mut problems);
    problems.sort_by_key(|problem| problem.severity);
    problems
}

/// The settings of a leaf, resolved and checked, or all their errors.
fn checked_params(node: &Node, spec: &ComponentSpec, values: &ParameterValues) -> Result<Params, Vec<SettingError>> {
    let mut wrong = Vec::new();
    let mut resolved = Vec::new();
    for (name, value) in node.params() {
        match resolve(spec.params, name, value, values) {
            Ok(value) => resolved.push((name.as_str(), value)),
            Err(error) => wrong.push(SettingError::UnknownParameter { setting: name.clone(), error }),
        }
    }
    match Params::check(spec.params, resolved.iter().map(|(name, value)| (*name, value))) {
        Ok(params) if wrong.is_empty() => Ok(params),
        Ok(_) => Err(wrong),
        Err(errors) => {
            let is_reported = |error: &ParamError| match error {
                // A setting with an unknown parameter is given, so it is not missing as well.
                ParamError::Missing { param, .. } => !node.params().contains_key(param),
                _ => true,
            };
            wrong.extend(errors.into_iter().filter(is_reported).map(SettingError::from));
            Err(wrong)
        }
    }
}

/// Whether code uses a name that may be a value from the chassis, so that the code is not complete yet.
fn may_get_more_values(node: &Node, spec: &ComponentSpec, values: &ParameterValues) -> bool {
    let mut given =
        spec.params.iter().filter(|param| param.is_code()).filter_map(|param| node.params().get(param.name));
    given.any(|value| left_to_language(value, values).is_some())
}

/// The settings of a leaf, resolved and checked, or all their errors. In a template, unknown project parameters are allowed,
/// because the chassis may supply them for each instance: the errors are then empty, although the settings are not complete.
pub fn wrong_settings(
    document: &Document,
    node: &Node,
    spec: &ComponentSpec,
    values: &ParameterValues,
) -> Result<Params, Vec<SettingError>> {
    let is_in_template = document.template_of(node.id).is_some();
    let checked = checked_params(node, spec, values);
    if is_in_template && checked.is_ok() && may_get_more_values(node, spec, values) {
        return Err(Vec::new());
    }
    checked.map_err(|mut wrong| {
        if is_in_template {
            wrong.retain(|error| matches!(error, SettingError::Refused(_)));
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
    let mut report = |severity, message: String, remedy: &str| {
        problems.push(Problem::new(severity, Place::Node(node.id), message, remedy));
    };
    let spec = match &node.body {
        NodeBody::Composite { .. } => {
            if document.nodes_in(Some(node.id)).next().is_none() {
                report(Severity::Hint, "this composite is empty".to_owned(), "open it and add components");
            }
            None
        }
        NodeBody::Leaf { type_name, .. } => match registry.get(type_name) {
            Ok(spec) => Some(spec),
            Err(error) => {
                report(Severity::Error, error.to_string(), "replace it with a component from the palette");
                return;
            }
        },
    };
    if let Some(spec) = spec {
        match wrong_settings(document, node, spec, values) {
            Ok(params) => {
                for message in missing_templates(document, spec, &params) {
                    report(Severity::Error, message, NO_TEMPLATE);
                }
                if let Err(error) = spec.create(&params) {
                    report(Severity::Error, error.to_string(), CORRECT_SETTING);
                }
                if let Err(fault) = spec.inbox_names(&params).and_then(|_| spec.outbox_names(&params)) {
                    let message = format!("the component panicked when it named its boxes: {fault}");
                    report(Severity::Error, message, CORRECT_SETTING);
                }
            }
            Err(wrong) => {
                for error in wrong {
                    report(Severity::Error, error.to_string(), error.remedy());
                }
            }
        }
    }
    check_boxes(document, registry, node, &mut report);
}

/// One message for each setting that names a template that does not exist.
fn missing_templates(document: &Document, spec: &ComponentSpec, params: &Params) -> Vec<String> {
    let is_template =
        |name: &str| document.find_path(name).and_then(|id| document.node(id)).is_some_and(Node::is_template);
    let of_param = |param: &ParamSpec| {
        let wanted = param.templates_in(&params.get(param.name)).into_iter();
        let missing: BTreeSet<String> = wanted.filter(|name| !is_template(name)).collect();
        missing
            .into_iter()
            .map(|name| format!("{}: the project has no template {name}", param.name))
            .collect::<Vec<_>>()
    };
    spec.params.iter().flat_map(of_param).collect()
}

const NO_TEMPLATE: &str = "choose another template, or make the composite of this name a template";

/// What the runtime finds in the graph as a whole: rings, components without input, and output that is discarded.
fn check_shape(document: &Document, registry: &Registry, values: &ParameterValues, problems: &mut Vec<Problem>) {
    let shape = shape_of(document, registry, values);
    for finding in findings(&shape, registry) {
        let (severity, remedy) = match finding {
            Finding::SilentRing(_) => (
                Severity::Warning,
                "link an outbox outside the ring to one of them, or send it a message by hand while it runs",
            ),
            Finding::EndlessRing(_) => (
                Severity::Hint,
                "to let the ring end, link the signal of a component that feeds it to the control of one of its members",
            ),
            Finding::Unfed(..) => (Severity::Hint, "link an outbox to it, or send it messages by hand while it runs"),
            Finding::Alone(..) => {
                (Severity::Warning, "add a component that provides it, or correct the name in the inspector")
            }
            Finding::Discards(..) => (Severity::Hint, "link it to an inbox if you need its messages"),
        };
        // A template itself has no links.
        let is_template = |id: NodeId| document.node(id).is_some_and(Node::is_template);
        if let Some(id) = finding.component().filter(|id| !is_template(NodeId::from(*id))) {
            problems.push(Problem::new(severity, Place::Node(id.into()), finding.text(&shape), remedy));
        }
    }
}

/// The whole document as a topology, including its errors.
fn shape_of(document: &Document, registry: &Registry, values: &ParameterValues) -> Topology {
    let body = |node: &Node| match &node.body {
        NodeBody::Composite { inboxes, outboxes, .. } => {
            ComponentBody::Composite { inboxes: inboxes.clone(), outboxes: outboxes.clone() }
        }
        NodeBody::Leaf { type_name, params } => {
            let specs = registry.get(type_name).map_or(&[][..], |spec| spec.params);
            let params = params
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), resolve(specs, name, value, values).ok()?)));
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

/// Boxes of composites that are not linked inside, and limits of inboxes that do not exist.
fn check_boxes(document: &Document, registry: &Registry, node: &Node, report: &mut impl FnMut(Severity, String, &str)) {
    let (inboxes, outboxes) = document.boxes_of(node.id, registry);
    let ends = Ends::of(document, node);
    if node.is_template() {
        if !ends.outside.is_empty() {
            let message = "links to a template have no effect, because a template does not run".to_owned();
            report(
                Severity::Warning,
                message,
                "name it in the settings of a chassis, or make it an ordinary composite",
            );
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
            let message =
                format!("messages that arrive at {} stay there, because no component inside reads them", info.name);
            report(Severity::Warning, message, "open the composite and link its inbox to a component");
        } else {
            let message = format!("no component inside feeds {}", info.name);
            report(Severity::Warning, message, "open the composite and link a component to its outbox");
        }
    }
    for inbox in node.limits.keys() {
        if !inboxes.iter().any(|info| *info.name == **inbox) {
            let message = format!("a limit is set for inbox {inbox}, which does not exist");
            report(Severity::Warning, message, "remove the limit, or correct the name of the inbox");
        }
    }
}

/// The linked boxes of a node: those with wires outside and, for a composite, those with wires inside.
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
                // From outside, messages enter inboxes and leave outboxes; from inside it is the other way round.
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
    let mut report = |severity, error: &EditError, remedy: &str| {
        problems.push(Problem::new(severity, Place::Wire(wire.clone()), error.to_string(), remedy));
    };
    let mut ends = Vec::new();
    for port in [&wire.from, &wire.to] {
        match document.box_at(port, registry) {
            Ok(info) => ends.push(info),
            Err(error) => report(Severity::Error, &error, "remove the link, or link it to a box that exists"),
        }
    }
    if let [from, to] = ends.as_slice()
        && !from.fits(to)
    {
        let error = EditError::Kinds {
            from: document.port_name(&wire.from),
            gives: from.kinds_text(),
            to: document.port_name(&wire.to),
            takes: to.kinds_text(),
        };
        report(Severity::Warning, &error, "remove the link, or insert a converting component");
    }
}

#[cfg(test)]
mod tests;
