//! Findings: probable mistakes in a topology, found before it runs. Pure.
//!
//! A finding is not an error: a message from the user or a change at run time can resolve it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use crate::component::{BoxSpec, Category, ComponentSpec, Fault};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::params::{ParamValue, Params};
use crate::registry::Registry;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, Topology};

/// A probable mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// These components receive data only from each other, and none of them sends first.
    SilentRing(Vec<ComponentId>),
    /// These components feed each other, so the end of the input reaches none of them.
    EndlessRing(Vec<ComponentId>),
    /// Nothing feeds these inboxes: no inbox of the component is linked, or these are needed.
    Unfed(ComponentId, Vec<String>),
    /// Nothing receives from these outboxes, although the purpose of the component is to send: no outbox is linked, or
    /// these are needed.
    Discards(ComponentId, Vec<String>),
    /// The component waits for something with this kind and name, and no component provides it.
    Alone(ComponentId, &'static str, String),
}

impl Finding {
    /// The component at which the finding is reported.
    pub fn component(&self) -> Option<ComponentId> {
        match self {
            Self::SilentRing(ring) | Self::EndlessRing(ring) => ring.first().copied(),
            Self::Unfed(id, _) | Self::Discards(id, _) | Self::Alone(id, ..) => Some(*id),
        }
    }

    /// The text of the finding, for a list in which the name of the component comes first.
    pub fn text(&self, topology: &Topology) -> String {
        let names = |ring: &[ComponentId]| {
            let name =
                |id: &ComponentId| topology.components.get(id).map_or_else(|| id.to_string(), |d| d.name.to_string());
            let names: Vec<String> = ring.iter().map(name).collect();
            match names.split_last() {
                Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
                _ => names.concat(),
            }
        };
        match self {
            Self::SilentRing(ring) if ring.len() == 1 => {
                format!("no component sends first: {} receives messages only from itself", names(ring))
            }
            Self::SilentRing(ring) => {
                format!("no component sends first: {} receive messages only from each other", names(ring))
            }
            Self::EndlessRing(ring) if ring.len() == 1 => {
                format!("the end of the input never arrives: {} feeds itself", names(ring))
            }
            Self::EndlessRing(ring) => {
                format!("the end of the input never arrives: {} feed each other", names(ring))
            }
            Self::Unfed(_, inboxes) => format!("nothing feeds {}", inboxes.join(", ")),
            Self::Alone(_, kind, name) => format!("no component provides the {kind} {name} that it waits for"),
            Self::Discards(_, outboxes) => format!("messages sent from {} are discarded", outboxes.join(", ")),
        }
    }
}

/// All findings, in order of component within each kind.
pub fn findings(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let mut found = rings(topology, registry);
    let ends = Ends::of(topology);
    for (id, desc) in &topology.components {
        loose_ends(*id, desc, registry, &ends, &mut found);
    }
    found.extend(alone(topology, registry));
    found
}

/// The description of a leaf, and its settings if they are valid.
fn leaf(desc: &ComponentDesc, registry: &Registry) -> Option<(&'static ComponentSpec, Option<Params>)> {
    let ComponentBody::Leaf { type_name, params } = &desc.body else { return None };
    let spec = registry.get(type_name).ok()?;
    let params = params.iter().map(|(name, value)| (name.as_str(), value));
    Some((spec, Params::check(spec.params, params).ok()))
}

/// Components that wait for a name that no component provides.
fn alone(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let (mut provided, mut wanted) = (BTreeSet::new(), Vec::new());
    for (id, desc) in &topology.components {
        let Some((spec, Some(params))) = leaf(desc, registry) else { continue };
        for meeting in spec.meets {
            let names = match params.get(meeting.param) {
                ParamValue::List(names) => names.iter().map(ToString::to_string).collect(),
                name => vec![name.to_string()],
            };
            for name in names.into_iter().map(|name| name.trim().to_owned()) {
                if meeting.offers {
                    provided.insert((meeting.kind, name));
                } else {
                    wanted.push((*id, meeting.kind, name));
                }
            }
        }
    }
    let missing = wanted.into_iter().filter(|(_, kind, name)| !provided.contains(&(*kind, name.clone())));
    missing.map(|(id, kind, name)| Finding::Alone(id, kind, name)).collect()
}

/// Every route from an outbox to a final inbox, through the boxes of composites.
pub(crate) fn routes<'a>(links: impl Iterator<Item = &'a LinkageDesc>) -> Vec<(&'a BoxAddr, &'a BoxAddr)> {
    let mut onward: BTreeMap<&BoxAddr, Vec<&BoxAddr>> = BTreeMap::new();
    for link in links {
        onward.entry(&link.from).or_default().push(&link.to);
    }
    let mut routes = Vec::new();
    for start in onward.keys().filter(|addr| addr.direction == Direction::Outbox) {
        let mut seen = BTreeSet::from([*start]);
        let mut next = vec![*start];
        while let Some(addr) = next.pop() {
            match onward.get(addr) {
                Some(further) => next.extend(further.iter().copied().filter(|to| seen.insert(to))),
                None if addr.direction == Direction::Inbox => routes.push((*start, addr)),
                None => {}
            }
        }
    }
    routes
}

fn rings(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let spec = |id: &ComponentId| match &topology.components.get(id)?.body {
        ComponentBody::Leaf { type_name, .. } => registry.get(type_name).ok(),
        ComponentBody::Composite { .. } => None,
    };
    let routes = routes(topology.linkages.iter());
    // A composite only forwards: its messages were sent by a member.
    let routes: Vec<_> = routes.into_iter().filter(|(from, _)| spec(&from.component).is_some()).collect();
    let data = || routes.iter().filter(|(from, to)| &*from.name != "signal" && &*to.name != "control");
    let mut graph: DiGraphMap<ComponentId, ()> = DiGraphMap::new();
    for (from, to) in data() {
        graph.add_edge(from.component, to.component, ());
    }
    let mut found = Vec::new();
    for mut ring in kosaraju_scc(&graph) {
        ring.sort_unstable();
        let goes_round = ring.len() > 1 || ring.first().is_some_and(|only| graph.contains_edge(*only, *only));
        let is_bound = |id: &ComponentId| {
            let leaf = topology.components.get(id).and_then(|desc| leaf(desc, registry));
            leaf.is_some_and(|(spec, params)| !is_free(spec, params.as_ref()))
        };
        if !goes_round || !ring.iter().all(is_bound) {
            continue;
        }
        let from_outside = |(from, to): &&(&BoxAddr, &BoxAddr)| {
            ring.binary_search(&to.component).is_ok() && ring.binary_search(&from.component).is_err()
        };
        let can_be_ended = routes.iter().any(|route| &*route.1.name == "control" && from_outside(&route));
        if !data().any(|route| from_outside(&route)) {
            if ring.iter().all(|id| spec(id).is_some_and(|spec| spec.category != Category::Sources)) {
                found.push(Finding::SilentRing(ring));
            }
        } else if !can_be_ended {
            found.push(Finding::EndlessRing(ring));
        }
    }
    found.sort_by_key(Finding::component);
    found
}

/// Whether a component may send and end without receiving a message: because of an outside event, its members or its
/// user.
fn is_free(spec: &ComponentSpec, params: Option<&Params>) -> bool {
    spec.may_send_first(params) || spec.is_pure_source() || spec.has_surface
}

/// The boxes that have links, from outside and, for a composite, from inside.
struct Ends<'a> {
    outside: BTreeSet<&'a BoxAddr>,
    inside: BTreeSet<&'a BoxAddr>,
}

impl<'a> Ends<'a> {
    fn of(topology: &'a Topology) -> Self {
        let mut ends = Self { outside: BTreeSet::new(), inside: BTreeSet::new() };
        for link in &topology.linkages {
            for (addr, is_sink) in [(&link.from, false), (&link.to, true)] {
                // From outside, messages enter inboxes and leave outboxes. From inside, it is the other way round.
                let from_outside = is_sink == (addr.direction == Direction::Inbox);
                if from_outside {
                    ends.outside.insert(addr)
                } else {
                    ends.inside.insert(addr)
                };
            }
        }
        ends
    }
}

/// Finds inboxes that nothing feeds and outboxes that nothing receives from. A component that shows, plays or writes
/// does its work even if its outbox is not linked.
fn loose_ends(id: ComponentId, desc: &ComponentDesc, registry: &Registry, ends: &Ends<'_>, found: &mut Vec<Finding>) {
    let mut needed: &[&[BoxSpec]] = &[];
    let both;
    let (inboxes, outboxes, is_sender) = match &desc.body {
        ComponentBody::Leaf { .. } => {
            let Some((spec, params)) = leaf(desc, registry) else { return };
            if !spec.meets.is_empty() && !spec.is_pure_source() {
                return;
            }
            both = [spec.inboxes, spec.outboxes];
            needed = &both;
            let own = |boxes: &[BoxSpec]| -> Vec<String> { boxes.iter().map(|spec| spec.name.to_owned()).collect() };
            // Boxes that depend on the settings are unknown if the settings are wrong.
            let named = |names: Result<Vec<Cow<'static, str>>, Fault>, boxes: &[BoxSpec]| {
                names.map_or_else(|_| own(boxes), |names| names.into_iter().map(Cow::into_owned).collect())
            };
            let is_sender = matches!(spec.category, Category::Sources | Category::Text | Category::Flow);
            match &params {
                Some(params) => {
                    let (inboxes, outboxes) = (spec.inbox_names(params), spec.outbox_names(params));
                    (named(inboxes, spec.inboxes), named(outboxes, spec.outboxes), is_sender)
                }
                None => (own(spec.inboxes), own(spec.outboxes), is_sender),
            }
        }
        ComponentBody::Composite { inboxes, outboxes } => {
            let with = |first: &str, more: &[String]| [&[first.to_owned()], more].concat();
            let used = |name: &String, direction| {
                ends.inside.contains(&BoxAddr { component: id, direction, name: name.as_str().into() })
            };
            let mut inboxes = with("inbox", inboxes);
            inboxes.retain(|name| used(name, Direction::Inbox));
            let mut outboxes = with("outbox", outboxes);
            outboxes.retain(|name| used(name, Direction::Outbox));
            (inboxes, outboxes, true)
        }
    };
    let split = |names: Vec<String>, direction| -> (Vec<String>, Vec<String>) {
        names
            .into_iter()
            .filter(|name| !name.starts_with('_'))
            .partition(|name| ends.outside.contains(&BoxAddr { component: id, direction, name: name.as_str().into() }))
    };
    // If some of the boxes are linked, the others are reported only if the component needs them.
    let unlinked = |(linked, mut loose): (Vec<String>, Vec<String>)| {
        let is_needed = |name: &String| needed.iter().copied().flatten().any(|own| own.is_needed && own.name == *name);
        loose.retain(|name| linked.is_empty() || is_needed(name));
        Some(loose).filter(|loose| !loose.is_empty())
    };
    found.extend(unlinked(split(inboxes, Direction::Inbox)).map(|unfed| Finding::Unfed(id, unfed)));
    if is_sender {
        let discarding = unlinked(split(outboxes, Direction::Outbox));
        found.extend(discarding.map(|outboxes| Finding::Discards(id, outboxes)));
    }
}

#[cfg(test)]
mod tests;
