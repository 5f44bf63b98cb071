//! Granting: the requests of components, carried out at a safe point (R12).

use std::sync::Arc;

use super::Graph;
use super::error::GraphError;
use crate::component::Fault;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::scheduler::request::{Answer, Ask};
use crate::topology::Template;

impl Graph {
    /// Carries out one request. Requests for the topology are answered by the scheduler, because they need a snapshot; it also
    /// raises the revision of the topology. Call [`Self::end_granting`] after the last one.
    pub fn grant(&mut self, owner: ComponentId, ask: Ask) -> Result<Answer, Fault> {
        if !ask.ignores_routes() {
            self.postoffice.route_all(&self.table);
        }
        match ask {
            Ask::Link { linkage, or_linked } => {
                if !(or_linked && self.postoffice.contains(&linkage)) {
                    self.postoffice.link(&self.table, linkage, Some(owner)).map_err(Fault::caused_by)?;
                }
            }
            Ask::Unlink(linkage) => self.postoffice.unlink_one_of(owner, &linkage),
            Ask::UnlinkComponent(other) => self.postoffice.unlink_between(owner, other),
            Ask::Start { children, specs, fate, template } => {
                if template.is_some() && self.ends_instead(owner) {
                    return Ok(Answer::Done);
                }
                let depth = template.map_or(Ok(0), |template| self.nesting(owner, &template))?;
                let started = self.start_children(owner, children, specs, fate)?;
                if depth > 0
                    && let Some(instance) = started.get(&Template::INSTANCE)
                {
                    self.table.note_instance(*instance, depth);
                }
                return Ok(Answer::Started(started));
            }
            Ask::Adopt(child) => self.adopt(owner, child)?,
            Ask::Disown { child, forgives } => self.disown(owner, child, forgives),
            Ask::Stop(id) => self.stop(id).map_err(GraphError::into_fault)?,
            Ask::Pause(id, pause) => self.pause_component(id, pause),
            Ask::DeleteBox(direction, name) => self.delete_box(owner, direction, &name)?,
            Ask::Control(id, message) => {
                self.put(&BoxAddr::inbox(id, "control"), &message);
            }
            Ask::Faults(id) => return Ok(Answer::Faults(self.faults_in(id))),
            Ask::ControlMembers(message) => self.control_members(owner, &message),
            Ask::Vanish => self.remove(owner).map_err(GraphError::into_fault)?,
            Ask::Nothing | Ask::Topology { .. } => {}
        }
        Ok(Answer::Done)
    }

    /// Makes the routes for all requests that were carried out. Messages now use the new links instead of the old ones.
    pub fn end_granting(&mut self) {
        self.postoffice.route_all(&self.table);
    }

    fn delete_box(&mut self, owner: ComponentId, direction: Direction, name: &Arc<str>) -> Result<(), Fault> {
        let addr = BoxAddr { component: owner, direction, name: name.clone() };
        let Some(core) = self.table.core(owner).cloned() else { return Ok(()) };
        if &**name == "control" && direction == Direction::Inbox
            || &**name == "signal" && direction == Direction::Outbox
        {
            return Err(Fault::new(format!("{name} cannot be deleted, because every component has it")));
        }
        self.postoffice.unlink_box(&self.table, &addr);
        core.delete_box(direction, name)?;
        self.table.note_events(core.slot());
        Ok(())
    }
}
