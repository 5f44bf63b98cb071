//! plan: the steps that change the running system into the wanted one, in a safe order. Pure.
//!
//! Order: templates; unlink; stop; start, composites before their members; describe; stop composites whose members were
//! moved out; restart and configure; link. This ensures that both ends of a new link exist, that a stopped composite
//! has no members, and that the network port of an old server is free when the new one starts. Moving a node on the
//! canvas gives an empty plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compose_runtime::command::Step;
use compose_runtime::component::spec::DEFAULT_CAPACITY;
use compose_runtime::component::{ComponentSpec, FullPolicy};
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::registry::Registry;
use compose_runtime::template::Template;
use compose_runtime::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkageDesc, Topology};

/// The steps from `running` to `wanted`.
pub fn plan(running: &Topology, wanted: &Topology, registry: &Registry) -> Vec<Step> {
    let mut steps = Vec::new();
    let kept = kept(running, wanted);
    let is_kept = |id: &ComponentId| kept.contains(id);
    let stays = |linkage: &LinkageDesc| is_kept(&linkage.from.component) && is_kept(&linkage.to.component);

    let changed = wanted.templates.iter().filter(|(name, template)| running.templates.get(*name) != Some(template));
    steps.extend(changed.map(|(name, template)| set_template(name, Some(template))));
    let lost = running.templates.keys().filter(|name| !wanted.templates.contains_key(*name));
    steps.extend(lost.map(|name| set_template(name, None)));

    let gone = running.linkages.iter().filter(|linkage| !(wanted.linkages.contains(linkage) && stays(linkage)));
    steps.extend(gone.map(|linkage| Step::Unlink { linkage: linkage.clone() }));

    let stopped: Vec<ComponentId> = innermost_first(running).into_iter().filter(|id| !is_kept(id)).collect();
    let late = stopped_late(running, &stopped);
    steps.extend(stopped.iter().filter(|id| !late.contains(id)).map(|id| Step::Stop { id: *id }));

    for (id, desc) in outermost_first(wanted) {
        if !is_kept(&id) {
            steps.push(Step::Start { id, desc: desc.clone() });
        }
    }
    let both: Vec<(ComponentId, &ComponentDesc, &ComponentDesc)> =
        kept.iter().filter_map(|id| Some((*id, running.components.get(id)?, wanted.components.get(id)?))).collect();
    for (id, before, after) in &both {
        describe(*id, before, after, registry, &mut steps);
    }
    steps.extend(stopped.iter().filter(|id| late.contains(id)).map(|id| Step::Stop { id: *id }));
    for (id, before, after) in &both {
        steps.extend(change_of_body(*id, before, after, registry));
    }
    let new = wanted.linkages.iter().filter(|linkage| !(running.linkages.contains(linkage) && stays(linkage)));
    steps.extend(new.map(|linkage| Step::Link { linkage: linkage.clone() }));
    steps
}

fn set_template(name: &Arc<str>, template: Option<&Arc<Template>>) -> Step {
    Step::SetTemplate { name: name.clone(), template: template.cloned() }
}

/// The components that keep running. A leaf that became a composite, or the reverse, is replaced, together with all its
/// members at any depth.
fn kept(running: &Topology, wanted: &Topology) -> BTreeSet<ComponentId> {
    let mut kept = BTreeSet::new();
    let mut replaced = BTreeSet::new();
    for (id, before) in outermost_first(running) {
        let is_inside_replaced = before.parent.is_some_and(|parent| replaced.contains(&parent));
        match wanted.components.get(&id) {
            Some(after) if is_leaf(before) == is_leaf(after) && !is_inside_replaced => {
                kept.insert(id);
            }
            None if !is_inside_replaced => {}
            _ => {
                replaced.insert(id);
            }
        }
    }
    kept
}

fn is_leaf(desc: &ComponentDesc) -> bool {
    matches!(desc.body, ComponentBody::Leaf { .. })
}

fn depth(topology: &Topology, id: ComponentId) -> usize {
    let parents = std::iter::successors(Some(id), |id| topology.components.get(id).and_then(|desc| desc.parent));
    // Limited, in case the parents form a cycle.
    parents.take(1000).count()
}

/// The components in starting order: by id, but composites before their members.
fn outermost_first(topology: &Topology) -> Vec<(ComponentId, &ComponentDesc)> {
    let mut all: Vec<(ComponentId, &ComponentDesc)> =
        topology.components.iter().map(|(id, desc)| (*id, desc)).collect();
    if topology.components.iter().any(|(id, desc)| desc.parent.is_some_and(|parent| parent > *id)) {
        all.sort_by_cached_key(|(id, _)| (depth(topology, *id), *id));
    }
    all
}

fn innermost_first(topology: &Topology) -> Vec<ComponentId> {
    let mut all: Vec<ComponentId> = topology.components.keys().copied().collect();
    all.sort_by_cached_key(|id| (std::cmp::Reverse(depth(topology, *id)), *id));
    all
}

/// The composites that must be stopped after their members, at any depth, were moved out.
fn stopped_late(running: &Topology, stopped: &[ComponentId]) -> BTreeSet<ComponentId> {
    let mut is_stopped: BTreeMap<ComponentId, bool> = stopped.iter().map(|id| (*id, false)).collect();
    for id in innermost_first(running) {
        // One pass is enough, because members come before their composites.
        let stays_a_while = is_stopped.get(&id).copied().unwrap_or(true);
        if stays_a_while
            && let Some(parent) = running.components.get(&id).and_then(|desc| desc.parent)
            && let Some(late) = is_stopped.get_mut(&parent)
        {
            *late = true;
        }
    }
    is_stopped.into_iter().filter(|(_, late)| *late).map(|(id, _)| id).collect()
}

/// Adds the steps for changes of name, parent, restart policy and limits, which need no restart.
fn describe(
    id: ComponentId,
    before: &ComponentDesc,
    after: &ComponentDesc,
    registry: &Registry,
    steps: &mut Vec<Step>,
) {
    let same = before.name == after.name
        && before.parent == after.parent
        && before.restart == after.restart
        && before.limits == after.limits;
    if same {
        return;
    }
    steps.push(Step::Describe { id, desc: after.clone() });
    for inbox in before.limits.keys().filter(|inbox| !after.limits.contains_key(*inbox)) {
        let limit = default_limit(after, inbox, registry);
        steps.push(Step::Limit { inbox: BoxAddr::inbox(id, inbox.as_str()), limit });
    }
}

/// The default limit of an inbox.
fn default_limit(desc: &ComponentDesc, inbox: &str, registry: &Registry) -> InboxLimit {
    let spec = spec_of(desc, registry).and_then(|spec| spec.find_box(Direction::Inbox, inbox));
    match spec {
        Some(spec) => InboxLimit { capacity: spec.capacity, policy: spec.policy },
        None if inbox == "control" => InboxLimit { capacity: None, policy: FullPolicy::Block },
        None => InboxLimit { capacity: Some(DEFAULT_CAPACITY), policy: FullPolicy::Block },
    }
}

fn change_of_body(id: ComponentId, before: &ComponentDesc, after: &ComponentDesc, registry: &Registry) -> Option<Step> {
    if before.body == after.body {
        return None;
    }
    if let (
        ComponentBody::Leaf { type_name: old_type, params: old },
        ComponentBody::Leaf { type_name: new_type, params: new },
    ) = (&before.body, &after.body)
        && old_type == new_type
        && let Some(spec) = spec_of(after, registry)
    {
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let mut changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
        let is_live = |name: &String| spec.params.iter().any(|param| param.name == name && param.live);
        if changed.all(is_live) {
            return Some(Step::Configure { id, params: new.clone() });
        }
    }
    Some(Step::Restart { id, desc: after.clone() })
}

fn spec_of(desc: &ComponentDesc, registry: &Registry) -> Option<&'static ComponentSpec> {
    match &desc.body {
        ComponentBody::Leaf { type_name, .. } => registry.get(type_name).ok(),
        ComponentBody::Composite { .. } => None,
    }
}

#[cfg(test)]
mod tests;
