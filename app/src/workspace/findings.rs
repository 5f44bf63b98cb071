//! Findings: the problems of the document and its file, and those of the running system, in one list.
//!
//! The document is checked once per revision; crashed components come from the snapshot.

use compose_runtime::introspect::snapshot::{RunState, State};
use compose_runtime::introspect::stall_watch::Sign;
use compose_runtime::registry::Registry;

use crate::document::{NodeId, Place, Problem, Severity};
use crate::live::LiveView;
use crate::project::Project;
use crate::wording::upper_first;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it prevents a part from running. Otherwise it is a hint.
    pub is_grave: bool,
    /// What is wrong: a sentence without a full stop.
    pub text: String,
    /// What to do about it; may be empty.
    pub remedy: String,
    /// Where it is, as text; may be empty.
    pub at: String,
    /// The part to show.
    pub place: Option<Place>,
}

/// The number of grave findings.
pub fn grave_count(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.is_grave).count()
}

/// The list, and the parts it is made of.
#[derive(Debug, Default)]
pub struct Findings {
    of_file: Vec<Problem>,
    revision: Option<u64>,
    of_document: Vec<Finding>,
    faults: Vec<Finding>,
    shown: Vec<Finding>,
}

impl Findings {
    /// Clears the list and adds the problems of a newly opened file.
    pub fn restart(&mut self, of_file: Vec<Problem>) {
        *self = Self { of_file, ..Self::default() };
    }

    /// Updates the list.
    pub fn update(&mut self, project: &Project, registry: &Registry, live: &LiveView) {
        let faults = faults(live);
        let revision = project.document.revision();
        if self.revision == Some(revision) && self.faults == faults {
            return;
        }
        if self.revision != Some(revision) {
            self.revision = Some(revision);
            let checked = project.check(registry);
            let all = self.of_file.iter().chain(&checked);
            self.of_document = all.map(|problem| finding(problem, project)).collect();
        }
        self.faults = faults;
        self.shown = self.faults.iter().chain(&self.of_document).cloned().collect();
    }

    /// The list, crashed components first.
    pub fn shown(&self) -> &[Finding] {
        &self.shown
    }
}

fn faults(live: &LiveView) -> Vec<Finding> {
    let Some(snapshot) = live.snapshot.as_ref().filter(|_| live.is_running()) else { return Vec::new() };
    let mut faults: Vec<Finding> = snapshot
        .components
        .iter()
        .filter_map(|component| match &component.state {
            State::Crashed(text) => Some(Finding {
                is_grave: true,
                text: format!("{} crashed: {text}", component.name),
                remedy: "Correct its input or its settings, then restart it in the inspector.".to_owned(),
                at: component.name.to_string(),
                place: Some(Place::Node(NodeId::from(component.id))),
            }),
            _ => None,
        })
        .collect();
    if let RunState::Stalled(text) = &snapshot.run {
        faults.push(Finding {
            is_grave: false,
            text: upper_first(text),
            remedy: "Send a message to an inbox, or change a link so that a component receives a message.".to_owned(),
            at: String::new(),
            place: None,
        });
    }
    faults.extend(live.signs().iter().map(sign));
    faults
}

/// A finding for a sign, which is a hint.
fn sign(sign: &Sign) -> Finding {
    let remedy = match sign {
        Sign::Starves { .. } => {
            "Make the busy components do less per turn, or raise the limit of the inbox it waits for."
        }
        Sign::Grows { .. } => "Give the inbox a limit, slow down its senders, or make this component faster.",
        Sign::Slowest { .. } => "To speed up the system, make this component faster or run several instances of it.",
    };
    Finding {
        is_grave: false,
        text: sign.text().to_owned(),
        remedy: remedy.to_owned(),
        at: String::new(),
        place: Some(Place::Node(NodeId::from(sign.component()))),
    }
}

fn finding(problem: &Problem, project: &Project) -> Finding {
    Finding {
        is_grave: problem.severity == Severity::Error,
        text: upper_first(&problem.message),
        remedy: upper_first(&problem.remedy),
        at: problem.place_text(&project.document).replace("->", "→"),
        place: problem.place.is_on_canvas().then(|| problem.place.clone()),
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::ids::{BoxAddr, ComponentId};

    use super::*;

    #[test]
    fn a_sign_gives_a_hint_that_leads_to_its_component() {
        let text = "slow.inbox keeps growing".to_owned();
        let found = sign(&Sign::Grows { inbox: BoxAddr::inbox(ComponentId(7), "inbox"), text: text.clone() });
        assert_eq!((found.is_grave, found.text), (false, text));
        assert_eq!(found.place, Some(Place::Node(NodeId(7))));
        assert!(found.remedy.contains("limit"), "{}", found.remedy);
    }
}
