//! Graph: builds pipelines and graphlines in Rust, to run them or to use them as templates of a chassis.
//!
//! On the canvas, composites serve the same purpose. Invalid links are reported when the graph is built. Unknown types,
//! settings and boxes are reported when it starts.
//!
//! ```
//! use compose_components::chassis::{Graph, Part};
//! use compose_runtime::command::Step;
//! use compose_runtime::dev::Message;
//! use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
//!
//! let shout = Graph::pipeline(vec![
//!     Part::new("DataSource").with("messages", Message::list([Message::text("hello")])),
//!     Part::new("PureTransformer").with("function", "upper(msg)").limit(10),
//!     Part::new("ConsoleEchoer"),
//! ])?;
//! let (sender, receiver) = std::sync::mpsc::channel();
//! let mut config = SchedulerConfig::new(compose_components::registry());
//! config.console = Box::new(move |_, line| sender.send(line.to_owned()).unwrap());
//! let mut scheduler = Scheduler::new(config);
//! scheduler.reconfigure(1, Step::start_all(&shout.topology("shout", 1)));
//! assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
//! assert_eq!(receiver.try_iter().collect::<String>(), "HELLO");
//! # Ok::<(), compose_components::chassis::GraphError>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use compose_runtime::component::{ComponentSpec, FullPolicy};
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::message::Message;
use compose_runtime::template::Template;
use compose_runtime::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkageDesc, RestartPolicy, Topology};

/// One member of a graph: a component type with settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    type_name: String,
    params: BTreeMap<String, Message>,
    limits: BTreeMap<String, InboxLimit>,
}

impl Part {
    /// A component of this type with default settings.
    pub fn new(type_name: &str) -> Self {
        Self { type_name: type_name.to_owned(), params: BTreeMap::new(), limits: BTreeMap::new() }
    }

    /// Sets a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Message>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Limits the inbox to this many messages; when it is full, its senders wait (PIPE-8, GRAPH-14).
    #[must_use]
    pub fn limit(mut self, capacity: usize) -> Self {
        let limit = InboxLimit { capacity: Some(capacity), policy: FullPolicy::Block };
        self.limits.insert("inbox".to_owned(), limit);
        self
    }
}

/// Why a graph could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// A pipeline has no members.
    #[error("a pipeline needs at least one member")]
    Empty,
    /// Two members have the same name.
    #[error("two members are named {0}; rename one of them")]
    DuplicateMember(String),
    /// The text is not a valid link.
    #[error("{0:?} is not a valid link; write member.box -> member.box")]
    InvalidLink(String),
    /// A link names a member that does not exist.
    #[error("{link:?}: there is no member named {name}; use {known}, or self for the boxes of the graph")]
    NoSuchMember {
        /// The link.
        link: String,
        /// The name in it.
        name: String,
        /// The names of the members.
        known: String,
    },
    /// A link connects two boxes of the graph itself.
    #[error("{0:?} bypasses all members; link its two ends outside the graph")]
    Bypass(String),
    /// A link occurs twice.
    #[error("the link {0:?} occurs twice; remove one of them")]
    DuplicateLink(String),
}

/// Returns the description of a component type, if it is known.
pub(super) type FindSpec = fn(&str) -> Option<&'static ComponentSpec>;

/// A graph of components that acts as one component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    members: Vec<(String, Part)>,
    links: BTreeSet<(usize, LinkEnds)>,
    inboxes: BTreeSet<String>,
    outboxes: BTreeSet<String>,
}

/// Member and box at both ends; `None` is the graph itself.
type LinkEnds = ((Option<usize>, String), (Option<usize>, String));

impl Graph {
    /// A chain of members, closed into a ring if `is_circular`. `find` returns the description of a type, so that links
    /// to boxes that a member does not have can be left out.
    pub(super) fn chain(parts: Vec<Part>, is_circular: bool, find: FindSpec) -> Result<Self, GraphError> {
        let last = parts.len().checked_sub(1).ok_or(GraphError::Empty)?;
        let mut graph = Self::default();
        for part in parts {
            let name = part.type_name.clone();
            let count = graph.members.iter().filter(|(_, other)| other.type_name == name).count();
            graph.members.push((if count == 0 { name } else { format!("{name}{}", count + 1) }, part));
        }
        graph.join((None, "control"), (Some(0), "control"));
        graph.join_data(find, (None, "inbox"), (Some(0), "inbox"));
        for index in 0..last {
            graph.join_data(find, (Some(index), "outbox"), (Some(index + 1), "inbox"));
            graph.join((Some(index), "signal"), (Some(index + 1), "control"));
        }
        let end = if is_circular { (Some(0), "inbox") } else { (None, "outbox") };
        graph.join_data(find, (Some(last), "outbox"), end);
        graph.join((Some(last), "signal"), (None, "signal"));
        Ok(graph)
    }

    /// A graph of named members and links. Links are written as in a project file: `a.outbox -> b.inbox`, where `self`
    /// is the graph itself (GRAPH-1). The graph gets each box that a link names on `self` (GRAPH-4). An outbox can be
    /// linked to several inboxes (GRAPH-15). Unknown members (GRAPH-3) and links that bypass all members (GRAPH-7) are
    /// errors.
    pub fn graphline(members: &[(&str, Part)], links: &[&str]) -> Result<Self, GraphError> {
        let mut graph = Self::default();
        for (name, part) in members {
            if graph.members.iter().any(|(other, _)| other == name) {
                return Err(GraphError::DuplicateMember((*name).to_owned()));
            }
            graph.members.push(((*name).to_owned(), part.clone()));
        }
        for link in links {
            let (from, to) = link.split_once("->").ok_or_else(|| GraphError::InvalidLink((*link).to_owned()))?;
            let (from, to) = (graph.end(link, from)?, graph.end(link, to)?);
            if from.0.is_none() && to.0.is_none() {
                return Err(GraphError::Bypass((*link).to_owned()));
            }
            if graph.links.iter().any(|(_, ends)| (ends.0.0, &*ends.0.1) == from && (ends.1.0, &*ends.1.1) == to) {
                return Err(GraphError::DuplicateLink((*link).to_owned()));
            }
            graph.join(from, to);
        }
        Ok(graph)
    }

    fn end<'l>(&self, link: &str, end: &'l str) -> Result<(Option<usize>, &'l str), GraphError> {
        let invalid_link = || GraphError::InvalidLink(link.to_owned());
        let (name, box_name) = end.trim().rsplit_once('.').ok_or_else(invalid_link)?;
        if box_name.is_empty() {
            return Err(invalid_link());
        }
        if matches!(name, "" | "self") {
            return Ok((None, box_name));
        }
        let index = self.members.iter().position(|(member, _)| member == name);
        let index = index.ok_or_else(|| GraphError::NoSuchMember {
            link: link.to_owned(),
            name: name.to_owned(),
            known: self.members.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        Ok((Some(index), box_name))
    }

    /// Links data boxes, unless a member is known to lack its box; for example, a source has no inbox.
    fn join_data(&mut self, find: FindSpec, from: (Option<usize>, &str), to: (Option<usize>, &str)) {
        let has = |(index, name): (Option<usize>, &str), side| {
            let part = index.and_then(|index| self.members.get(index)).map(|(_, part)| &part.type_name);
            let spec = part.and_then(|part| find(part));
            spec.is_none_or(|spec| spec.find_box(side, name).is_some())
        };
        if has(from, Direction::Outbox) && has(to, Direction::Inbox) {
            self.join(from, to);
        }
    }

    fn join(&mut self, from: (Option<usize>, &str), to: (Option<usize>, &str)) {
        if from.0.is_none() && !matches!(from.1, "inbox" | "control") {
            self.inboxes.insert(from.1.to_owned());
        }
        if to.0.is_none() && !matches!(to.1, "outbox" | "signal") {
            self.outboxes.insert(to.1.to_owned());
        }
        let order = self.links.len();
        self.links.insert((order, ((from.0, from.1.to_owned()), (to.0, to.1.to_owned()))));
    }

    /// The graph as a template for a chassis.
    pub fn template(&self) -> Template {
        let id = |member: Option<usize>| member.map_or(Topology::OWNER, |index| ComponentId(1 + index as u64));
        let mut graph = Topology::default();
        let mut code = BTreeSet::new();
        for (index, (name, part)) in self.members.iter().enumerate() {
            let params = crate::library::find(&part.type_name).map_or(&[][..], |spec| spec.params);
            code.extend(
                params.iter().filter(|param| param.is_code()).map(|param| (id(Some(index)), param.name.to_owned())),
            );
            let desc = ComponentDesc {
                name: name.as_str().into(),
                body: ComponentBody::Leaf { type_name: part.type_name.as_str().into(), params: part.params.clone() },
                parent: None,
                restart: RestartPolicy::Never,
                limits: part.limits.clone(),
            };
            graph.components.insert(id(Some(index)), desc);
        }
        for (_, ((from, outlet), (to, inlet))) in &self.links {
            // Inside the graph, messages come from the graph's inboxes and go to its outboxes.
            let from_side = if from.is_none() { Direction::Inbox } else { Direction::Outbox };
            let to_side = if to.is_none() { Direction::Outbox } else { Direction::Inbox };
            graph.linkages.insert(LinkageDesc {
                from: BoxAddr { component: id(*from), direction: from_side, name: outlet.as_str().into() },
                to: BoxAddr { component: id(*to), direction: to_side, name: inlet.as_str().into() },
            });
        }
        Template {
            inboxes: self.inboxes.iter().cloned().collect(),
            outboxes: self.outboxes.iter().cloned().collect(),
            graph,
            values: BTreeMap::new(),
            code,
        }
    }

    /// The graph as components with this name, ready to run. Identities start at `first`, which is the identity of the
    /// graph as a whole. Start the components with [`compose_runtime::command::Step::start_all`]. Text of the form
    /// `"${name}"` in settings is not replaced.
    pub fn topology(&self, name: &str, first: u64) -> Topology {
        let template = self.template();
        let at = |id: ComponentId| if id == Topology::OWNER { ComponentId(first) } else { ComponentId(first + id.0) };
        let body = ComponentBody::Composite { inboxes: template.inboxes, outboxes: template.outboxes };
        let mut whole = Topology::default();
        let desc = |name: String, body, parent, limits| ComponentDesc {
            name: name.into(),
            body,
            parent,
            restart: RestartPolicy::Never,
            limits,
        };
        whole.components.insert(ComponentId(first), desc(name.to_owned(), body, None, BTreeMap::new()));
        for (id, member) in template.graph.components {
            let full = format!("{name}/{}", member.name);
            whole.components.insert(at(id), desc(full, member.body, Some(ComponentId(first)), member.limits));
        }
        let moved = |addr: BoxAddr| BoxAddr { component: at(addr.component), ..addr };
        let links = template.graph.linkages.into_iter();
        whole.linkages = links.map(|link| LinkageDesc { from: moved(link.from), to: moved(link.to) }).collect();
        whole
    }
}

#[cfg(test)]
mod tests;
