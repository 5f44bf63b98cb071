//! Children: components that a component starts, watches and stops (CMP-6 to CMP-11, YIELD-2).
//!
//! Everything asked here is done at the next safe point; the calls wait for it. A child has its first turn in the pass
//! after that. The end of a child wakes its parent (WAKE-6), which can ask how it ended (FAIL-7).

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::Poll;

use super::{BoxIo, ComponentSpec, Fate, Fault, Outcome};
use crate::delivery::wake_state::EndRequest;
use crate::ids::ComponentId;
use crate::params::ParamValue;
use crate::scheduler::request::{Answer, Ask, ErasedSpec};
use crate::topology::{ComponentBody, ComponentDesc, RestartPolicy, Topology};

impl BoxIo {
    /// Starts one component as a child, under the name `<own name>/<name>`; its type need not be registered; if
    /// another of the same name is, that is the one that counts.
    ///
    /// # Errors
    /// The settings are refused. Then nothing is started.
    pub async fn spawn(
        &self,
        name: &str,
        spec: &'static ComponentSpec,
        params: BTreeMap<String, ParamValue>,
        fate: Fate,
    ) -> Result<ComponentId, Fault> {
        let local = ComponentId(0);
        let desc = leaf(name, spec, params);
        let children = Topology { components: [(local, desc)].into(), ..Topology::default() };
        let given = self.start_graph(children, vec![spec], fate).await?;
        given.get(&local).copied().ok_or_else(|| Fault::new("the child was not started"))
    }

    /// Starts a whole graph of registered types below this component: all of it, or nothing. Identities in `children` are
    /// local to it; [`Topology::OWNER`] stands for this component. Those without a parent become its children. Gives the
    /// real identities by local ones.
    ///
    /// # Errors
    /// A type is unknown, settings are refused, or a linkage cannot be made; the cause of the last is a
    /// [`LinkError`](crate::topology::LinkError). Then nothing is started.
    pub async fn start_children(
        &self,
        children: Topology,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        self.start_graph(children, Vec::new(), fate).await
    }

    /// The same, with types that need not be registered.
    ///
    /// # Errors
    /// As for [`BoxIo::start_children`].
    pub async fn start_graph(
        &self,
        children: Topology,
        specs: Vec<&'static ComponentSpec>,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        let specs = specs.into_iter().map(|spec| -> ErasedSpec { spec }).collect();
        match self.ask(Ask::Start { children, specs, fate }).await? {
            Answer::Started(given) => Ok(given),
            _ => Ok(BTreeMap::new()),
        }
    }

    /// Takes a component that somebody else started for a child: its end is told here, nothing else changes. Once is
    /// enough; a second time has no effect.
    ///
    /// # Errors
    /// There is no such component.
    pub async fn adopt(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Adopt(id)).await.map(|_| ())
    }

    /// Strikes a child off the list and removes the links this component made to it (CMP-8). One that it started and that
    /// has ended is forgotten altogether; one that is going runs on.
    ///
    /// # Errors
    /// Nothing is refused: one that is no child, or has gone, is struck off already.
    pub async fn remove_child(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Disown { child: id, forgives: false }).await.map(|_| ())
    }

    /// The same, and crashes of the child and inside of it count as dealt with: the run has not failed for them.
    ///
    /// # Errors
    /// Nothing is refused, as for [`BoxIo::remove_child`].
    pub async fn discard_child(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Disown { child: id, forgives: true }).await.map(|_| ())
    }

    /// Stops a component, whatever it is doing: its code is dropped and the end sequence runs once (MP-11 to MP-13). The
    /// members of a composite are stopped with it. Stopping what has ended does nothing.
    ///
    /// # Errors
    /// There is no such component.
    pub async fn stop(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Stop(id)).await.map(|_| ())
    }

    /// Pauses another component (true) or wakes it (false), as the user can.
    ///
    /// # Errors
    /// Nothing is refused: one that has gone or ended cannot be paused and stays as it is.
    pub async fn set_paused(&self, id: ComponentId, paused: bool) -> Result<(), Fault> {
        self.ask(Ask::Pause(id, paused)).await.map(|_| ())
    }

    /// The children, ended ones included until they are removed, in order of adoption (CMP-9).
    pub fn children(&self) -> Vec<ComponentId> {
        self.core.children.borrow().iter().map(|record| record.id).collect()
    }

    /// How a child ended; `None` while it is going, or if it is no child.
    pub fn child_outcome(&self, id: ComponentId) -> Option<Outcome> {
        self.core.children.borrow().iter().find(|record| record.id == id).and_then(|record| record.end.clone())
    }

    /// The next child to end, each once, and how; `None` when no child is going, or this component was shut down.
    pub async fn child_ended(&self) -> Option<(ComponentId, Outcome)> {
        poll_fn(|_| {
            let mut children = self.core.children.borrow_mut();
            for record in children.iter_mut() {
                if let Some(outcome) = record.end.clone()
                    && !record.is_reported
                {
                    record.is_reported = true;
                    return Poll::Ready(Some((record.id, outcome)));
                }
            }
            let none_is_going = children.iter().all(|record| record.end.is_some());
            if none_is_going || self.core.end_request() == EndRequest::Shutdown {
                return Poll::Ready(None);
            }
            drop(children);
            self.wait_for_other("a child to end");
            Poll::Pending
        })
        .await
    }
}

/// A child of this type, with nothing special about it.
pub(crate) fn leaf(name: &str, spec: &'static ComponentSpec, params: BTreeMap<String, ParamValue>) -> ComponentDesc {
    ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: spec.type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    }
}
