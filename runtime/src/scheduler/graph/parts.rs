//! Parts: the checked settings, code and boxes of a component, made from its description before it starts.

use std::collections::BTreeMap;
use std::rc::Rc;

use smallvec::{Array, SmallVec};

use super::Graph;
use super::error::GraphError;
use super::names::Names;
use crate::component::composite::Composite;
use crate::component::spec::{DEFAULT_CAPACITY, EVENTS};
use crate::component::{ComponentSpec, FullPolicy, Start};
use crate::contain::Contained;
use crate::delivery::box_name::BoxName;
use crate::params::{ParamValue, Params};
use crate::topology::{ComponentBody, ComponentDesc};

/// Everything that is needed to start a component.
pub(super) struct Parts {
    /// `None` for composites and the scheduler's own components.
    pub spec: Option<&'static ComponentSpec>,
    pub params: Rc<Params>,
    pub start: Contained<Box<dyn Start>>,
    pub inboxes: InboxParts,
    pub outboxes: OutboxParts,
}

/// Names, capacities and policies of inboxes. Most components have few enough that the list needs no allocation.
pub(super) type InboxParts = SmallVec<[(BoxName, Option<usize>, FullPolicy); 3]>;

/// Names of outboxes.
pub(super) type OutboxParts = SmallVec<[BoxName; 3]>;

impl Graph {
    /// Checks the settings and builds the code, but does not start it.
    pub(super) fn parts(&mut self, desc: &ComponentDesc) -> Result<Parts, GraphError> {
        let mut parts = match &desc.body {
            ComponentBody::Leaf { type_name, params } => {
                let spec = self.registry.get(type_name)?;
                let params = check_params(spec, params)?;
                let start = spec.create(&params)?;
                let (inboxes, outboxes) = (spec.inbox_names(&params)?, spec.outbox_names(&params)?);
                let names = &mut self.names;
                let limits = spec.inboxes.iter().map(|b| (b.capacity, b.policy));
                let limits = limits.chain(std::iter::repeat((Some(DEFAULT_CAPACITY), FullPolicy::Block)));
                let inboxes = inboxes.iter().zip(limits);
                let inboxes = inboxes.map(|(name, (capacity, policy))| (names.get(name), capacity, policy)).collect();
                let outboxes = outboxes.iter().map(|name| names.get(name)).collect();
                // Components without settings share one empty set.
                let params = if spec.params.is_empty() { self.no_params.clone() } else { Rc::new(params) };
                Parts { spec: Some(spec), params, start, inboxes, outboxes }
            }
            ComponentBody::Composite { inboxes, outboxes } => {
                let names = &mut self.names;
                let all = |first: &'static str, more: &'_ [String], names: &mut Names| -> OutboxParts {
                    std::iter::once(first).chain(more.iter().map(String::as_str)).map(|name| names.get(name)).collect()
                };
                let outboxes = all("outbox", outboxes, names);
                let inboxes = all("inbox", inboxes, names);
                let inboxes =
                    inboxes.into_iter().map(|name| (name, Some(DEFAULT_CAPACITY), FullPolicy::Block)).collect();
                Parts {
                    spec: None,
                    params: self.no_params.clone(),
                    start: Contained::new(Box::new(Composite)),
                    inboxes,
                    outboxes,
                }
            }
        };
        parts.inboxes.push((self.names.get("control"), None, FullPolicy::Block));
        if parts.spec.is_some_and(|spec| spec.has_surface) {
            parts.inboxes.push((self.names.get(EVENTS.name), None, FullPolicy::Block));
        }
        parts.outboxes.push(self.names.get("signal"));
        drop_duplicates(&mut parts.inboxes, |(name, ..)| name);
        drop_duplicates(&mut parts.outboxes, |name| name);
        for (name, capacity, policy) in &mut parts.inboxes {
            if let Some(limit) = desc.limits.get(&**name) {
                (*capacity, *policy) = (limit.capacity, limit.policy);
            }
        }
        Ok(parts)
    }
}

/// Keeps the first of several boxes with the same name.
fn drop_duplicates<A: Array>(boxes: &mut SmallVec<A>, name: impl Fn(&A::Item) -> &BoxName) {
    let mut index = 0;
    while index < boxes.len() {
        let (before, rest) = boxes.split_at(index);
        let is_duplicate = rest.first().is_some_and(|this| before.iter().any(|other| name(other) == name(this)));
        if is_duplicate {
            boxes.remove(index);
        } else {
            index += 1;
        }
    }
}

/// Checks settings against the description of their type.
pub(super) fn check_params(spec: &ComponentSpec, params: &BTreeMap<String, ParamValue>) -> Result<Params, GraphError> {
    Params::check(spec.params, params.iter().map(|(name, value)| (name.as_str(), value))).map_err(GraphError::Settings)
}
