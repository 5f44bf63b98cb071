//! Children: components that a component starts, watches and stops (CMP-6 to CMP-11, YIELD-2).
//!
//! The scheduler carries out these requests at the next safe point, and the calls wait for it. A child has its first
//! turn in the following pass. The end of a child wakes its parent (WAKE-6), which can query its outcome (FAIL-7).

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::{BoxIo, ComponentSpec, Fate, Fault, Outcome};
use crate::delivery::wake_state::EndRequest;
use crate::ids::ComponentId;
use crate::params::ParamValue;
use crate::scheduler::request::{Answer, Ask, ErasedSpec};
use crate::topology::{ComponentBody, ComponentDesc, RestartPolicy, Topology};

impl BoxIo {
    /// Starts one component as a child, under the name `<own name>/<name>`. Its type need not be registered; if a type
    /// with the same name is registered, the registered type is used.
    ///
    /// # Errors
    /// The settings are invalid. Then nothing is started.
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
        let started = self.start_graph(children, vec![spec], fate).await?;
        started.get(&local).copied().ok_or_else(|| Fault::new("the child was not started"))
    }

    /// Starts a graph of registered types below this component: all of it, or nothing. Identities in `children` are local;
    /// [`Topology::OWNER`] stands for this component. Components without a parent become children of this component. Returns
    /// the real identities, by local identity.
    ///
    /// # Errors
    /// A type is unknown, settings are invalid, or a linkage cannot be made; in the last case, the cause is a
    /// [`LinkError`](crate::topology::LinkError). Then nothing is started.
    pub async fn start_children(
        &self,
        children: Topology,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        self.start_graph(children, Vec::new(), fate).await
    }

    /// The same as [`BoxIo::start_children`], for types that need not be registered.
    ///
    /// # Errors
    /// As for [`BoxIo::start_children`].
    pub async fn start_graph(
        &self,
        children: Topology,
        specs: Vec<&'static ComponentSpec>,
        fate: Fate,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        self.start_as(children, specs, fate, None).await
    }

    /// The same, for an instance of a template.
    pub(super) async fn start_as(
        &self,
        children: Topology,
        specs: Vec<&'static ComponentSpec>,
        fate: Fate,
        template: Option<Arc<str>>,
    ) -> Result<BTreeMap<ComponentId, ComponentId>, Fault> {
        let specs = specs.into_iter().map(|spec| -> ErasedSpec { spec }).collect();
        match self.ask(Ask::Start { children, specs, fate, template }).await? {
            Answer::Started(ids) => Ok(ids),
            Answer::Done | Answer::Topology(..) | Answer::Faults(_) | Answer::Over => Ok(BTreeMap::new()),
        }
    }

    /// Adopts a component that another component started: its end is reported to this component, and nothing else
    /// changes. No effect if it is already a child.
    ///
    /// # Errors
    /// There is no such component.
    pub async fn adopt(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Adopt(id)).await.map(|_| ())
    }

    /// Removes a child from the list of children, and the links that this component made to it (CMP-8). If this component
    /// started the child and the child has ended, the child itself is removed too. A running child continues.
    ///
    /// # Errors
    /// None at present. If `id` is not a child, this does nothing.
    pub async fn remove_child(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Disown { child: id, forgives: false }).await.map(|_| ())
    }

    /// The same as [`BoxIo::remove_child`], for several children at once.
    pub async fn remove_children(&self, ids: &[ComponentId]) {
        self.ask_all(ids.iter().map(|id| Ask::Disown { child: *id, forgives: false })).await;
    }

    /// The same as [`BoxIo::remove_child`]; in addition, crashes of the child and of components inside it no longer count as
    /// failures of the run.
    ///
    /// # Errors
    /// None at present, as for [`BoxIo::remove_child`].
    pub async fn discard_child(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Disown { child: id, forgives: true }).await.map(|_| ())
    }

    /// Stops a component at once: its code is dropped and its end sequence runs (MP-11 to MP-13). The members of a composite
    /// are stopped with it. No effect if the component has ended.
    ///
    /// # Errors
    /// There is no such component.
    pub async fn stop(&self, id: ComponentId) -> Result<(), Fault> {
        self.ask(Ask::Stop(id)).await.map(|_| ())
    }

    /// Pauses another component (true) or wakes it (false), as the user can.
    ///
    /// # Errors
    /// None at present. If the component has ended or does not exist, this does nothing.
    pub async fn set_paused(&self, id: ComponentId, paused: bool) -> Result<(), Fault> {
        self.ask(Ask::Pause(id, paused)).await.map(|_| ())
    }

    /// The children in order of adoption, including those that have ended and are not removed yet (CMP-9).
    pub fn children(&self) -> Vec<ComponentId> {
        self.core.children.borrow().iter().map(|record| record.id).collect()
    }

    /// How a child ended; `None` while it runs, or if it is not a child.
    pub fn child_outcome(&self, id: ComponentId) -> Option<Outcome> {
        self.core.children.borrow().iter().find(|record| record.id == id).and_then(|record| record.end.clone())
    }

    /// Waits for the next child to end, and returns its outcome. Each end is reported once. `None` when no child is running, or
    /// when this component was asked to shut down.
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
            let all_have_ended = children.iter().all(|record| record.end.is_some());
            if all_have_ended || self.core.end_request() == EndRequest::Shutdown {
                return Poll::Ready(None);
            }
            drop(children);
            self.wait_for_other("a child to end");
            Poll::Pending
        })
        .await
    }
}

/// The description of a leaf component, with defaults for everything else.
pub(crate) fn leaf(name: &str, spec: &'static ComponentSpec, params: BTreeMap<String, ParamValue>) -> ComponentDesc {
    ComponentDesc {
        name: name.into(),
        body: ComponentBody::Leaf { type_name: spec.type_name.into(), params },
        parent: None,
        restart: RestartPolicy::Never,
        limits: BTreeMap::new(),
    }
}
