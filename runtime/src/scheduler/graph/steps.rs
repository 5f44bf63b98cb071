//! Steps: carries out the changes of a batch, in order (R12).

use super::Graph;
use super::error::GraphError;
use crate::command::{Step, StepOutcome};
use crate::ids::{ComponentId, Direction};
use crate::topology::{ComponentDesc, InboxLimit};

impl Graph {
    /// Carries out steps in order; `refused` is called with the error of each refused step. Call it between
    /// turns.
    pub fn apply_all(&mut self, batch: u64, steps: Vec<Step>, refused: &mut dyn FnMut(GraphError)) -> Vec<StepOutcome> {
        let mut outcomes = Vec::with_capacity(steps.len());
        for (index, step) in steps.into_iter().enumerate() {
            let component = component_of(&step);
            if !matches!(step, Step::Link { .. } | Step::Unlink { .. }) {
                self.postoffice.route_all(&self.table);
            }
            if !matches!(step, Step::Stop { .. }) {
                self.forget_turns();
            }
            let error = self.apply(step).err();
            let text = error.as_ref().map(|error| error.to_string().into());
            let outcome = StepOutcome { batch, step: index, component, error: text };
            if let Some(error) = error {
                self.failures.keep_step(outcome.clone());
                refused(error);
            }
            outcomes.push(outcome);
        }
        self.postoffice.route_all(&self.table);
        self.forget_turns();
        self.failures.set_last_batch(batch);
        outcomes
    }

    fn apply(&mut self, step: Step) -> Result<(), GraphError> {
        self.context.revision.increase();
        match step {
            Step::Start { id, desc } => self.start(id, desc),
            Step::Stop { id } => self.remove_later(id),
            Step::Restart { id, desc } => self.restart(id, desc),
            Step::Configure { id, params } => self.configure(id, params),
            Step::Describe { id, desc } => self.describe(id, desc),
            Step::Link { linkage } => {
                self.postoffice.link(&self.table, linkage, None)?;
                Ok(())
            }
            Step::Unlink { linkage } => {
                self.postoffice.unlink(&linkage);
                Ok(())
            }
            Step::Limit { inbox, limit } => self.limit(inbox.component, &inbox.name, limit),
            Step::SetTemplate { name, template } => {
                let mut templates = self.context.templates.borrow_mut();
                match template {
                    Some(template) => templates.insert(name, template),
                    None => templates.remove(&name),
                };
                Ok(())
            }
        }
    }

    /// Changes name, limits, composite and restart policy of a running component.
    fn describe(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), GraphError> {
        let core = self.table.core(id).cloned().ok_or(GraphError::NotRunning(id))?;
        self.rename(&core, desc.name);
        for (name, limit) in &desc.limits {
            self.limit(id, name, *limit)?;
        }
        self.move_member(core.slot(), desc.parent);
        if let Some(slot) = self.table.get_mut(core.slot()) {
            slot.restart = desc.restart;
            slot.want_limits(desc.limits);
        }
        Ok(())
    }

    fn limit(&mut self, id: ComponentId, name: &str, limit: InboxLimit) -> Result<(), GraphError> {
        let core = self.table.core(id).ok_or(GraphError::NotRunning(id))?;
        let inbox = core.boxes.inbox(name).ok_or_else(|| core.boxes.no_box(Direction::Inbox, name))?;
        inbox.set_limit(&self.context.run_queue, limit);
        Ok(())
    }
}

fn component_of(step: &Step) -> Option<ComponentId> {
    match step {
        Step::Start { id, .. }
        | Step::Stop { id }
        | Step::Restart { id, .. }
        | Step::Configure { id, .. }
        | Step::Describe { id, .. } => Some(*id),
        Step::Link { linkage } | Step::Unlink { linkage } => Some(linkage.from.component),
        Step::Limit { inbox, .. } => Some(inbox.component),
        Step::SetTemplate { .. } => None,
    }
}
