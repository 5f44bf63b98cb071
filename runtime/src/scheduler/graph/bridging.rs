//! Bridging: the scheduler's side of a bridge to another scheduler, one small component at each end.

use std::rc::Rc;

use smallvec::smallvec;

use super::Graph;
use super::error::GraphError;
use super::parts::Parts;
use crate::component::bridge::{Inward, Outward};
use crate::component::spec::DEFAULT_CAPACITY;
use crate::component::{FullPolicy, Start};
use crate::contain::Contained;
use crate::ids::{BoxAddr, ComponentId};
use crate::params::Params;
use crate::topology::{ComponentBody, ComponentDesc, LinkageDesc, RestartPolicy};

impl Graph {
    /// Starts the component that sends messages to another scheduler, and links the outbox `from` to it.
    pub(crate) fn bridge_out(
        &mut self,
        name: String,
        from: &BoxAddr,
        side: Outward,
    ) -> Result<ComponentId, GraphError> {
        let id = self.start_bridge(name, Box::new(side))?;
        self.link_bridge(LinkageDesc { from: from.clone(), to: BoxAddr::inbox(id, "inbox") }, id)
    }

    /// Starts the component that receives messages from another scheduler, and links it to the inbox `to`.
    pub(crate) fn bridge_in(&mut self, name: String, to: &BoxAddr, side: Inward) -> Result<ComponentId, GraphError> {
        let id = self.start_bridge(name, Box::new(side))?;
        self.link_bridge(LinkageDesc { from: BoxAddr::outbox(id, "outbox"), to: to.clone() }, id)
    }

    fn start_bridge(&mut self, name: String, start: Box<dyn Start>) -> Result<ComponentId, GraphError> {
        let id = self.own_id();
        let desc = ComponentDesc {
            name: name.into(),
            body: ComponentBody::Leaf { type_name: "Bridge".into(), params: [].into() },
            parent: None,
            restart: RestartPolicy::Never,
            limits: [].into(),
        };
        let parts = Parts {
            spec: None,
            params: Rc::new(Params::default()),
            start: Contained::new(start),
            inboxes: smallvec![
                ("inbox".into(), Some(DEFAULT_CAPACITY), FullPolicy::Block),
                ("control".into(), None, FullPolicy::Block),
            ],
            outboxes: smallvec!["outbox".into(), "signal".into()],
        };
        self.start_parts(id, desc, parts)?;
        Ok(id)
    }

    fn link_bridge(&mut self, linkage: LinkageDesc, id: ComponentId) -> Result<ComponentId, GraphError> {
        if let Err(error) = self.postoffice.link(&self.table, linkage, None) {
            self.take_out(id);
            return Err(error.into());
        }
        self.postoffice.route_all(&self.table);
        Ok(id)
    }
}
