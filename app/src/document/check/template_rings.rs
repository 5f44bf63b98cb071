//! Template rings: templates that contain themselves, directly or through others.
//!
//! Pure. Each instance of such a template contains a chassis that makes another instance, until the runtime refuses it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use compose_runtime::registry::Registry;

use super::super::meta::ParameterValues;
use super::super::problem::{Place, Problem, Severity};
use super::super::{Document, Node, NodeBody, NodeId};

/// The templates that each template uses, and the chassis inside it that uses them.
type Uses = BTreeMap<String, BTreeMap<String, NodeId>>;

/// One problem for each ring of templates, at the chassis that closes it.
pub(super) fn check_templates(
    document: &Document,
    registry: &Registry,
    values: &ParameterValues,
    problems: &mut Vec<Problem>,
) {
    let uses = uses_of(document, registry, values);
    let mut reported = BTreeSet::new();
    for template in uses.keys() {
        let Some(ring) = shortest_ring(&uses, template) else { continue };
        if !reported.insert(ring.iter().cloned().collect::<BTreeSet<_>>()) {
            continue;
        }
        let next = ring.iter().cycle().skip(1);
        let chassis: Vec<NodeId> =
            ring.iter().zip(next).filter_map(|(from, to)| uses.get(from)?.get(to).copied()).collect();
        let Some(first) = chassis.first() else { continue };
        let steps: Vec<String> = chassis.iter().map(|id| document.path_name(*id)).collect();
        let message = format!(
            "the template {template} contains itself: {} -> {template} (through {})",
            ring.join(" -> "),
            steps.join(", ")
        );
        let remedy = "remove the template from the settings of one of these components";
        problems.push(Problem::new(Severity::Warning, Place::Node(*first), message, remedy));
    }
}

fn uses_of(document: &Document, registry: &Registry, values: &ParameterValues) -> Uses {
    let mut uses = Uses::new();
    for node in document.all_nodes() {
        let Some(template) = document.template_of(node.id) else { continue };
        for wanted in templates_named_by(node, registry, values) {
            uses.entry(document.path_name(template)).or_default().entry(wanted).or_insert(node.id);
        }
    }
    uses
}

/// The templates that the settings of a leaf name.
fn templates_named_by(node: &Node, registry: &Registry, values: &ParameterValues) -> Vec<String> {
    let NodeBody::Leaf { type_name, params } = &node.body else { return Vec::new() };
    let Ok(spec) = registry.get(type_name) else { return Vec::new() };
    let given = spec.params.iter().filter_map(|param| Some((param, params.get(param.name)?)));
    let resolved = given.filter_map(|(param, value)| Some((param, param.resolve(value, values).ok()?)));
    resolved.flat_map(|(param, value)| param.templates_in(&value)).collect()
}

/// The shortest path from a template back to itself, as the templates on it, beginning with this one.
fn shortest_ring(uses: &Uses, template: &str) -> Option<Vec<String>> {
    let mut open = VecDeque::from([vec![template.to_owned()]]);
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop_front() {
        for next in path.last().and_then(|last| uses.get(last)).into_iter().flat_map(BTreeMap::keys) {
            if next == template {
                return Some(path);
            }
            if seen.insert(next.as_str()) {
                open.push_back([path.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::component::ComponentSpec;
    use compose_runtime::message::Message;
    use compose_runtime::params::{ParamError, ParamSpec};

    use super::*;
    use crate::document::EditCommand;

    static CHASSIS: ComponentSpec = ComponentSpec {
        type_name: "Chassis",
        params: &[ParamSpec::list("members", "Templates").of_templates()],
        build: |_| Err(ParamError::Other("never".to_owned())),
        ..ComponentSpec::EMPTY
    };

    /// Templates, each with a chassis with the same name in lower case that uses these templates.
    fn problems(templates: &[(&str, &[&str])]) -> Vec<String> {
        let mut registry = Registry::default();
        registry.register(&CHASSIS).unwrap();
        let mut document = Document::new();
        for (number, (name, members)) in templates.iter().enumerate() {
            let (template, chassis) = (NodeId(1 + 2 * number as u64), NodeId(2 + 2 * number as u64));
            let mut node = Node::composite(template, *name);
            if let NodeBody::Composite { is_template, .. } = &mut node.body {
                *is_template = true;
            }
            let members = Message::list(members.iter().map(|member| Message::text(*member)));
            let inner = Node::leaf(chassis, name.to_lowercase(), "Chassis").param("members", members);
            for node in [node, inner.inside(Some(template))] {
                document.apply(EditCommand::AddNode { node }).unwrap();
            }
        }
        let mut problems = Vec::new();
        check_templates(&document, &registry, &ParameterValues::new(), &mut problems);
        problems.iter().map(|problem| problem.line(&document)).collect()
    }

    #[test]
    fn a_template_that_contains_itself_is_named_with_its_chassis() {
        assert_eq!(
            problems(&[("T", &["T", "T"])]),
            ["warning: T/t: the template T contains itself: T -> T (through T/t) \
              (remove the template from the settings of one of these components)"]
        );
    }

    #[test]
    fn each_ring_of_templates_is_reported_once() {
        let found = problems(&[("A", &["B"]), ("B", &["C", "D"]), ("C", &["A"]), ("D", &[])]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("A -> B -> C -> A (through A/a, B/b, C/c)"), "{found:?}");
    }

    #[test]
    fn templates_that_only_use_others_are_no_problem() {
        assert_eq!(problems(&[("A", &["B", "B"]), ("B", &["C"]), ("C", &[])]), Vec::<String>::new());
    }
}
