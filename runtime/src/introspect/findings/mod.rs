//! Findings: what can be seen in a topology before it runs. Pure.
//!
//! None of them is an error: a message put in by hand or a change while it runs can make any of them right.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use crate::component::{BoxSpec, Category, ComponentSpec, SpeaksFirst};
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::params::{ParamValue, Params};
use crate::registry::Registry;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, Topology};

/// Something that probably is not meant so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// These wait for each other, nobody else feeds them, and none of them speaks first.
    SilentRing(Vec<ComponentId>),
    /// These feed each other, so that none of them ever hears that no more will come.
    EndlessRing(Vec<ComponentId>),
    /// Nothing feeds these inboxes: any of the component, or those that it needs.
    Unfed(ComponentId, Vec<String>),
    /// Nothing takes what leaves here, and giving is the component's work: through any outbox, or through those that are
    /// there to be linked.
    Discards(ComponentId, Vec<String>),
    /// It looks for what somebody offers by name, and nobody does: what, and the name.
    Alone(ComponentId, &'static str, String),
}

impl Finding {
    /// The component where it is told.
    pub fn component(&self) -> Option<ComponentId> {
        match self {
            Self::SilentRing(ring) | Self::EndlessRing(ring) => ring.first().copied(),
            Self::Unfed(id, _) | Self::Discards(id, _) | Self::Alone(id, ..) => Some(*id),
        }
    }

    /// What is wrong, in words for a list in which the component stands before them.
    pub fn words(&self, topology: &Topology) -> String {
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
                format!("nobody speaks first: only {} itself feeds {0}", names(ring))
            }
            Self::SilentRing(ring) => {
                format!("nobody speaks first: {} feed only each other", names(ring))
            }
            Self::EndlessRing(ring) if ring.len() == 1 => {
                format!("the end of the input never arrives: {} feeds itself", names(ring))
            }
            Self::EndlessRing(ring) => {
                format!("the end of the input never arrives: {} feed each other", names(ring))
            }
            Self::Unfed(_, inboxes) => format!("nothing feeds {}", inboxes.join(", ")),
            Self::Alone(_, place, name) => format!("nobody offers the {place} {name}, for which it waits"),
            Self::Discards(_, outboxes) => format!("what leaves through {} is discarded", outboxes.join(", ")),
        }
    }
}

/// Everything that can be seen, in order of component within each kind.
pub fn findings(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let mut found = rings(topology, registry);
    let ends = Ends::of(topology);
    for (id, desc) in &topology.components {
        loose_ends(*id, desc, registry, &ends, &mut found);
    }
    found.extend(alone(topology, registry));
    found
}

/// A leaf's description and its settings, as far as they can be read.
fn leaf(desc: &ComponentDesc, registry: &Registry) -> Option<(&'static ComponentSpec, Option<Params>)> {
    let ComponentBody::Leaf { type_name, params } = &desc.body else { return None };
    let spec = registry.get(type_name).ok()?;
    let params = params.iter().map(|(name, value)| (name.as_str(), value));
    Some((spec, Params::check(spec.params, params).ok()))
}

/// Those who look for what nobody offers.
fn alone(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let (mut offered, mut sought) = (BTreeSet::new(), Vec::new());
    for (id, desc) in &topology.components {
        let Some((spec, Some(params))) = leaf(desc, registry) else { continue };
        for meeting in spec.meets {
            let names = match params.get(meeting.param) {
                ParamValue::List(names) => names.iter().map(ToString::to_string).collect(),
                name => vec![name.to_string()],
            };
            for name in names.into_iter().map(|name| name.trim().to_owned()) {
                if meeting.offers {
                    offered.insert((meeting.place, name));
                } else {
                    sought.push((*id, meeting.place, name));
                }
            }
        }
    }
    let missed = sought.into_iter().filter(|(_, place, name)| !offered.contains(&(*place, name.clone())));
    missed.map(|(id, place, name)| Finding::Alone(id, place, name)).collect()
}

/// Every way from an outbox to an inbox in which messages end up, through the boxes of composites.
pub(crate) fn ways<'a>(links: impl Iterator<Item = &'a LinkageDesc>) -> Vec<(&'a BoxAddr, &'a BoxAddr)> {
    let mut onward: BTreeMap<&BoxAddr, Vec<&BoxAddr>> = BTreeMap::new();
    for link in links {
        onward.entry(&link.from).or_default().push(&link.to);
    }
    let mut ways = Vec::new();
    for start in onward.keys().filter(|addr| addr.direction == Direction::Outbox) {
        let mut seen = BTreeSet::from([*start]);
        let mut next = vec![*start];
        while let Some(addr) = next.pop() {
            match onward.get(addr) {
                Some(further) => next.extend(further.iter().copied().filter(|to| seen.insert(to))),
                None if addr.direction == Direction::Inbox => ways.push((*start, addr)),
                None => {}
            }
        }
    }
    ways
}

fn rings(topology: &Topology, registry: &Registry) -> Vec<Finding> {
    let spec = |id: &ComponentId| match &topology.components.get(id)?.body {
        ComponentBody::Leaf { type_name, .. } => registry.get(type_name).ok(),
        ComponentBody::Composite { .. } => None,
    };
    let ways = ways(topology.linkages.iter());
    // A composite only hands on; what leaves it was sent by a member.
    let ways: Vec<_> = ways.into_iter().filter(|(from, _)| spec(&from.component).is_some()).collect();
    let data = || ways.iter().filter(|(from, to)| &*from.name != "signal" && &*to.name != "control");
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
        let is_told = ways.iter().any(|way| &*way.1.name == "control" && from_outside(&way));
        if !data().any(|way| from_outside(&way)) {
            if ring.iter().all(|id| spec(id).is_some_and(|spec| spec.category != Category::Sources)) {
                found.push(Finding::SilentRing(ring));
            }
        } else if !is_told {
            found.push(Finding::EndlessRing(ring));
        }
    }
    found.sort_by_key(Finding::component);
    found
}

/// Whether a component may speak and end without hearing anything: because of the world, its members, or its user.
fn is_free(spec: &ComponentSpec, params: Option<&Params>) -> bool {
    let speaks_first = match spec.speaks_first {
        SpeaksFirst::No => false,
        SpeaksFirst::Yes => true,
        SpeaksFirst::If(param) => params.is_none_or(|params| params.get(param).is_truthy()),
    };
    speaks_first || spec.is_pure_source() || spec.has_surface
}

/// The boxes that links end at, from outside and, for a composite, from inside.
struct Ends<'a> {
    outside: BTreeSet<&'a BoxAddr>,
    inside: BTreeSet<&'a BoxAddr>,
}

impl<'a> Ends<'a> {
    fn of(topology: &'a Topology) -> Self {
        let mut ends = Self { outside: BTreeSet::new(), inside: BTreeSet::new() };
        for link in &topology.linkages {
            for (addr, is_sink) in [(&link.from, false), (&link.to, true)] {
                // Seen from outside, messages go into inboxes and come out of outboxes; from inside it is the other way.
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

/// Components that nothing feeds, and work that goes nowhere. A component that shows, plays or writes has done its work
/// when nothing takes from its outbox.
fn loose_ends(id: ComponentId, desc: &ComponentDesc, registry: &Registry, ends: &Ends<'_>, found: &mut Vec<Finding>) {
    let mut needed: &[&[BoxSpec]] = &[];
    let both;
    let (inboxes, outboxes, gives) = match &desc.body {
        ComponentBody::Leaf { .. } => {
            let Some((spec, params)) = leaf(desc, registry) else { return };
            if !spec.meets.is_empty() && !spec.is_pure_source() {
                return;
            }
            both = [spec.inboxes, spec.outboxes];
            needed = &both;
            let more = |extra: Option<fn(&Params) -> Vec<String>>| match (extra, &params) {
                (Some(extra), Some(params)) => extra(params),
                _ => Vec::new(),
            };
            let own = |boxes: &[BoxSpec]| -> Vec<String> { boxes.iter().map(|spec| spec.name.to_owned()).collect() };
            let gives = matches!(spec.category, Category::Sources | Category::Text | Category::Flow);
            let inboxes = [own(spec.inboxes), more(spec.extra_inboxes)].concat();
            (inboxes, [own(spec.outboxes), more(spec.extra_outboxes)].concat(), gives)
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
    // With some of them linked, the others are told if the component needs them.
    let told = |(linked, mut loose): (Vec<String>, Vec<String>)| {
        let is_needed = |name: &String| needed.iter().copied().flatten().any(|own| own.is_needed && own.name == *name);
        loose.retain(|name| linked.is_empty() || is_needed(name));
        Some(loose).filter(|loose| !loose.is_empty())
    };
    found.extend(told(split(inboxes, Direction::Inbox)).map(|unfed| Finding::Unfed(id, unfed)));
    if gives {
        let discarding = told(split(outboxes, Direction::Outbox));
        found.extend(discarding.map(|outboxes| Finding::Discards(id, outboxes)));
    }
}

#[cfg(test)]
mod tests;
