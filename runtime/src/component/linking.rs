//! Linking: links that a component makes and removes itself (LINK-3, LINK-4, LINK-16 to LINK-18).
//!
//! Such a link belongs to the component that made it, and is removed when that component is removed or restarted. It
//! stays when the component ends, so that the end of the stream reaches the receiver (R9).

use std::future::poll_fn;
use std::task::Poll;

use super::io::Service;
use super::{BoxIo, Fault};
use crate::ids::{BoxAddr, ComponentId};
use crate::scheduler::request::{Answer, Ask};
use crate::topology::LinkageDesc;

impl BoxIo {
    /// Sends a request to the scheduler and waits for the answer, which comes at the next safe point.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answer, Fault> {
        let reply = self.core.context.requests.push(&self.core.boxes.wake_state, ask);
        poll_fn(|_| match reply.borrow_mut().take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                self.wait_for_other("the next safe point");
                Poll::Pending
            }
        })
        .await
    }

    /// Sends requests whose answers do not matter, and waits until all are carried out, at the next safe point. Without
    /// requests, it does not wait.
    pub(crate) async fn ask_all(&self, asks: impl IntoIterator<Item = Ask>) {
        let mut is_empty = true;
        for ask in asks {
            is_empty = false;
            self.core.context.requests.push(&self.core.boxes.wake_state, ask);
        }
        if !is_empty {
            self.sync().await;
        }
    }

    /// Waits for the next safe point.
    pub async fn sync(&self) {
        // This request is never refused.
        let _ = self.ask(Ask::Nothing).await;
    }

    /// Links any two boxes, its own or those of other components (LINK-4); the kind of link follows from the two boxes.
    /// Returns a description of the link, which [`BoxIo::unlink`] takes (LINK-3).
    ///
    /// # Errors
    /// The linkage cannot be made; the cause is a [`LinkError`](crate::topology::LinkError).
    pub async fn link(&self, from: BoxAddr, to: BoxAddr) -> Result<LinkageDesc, Fault> {
        let linkage = LinkageDesc { from, to };
        self.ask(Ask::Link { linkage: linkage.clone(), or_linked: false }).await?;
        Ok(linkage)
    }

    /// Removes a link that this component made. No effect on any other link (LINK-16).
    pub async fn unlink(&self, linkage: LinkageDesc) {
        // Unlinking is never refused.
        let _ = self.ask(Ask::Unlink(linkage)).await;
    }

    /// Removes the links that this component made to or from another component (LINK-17).
    pub async fn unlink_component(&self, id: ComponentId) {
        // Unlinking is never refused.
        let _ = self.ask(Ask::UnlinkComponent(id)).await;
    }

    /// Links one of its outboxes to an inbox service, at the next safe point. No effect if they are already linked.
    ///
    /// # Errors
    /// There is no such outbox, or the service no longer exists; the cause is a [`LinkError`](crate::topology::LinkError).
    pub async fn link_to(&self, outbox: &str, service: &Service) -> Result<(), Fault> {
        self.link_service(BoxAddr::outbox(self.id(), outbox), service.target.clone()).await
    }

    /// Links an outbox service to one of its inboxes, at the next safe point.
    ///
    /// # Errors
    /// As for [`BoxIo::link_to`].
    pub async fn link_from(&self, service: &Service, inbox: &str) -> Result<(), Fault> {
        self.link_service(service.target.clone(), BoxAddr::inbox(self.id(), inbox)).await
    }

    async fn link_service(&self, from: BoxAddr, to: BoxAddr) -> Result<(), Fault> {
        self.ask(Ask::Link { linkage: LinkageDesc { from, to }, or_linked: true }).await.map(|_| ())
    }
}
