//! ComponentSpec and BoxSpec: the description every component carries.
//!
//! Plain data that a `static` can hold. It feeds the palette, tooltips, inspector, checks and manual, so they cannot
//! disagree.

use std::borrow::Cow;

use super::contract::Start;
use super::fault::Fault;
use crate::ids::Direction;
use crate::message::Kind;
use crate::params::{ParamError, ParamSpec, Params};
use crate::topology::FullPolicy;

/// Where a component stands in the palette; also its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Where messages begin.
    Sources,
    /// Reading, cutting and changing text and values.
    Text,
    /// Choosing, splitting, joining, slowing.
    Flow,
    /// Reading and writing files.
    Files,
    /// Sockets.
    Network,
    /// Sound and pictures.
    SoundAndPictures,
    /// What the user sees and presses.
    ShowAndAsk,
    /// Components that hold components.
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
        Self::ShowAndAsk,
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
            Self::ShowAndAsk => "Show and ask",
            Self::Chassis => "Chassis",
        }
    }
}

/// Capacity of an inbox that says nothing else: small, so that pressure is seen (R6).
pub const DEFAULT_CAPACITY: usize = 100;

/// Description of one box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxSpec {
    /// Its name.
    pub name: &'static str,
    /// One line of documentation.
    pub help: &'static str,
    /// The kinds of message it takes or gives; empty means any.
    pub kinds: &'static [Kind],
    /// How many messages an inbox holds; `None` for no limit (outboxes hold nothing).
    pub capacity: Option<usize>,
    /// What happens when an inbox is full.
    pub policy: FullPolicy,
    /// Without a link here the component does not do its work, whatever else is linked.
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

    /// The same box, without which the component does not do its work. One alone is needed in any case.
    #[must_use]
    pub const fn needed(mut self) -> Self {
        self.is_needed = true;
        self
    }

    /// Whether a box giving these kinds can feed a box taking those. Unknown kinds get the benefit of the doubt.
    pub fn fits(&self, sink: &BoxSpec) -> bool {
        self.kinds.is_empty()
            || sink.kinds.is_empty()
            || self.kinds.iter().any(|kind| *kind == Kind::Any || sink.kinds.contains(kind))
            || sink.kinds.contains(&Kind::Any)
    }
}

/// The inbox for shutdown messages that every component has.
pub const CONTROL: BoxSpec =
    BoxSpec::new("control", "Shutdown messages: finish what is waiting, or stop").kinds(&[Kind::Control]).unbounded();

/// The outbox on which every component announces its end.
pub const SIGNAL: BoxSpec = BoxSpec::new("signal", "Announces the end of this component").kinds(&[Kind::Control]);

/// The hidden inbox on which a component with a surface gets the user's presses and lines.
pub const EVENTS: BoxSpec = BoxSpec::new("_events", "What the user did on the surface").unbounded();

/// Description of a type of component. `control`, `signal` and the hidden event box are not listed: they always exist.
#[derive(Debug, Clone, Copy)]
pub struct ComponentSpec {
    /// The name used in project files.
    pub type_name: &'static str,
    /// Where it stands in the palette.
    pub category: Category,
    /// One line: what it does.
    pub summary: &'static str,
    /// The rest of its documentation, in Markdown: behaviour at the edges, an example, where it differs from the
    /// original. May be empty.
    pub docs: &'static str,
    /// Data inboxes.
    pub inboxes: &'static [BoxSpec],
    /// Data outboxes.
    pub outboxes: &'static [BoxSpec],
    /// Settings.
    pub params: &'static [ParamSpec],
    /// Boxes that depend on the settings, for example one outbox per name; `None` for most.
    pub extra_outboxes: Option<fn(&Params) -> Vec<String>>,
    /// The same for inboxes. A component that has them is no pure source, even if `inboxes` is empty.
    pub extra_inboxes: Option<fn(&Params) -> Vec<String>>,
    /// Whether it shows or asks something.
    pub has_surface: bool,
    /// Whether it may send something, or end, before it has heard anything.
    pub speaks_first: SpeaksFirst,
    /// How it is linked by names in its settings, if it is. Then loose boxes mean nothing.
    pub meets: &'static [Meeting],
    /// Makes one, from checked settings.
    pub build: BuildFn,
}

/// Whether a component may send something, or end, before it has heard anything: because of the world or its members. One
/// without inboxes and one with a surface may in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeaksFirst {
    /// It only answers.
    No,
    /// It may.
    Yes,
    /// It does if this setting is true.
    If(&'static str),
}

/// Two components that find each other by a name in their settings: one offers something under it, the other looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// What is offered, in one or two words.
    pub place: &'static str,
    /// The setting with the name, or a list of names.
    pub param: &'static str,
    /// It offers; otherwise it looks for somebody who does.
    pub offers: bool,
}

impl Meeting {
    /// It offers something under the name in this setting.
    pub const fn offers(place: &'static str, param: &'static str) -> Self {
        Self { place, param, offers: true }
    }

    /// It looks for what somebody offers under the name in this setting.
    pub const fn seeks(place: &'static str, param: &'static str) -> Self {
        Self { place, param, offers: false }
    }
}

/// A type of component lacks a box that somebody counts on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{type_name} has no {} named {name}", direction.word())]
pub struct MissingBox {
    /// The type.
    pub type_name: &'static str,
    /// Inbox or outbox.
    pub direction: Direction,
    /// Name of the box.
    pub name: String,
}

/// Makes a component from checked settings.
pub type BuildFn = fn(&Params) -> Result<Box<dyn Start>, ParamError>;

impl ComponentSpec {
    /// A description with everything optional left out; use as `..ComponentSpec::EMPTY`.
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
        speaks_first: SpeaksFirst::No,
        meets: &[],
        build: build_nothing,
    };

    /// The description of a box by name, `control`, `signal` and the event box included.
    pub fn find_box(&self, direction: Direction, name: &str) -> Option<&BoxSpec> {
        match direction {
            Direction::Inbox => match name {
                "control" => Some(&CONTROL),
                "_events" if self.has_surface => Some(&EVENTS),
                _ => self.inboxes.iter().find(|spec| spec.name == name),
            },
            Direction::Outbox => match name {
                "signal" => Some(&SIGNAL),
                _ => self.outboxes.iter().find(|spec| spec.name == name),
            },
        }
    }

    /// Whether it has no data inbox, whatever its settings.
    pub fn is_pure_source(&self) -> bool {
        self.inboxes.is_empty() && self.extra_inboxes.is_none()
    }

    /// Whether it has at least these boxes; if not, the first that is missing (CMP-12).
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

    /// Names of all data outboxes for these settings, declared ones first.
    pub fn outbox_names(&self, params: &Params) -> impl Iterator<Item = Cow<'static, str>> {
        let extra = self.extra_outboxes.map(|extra| extra(params)).unwrap_or_default();
        self.outboxes.iter().map(|spec| Cow::Borrowed(spec.name)).chain(extra.into_iter().map(Cow::Owned))
    }
}

fn build_nothing(_: &Params) -> Result<Box<dyn Start>, ParamError> {
    Err(ParamError::Other(Fault::new("this description has no component behind it").to_string()))
}
