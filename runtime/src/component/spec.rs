//! ComponentSpec and BoxSpec: the description of a component type and of its boxes.
//!
//! Plain data that a `static` can hold. The palette, tooltips, inspector, checks and manual all use it, so they cannot
//! disagree.

use super::contract::Start;
use super::fault::Fault;
use crate::ids::Direction;
use crate::message::Kind;
use crate::params::{ParamError, ParamSpec, Params};
use crate::scheduler::component_core::Core;
use crate::topology::FullPolicy;

/// The category of a component in the palette, which also sets its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Generate messages.
    Sources,
    /// Parse, split and change text and values.
    Text,
    /// Select, split, join and slow down streams.
    Flow,
    /// Read and write files.
    Files,
    /// Use network connections.
    Network,
    /// Play, record and process sound and pictures.
    SoundAndPictures,
    /// Show something to the user or ask for input.
    DisplayAndInput,
    /// Contain other components.
    Chassis,
}

impl Category {
    /// Every category, in palette order.
    pub const ALL: [Self; 8] = [
        Self::Sources,
        Self::Text,
        Self::Flow,
        Self::Files,
        Self::Network,
        Self::SoundAndPictures,
        Self::DisplayAndInput,
        Self::Chassis,
    ];

    /// The heading in the palette.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sources => "Sources",
            Self::Text => "Text",
            Self::Flow => "Flow",
            Self::Files => "Files",
            Self::Network => "Network",
            Self::SoundAndPictures => "Sound and pictures",
            Self::DisplayAndInput => "Display and input",
            Self::Chassis => "Chassis",
        }
    }
}

/// The default capacity of an inbox: small, so that back-pressure is visible (R6).
pub const DEFAULT_CAPACITY: usize = 100;

/// Description of one box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxSpec {
    /// Its name.
    pub name: &'static str,
    /// One line of documentation.
    pub help: &'static str,
    /// The kinds of message that it accepts or sends; empty for any kind.
    pub kinds: &'static [Kind],
    /// How many messages an inbox can hold; `None` for no limit. Outboxes hold no messages.
    pub capacity: Option<usize>,
    /// What happens when an inbox is full.
    pub policy: FullPolicy,
    /// The component does not work unless this box has a link.
    pub is_needed: bool,
}

impl BoxSpec {
    /// A box for any kind of message, with the default capacity.
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kinds: &[], capacity: Some(DEFAULT_CAPACITY), policy: FullPolicy::Block, is_needed: false }
    }

    /// The same box, for these kinds of message only.
    #[must_use]
    pub const fn kinds(mut self, kinds: &'static [Kind]) -> Self {
        self.kinds = kinds;
        self
    }

    /// The same inbox with another capacity.
    #[must_use]
    pub const fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = Some(capacity);
        self
    }

    /// The same inbox with another policy.
    #[must_use]
    pub const fn policy(mut self, policy: FullPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The same inbox without a limit.
    #[must_use]
    pub const fn unbounded(mut self) -> Self {
        self.capacity = None;
        self
    }

    /// The same box, marked as needed: the component does not work unless it has a link. If a component has only one inbox or
    /// only one outbox, that box need not be marked.
    #[must_use]
    pub const fn needed(mut self) -> Self {
        self.is_needed = true;
        self
    }

    /// Whether this outbox can be linked to `sink`: they have a kind of message in common, or one of them accepts any kind.
    pub fn fits(&self, sink: &BoxSpec) -> bool {
        self.kinds.is_empty()
            || sink.kinds.is_empty()
            || self.kinds.iter().any(|kind| *kind == Kind::Any || sink.kinds.contains(kind))
            || sink.kinds.contains(&Kind::Any)
    }
}

/// The inbox for shutdown messages that every component has.
pub const CONTROL: BoxSpec = BoxSpec::new("control", "Shutdown messages: finish the waiting messages, or stop at once")
    .kinds(&[Kind::Control])
    .unbounded();

/// The outbox on which every component announces its end.
pub const SIGNAL: BoxSpec = BoxSpec::new("signal", "Announces the end of this component").kinds(&[Kind::Control]);

/// The hidden inbox in which a component with a surface receives user events.
pub const EVENTS: BoxSpec = BoxSpec::new(Core::EVENTS, "User events on the surface").unbounded();

/// The description of a component type. It does not list `control`, `signal` and the hidden inbox for user events.
#[derive(Debug, Clone, Copy)]
pub struct ComponentSpec {
    /// The name of the type in project files.
    pub type_name: &'static str,
    /// The category in the palette.
    pub category: Category,
    /// A one-line summary of the component.
    pub summary: &'static str,
    /// Further documentation in Markdown: special cases, an example, differences from the original. May be empty.
    pub docs: &'static str,
    /// Data inboxes.
    pub inboxes: &'static [BoxSpec],
    /// Data outboxes.
    pub outboxes: &'static [BoxSpec],
    /// Settings.
    pub params: &'static [ParamSpec],
    /// Returns the outboxes that depend on the settings, for example one per name; `None` if there are none.
    pub extra_outboxes: Option<fn(&Params) -> Vec<String>>,
    /// The same for inboxes. A component with such inboxes is not a pure source, even if `inboxes` is empty.
    pub extra_inboxes: Option<fn(&Params) -> Vec<String>>,
    /// Whether the component has a surface.
    pub has_surface: bool,
    /// Whether the component may send messages, or end, before it receives any.
    pub sends_first: SendsFirst,
    /// How the component is linked by names in its settings, if at all. If so, unlinked boxes are not reported.
    pub meets: &'static [Meeting],
    /// Makes a component from checked settings.
    pub build: BuildFn,
}

/// Whether a component may send messages, or end, before it receives any, because of outside events or its members.
/// Components without inboxes or with a surface always may.
#[derive(Debug, Clone, Copy)]
pub enum SendsFirst {
    /// It sends only after it has received a message.
    No,
    /// It may send first.
    Yes,
    /// It may send first if this setting is true.
    If(&'static str),
    /// It may send first if this function of its settings returns true.
    When(fn(&Params) -> bool),
}

/// Components that find each other by a name in their settings: one offers something under that name, others look it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// The thing offered, in one or two words, for example `service`.
    pub kind: &'static str,
    /// The setting that holds the name, or a list of names.
    pub param: &'static str,
    /// Whether the component offers something under the name; otherwise it looks the name up.
    pub offers: bool,
}

impl Meeting {
    /// The component offers something under the name in this setting.
    pub const fn offers(kind: &'static str, param: &'static str) -> Self {
        Self { kind, param, offers: true }
    }

    /// The component looks up the name in this setting.
    pub const fn seeks(kind: &'static str, param: &'static str) -> Self {
        Self { kind, param, offers: false }
    }
}

/// A component type lacks a required box.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{type_name} has no {} named {name}", direction.name())]
pub struct MissingBox {
    /// Name of the component type.
    pub type_name: &'static str,
    /// Inbox or outbox.
    pub direction: Direction,
    /// Name of the box.
    pub name: String,
}

/// Makes a component from checked settings.
pub type BuildFn = fn(&Params) -> Result<Box<dyn Start>, ParamError>;

impl ComponentSpec {
    /// A description without any optional part; use it as `..ComponentSpec::EMPTY`.
    pub const EMPTY: Self = Self {
        type_name: "",
        category: Category::Flow,
        summary: "",
        docs: "",
        inboxes: &[],
        outboxes: &[],
        params: &[],
        extra_outboxes: None,
        extra_inboxes: None,
        has_surface: false,
        sends_first: SendsFirst::No,
        meets: &[],
        build: build_nothing,
    };

    /// The description of a box, including `control`, `signal` and the inbox for user events.
    pub fn find_box(&self, direction: Direction, name: &str) -> Option<&BoxSpec> {
        match direction {
            Direction::Inbox => match name {
                "control" => Some(&CONTROL),
                Core::EVENTS if self.has_surface => Some(&EVENTS),
                _ => self.inboxes.iter().find(|spec| spec.name == name),
            },
            Direction::Outbox => match name {
                "signal" => Some(&SIGNAL),
                _ => self.outboxes.iter().find(|spec| spec.name == name),
            },
        }
    }

    /// Whether it has no data inbox for any settings.
    pub fn is_pure_source(&self) -> bool {
        self.inboxes.is_empty() && self.extra_inboxes.is_none()
    }

    /// Checks that it has at least these boxes; the error names the first missing one (CMP-12).
    pub fn check_interface(&self, inboxes: &[&str], outboxes: &[&str]) -> Result<(), MissingBox> {
        let wanted = inboxes.iter().map(|name| (Direction::Inbox, *name));
        let wanted = wanted.chain(outboxes.iter().map(|name| (Direction::Outbox, *name)));
        for (direction, name) in wanted {
            if self.find_box(direction, name).is_none() {
                return Err(MissingBox { type_name: self.type_name, direction, name: name.to_owned() });
            }
        }
        Ok(())
    }
}

fn build_nothing(_: &Params) -> Result<Box<dyn Start>, ParamError> {
    Err(ParamError::Other(
        Fault::new("this description has no build function; set `build` in its `ComponentSpec`").to_string(),
    ))
}
