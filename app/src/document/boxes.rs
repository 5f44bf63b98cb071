//! Boxes: the inboxes and outboxes of a node, and the kinds of message they carry.
//!
//! Pure. The boxes of a known type come from its description. A node of unknown type has the boxes that its wires mention.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compose_runtime::component::spec::{CONTROL, DEFAULT_CAPACITY, SIGNAL};
use compose_runtime::component::{BoxSpec, ComponentSpec};
use compose_runtime::ids::Direction;
use compose_runtime::message::Kind;
use compose_runtime::params::{ParamValue, Params};
use compose_runtime::registry::Registry;

use super::{Document, Node, NodeBody, NodeId};

/// One box of a node, with everything that is shown about it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxInfo {
    /// Its name.
    pub name: Arc<str>,
    /// One line of documentation; may be empty.
    pub help: String,
    /// The kinds of message it accepts or sends; empty means any.
    pub kinds: Vec<Kind>,
    /// The capacity of an inbox; `None` for an inbox without a limit, and for outboxes.
    pub capacity: Option<usize>,
}

impl BoxInfo {
    fn of_spec(spec: &BoxSpec, direction: Direction) -> Self {
        Self {
            name: spec.name.into(),
            help: spec.help.to_owned(),
            kinds: spec.kinds.to_vec(),
            capacity: if direction == Direction::Inbox { spec.capacity } else { None },
        }
    }

    fn named(name: &str, help: &str, direction: Direction) -> Self {
        let capacity = if direction == Direction::Inbox { Some(DEFAULT_CAPACITY) } else { None };
        Self { name: name.into(), help: help.to_owned(), kinds: Vec::new(), capacity }
    }

    /// Whether the box is internal and never drawn.
    pub fn is_hidden(&self) -> bool {
        self.name.starts_with('_')
    }

    /// Whether the box is `control` or `signal`.
    pub fn is_about_ending(&self) -> bool {
        matches!(&*self.name, "control" | "signal")
    }

    /// Whether this box can feed `sink`. A box of unknown kinds fits every other box.
    pub fn fits(&self, sink: &BoxInfo) -> bool {
        let any = |kinds: &[Kind]| kinds.is_empty() || kinds.contains(&Kind::Any);
        any(&self.kinds) || any(&sink.kinds) || self.kinds.iter().any(|kind| sink.kinds.contains(kind))
    }

    /// The kinds as text, for example `text or bytes`.
    pub fn kinds_text(&self) -> String {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name()).collect();
        match names.split_last() {
            None => "any message".to_owned(),
            Some((only, [])) => (*only).to_owned(),
            Some((last, first)) => format!("{} or {last}", first.join(", ")),
        }
    }
}

impl Document {
    /// Inboxes and outboxes of a node: data boxes as declared, then `control` and `signal`. Capacities include the limits
    /// set on the node. A node that does not exist has no boxes.
    pub fn boxes_of(&self, id: NodeId, registry: &Registry) -> (Vec<BoxInfo>, Vec<BoxInfo>) {
        let Some(node) = self.node(id) else { return (Vec::new(), Vec::new()) };
        let (mut inboxes, mut outboxes) = match &node.body {
            NodeBody::Composite { inboxes, outboxes, .. } => composite_boxes(inboxes, outboxes),
            NodeBody::Leaf { type_name, params } => match registry.get(type_name) {
                Ok(spec) => self.boxes_of_spec(spec, params),
                Err(_) => self.boxes_of_wires(node),
            },
        };
        inboxes.push(BoxInfo::of_spec(&CONTROL, Direction::Inbox));
        outboxes.push(BoxInfo::of_spec(&SIGNAL, Direction::Outbox));
        for info in &mut inboxes {
            if let Some(limit) = node.limits.get(&*info.name) {
                info.capacity = limit.capacity;
            }
        }
        (inboxes, outboxes)
    }

    fn boxes_of_spec(
        &self,
        spec: &ComponentSpec,
        params: &BTreeMap<String, ParamValue>,
    ) -> (Vec<BoxInfo>, Vec<BoxInfo>) {
        let mut inboxes: Vec<BoxInfo> =
            spec.inboxes.iter().map(|spec| BoxInfo::of_spec(spec, Direction::Inbox)).collect();
        let named = |name: &str, direction| BoxInfo::named(name, "Named in the settings", direction);
        // If the function that names the boxes panics, the check of the document reports it.
        if spec.extra_inboxes.is_some()
            && let Ok(names) = spec.inbox_names(&self.usable_params(spec, params))
        {
            let names = names.iter().skip(inboxes.len());
            inboxes.extend(names.map(|name| named(name, Direction::Inbox)));
        }
        let mut outboxes: Vec<BoxInfo> =
            spec.outboxes.iter().map(|spec| BoxInfo::of_spec(spec, Direction::Outbox)).collect();
        if spec.extra_outboxes.is_some()
            && let Ok(names) = spec.outbox_names(&self.usable_params(spec, params))
        {
            let names = names.iter().skip(outboxes.len());
            outboxes.extend(names.map(|name| named(name, Direction::Outbox)));
        }
        (inboxes, outboxes)
    }

    /// The valid settings, with the default values of the project's parameters. Invalid settings are left out.
    fn usable_params(&self, spec: &ComponentSpec, params: &BTreeMap<String, ParamValue>) -> Params {
        let values = self.meta().defaults();
        let valid: Vec<(&str, ParamValue)> = params
            .iter()
            .filter_map(|(name, value)| {
                let param = spec.params.iter().find(|param| param.name == name)?;
                let value = param.resolve(value, &values).ok()?;
                Some((param.name, param.check(&value).ok()?))
            })
            .collect();
        Params::check(spec.params, valid.iter().map(|(name, value)| (*name, value))).unwrap_or_default()
    }

    fn boxes_of_wires(&self, node: &Node) -> (Vec<BoxInfo>, Vec<BoxInfo>) {
        let mut names = (BTreeSet::new(), BTreeSet::new());
        for wire in self.wires_of(node.id) {
            for port in [wire.from, wire.to] {
                if port.node == node.id && !port.is_about_ending() {
                    match port.direction {
                        Direction::Inbox => names.0.insert(port.name),
                        Direction::Outbox => names.1.insert(port.name),
                    };
                }
            }
        }
        let infos = |names: BTreeSet<Arc<str>>, direction| {
            names.iter().map(|name| BoxInfo::named(name, "", direction)).collect()
        };
        (infos(names.0, Direction::Inbox), infos(names.1, Direction::Outbox))
    }
}

fn composite_boxes(inboxes: &[String], outboxes: &[String]) -> (Vec<BoxInfo>, Vec<BoxInfo>) {
    let all = |first: &'static str, rest: &[String], help: &str, direction| {
        std::iter::once(first)
            .chain(rest.iter().map(String::as_str))
            .map(|name| BoxInfo::named(name, help, direction))
            .collect()
    };
    (
        all("inbox", inboxes, "Leads into the graph inside", Direction::Inbox),
        all("outbox", outboxes, "Comes out of the graph inside", Direction::Outbox),
    )
}
