//! Observing: taps on linkages, and the names of routes in the trace.

use std::rc::Rc;

use super::{Directory, Postoffice};
use crate::delivery::box_set::BoxSet;
use crate::delivery::route::Route;
use crate::ids::{BoxAddr, ComponentId};
use crate::topology::LinkageDesc;

impl Postoffice {
    /// Starts or stops keeping copies of the last messages of a link.
    pub fn tap(&mut self, directory: &impl Directory, desc: &LinkageDesc, on: bool) {
        let Some(link) = self.by_desc.get(desc).and_then(|id| self.links.get_mut(id)) else { return };
        link.tapped = on;
        let id = link.id;
        for from in self.outboxes_behind(vec![desc.from.clone()]) {
            let Some(boxes) = directory.boxes(from.component) else { continue };
            boxes.with_outbox(&from.name, |outbox| {
                for route in outbox.routes().iter().filter(|route| route.path.contains(&id)) {
                    route.set_tapped(self.is_tapped(route));
                }
            });
        }
    }

    /// Whether a link of this route is tapped.
    pub(super) fn is_tapped(&self, route: &Route) -> bool {
        route.path.iter().any(|id| self.links.get(id).is_some_and(|link| link.tapped))
    }

    /// Updates the names in the trace after a component was renamed.
    pub fn renamed(&self, directory: &impl Directory, id: ComponentId) {
        let Some(renamed) = directory.boxes(id).filter(|_| self.traced) else { return };
        let own: Vec<BoxAddr> =
            renamed.outboxes.borrow().iter().map(|outbox| BoxAddr::outbox(id, outbox.name.text())).collect();
        let inboxes: Vec<BoxAddr> =
            renamed.inboxes.borrow().iter().map(|inbox| BoxAddr::inbox(id, inbox.name.text())).collect();
        let sources = self.outboxes_behind(inboxes);
        for from in own.into_iter().chain(sources) {
            let Some(boxes) = directory.boxes(from.component) else { continue };
            boxes.with_outbox(&from.name, |outbox| {
                for route in outbox.routes() {
                    self.name_route(directory, boxes, &from, route);
                }
            });
        }
    }

    /// Sets the names of a route in the trace.
    pub(super) fn name_route(&self, directory: &impl Directory, boxes: &BoxSet, from: &BoxAddr, route: &Rc<Route>) {
        if !self.traced {
            return;
        }
        let sink = directory.boxes(route.sink.owner.id).map(|boxes| boxes.name.borrow().clone()).unwrap_or_default();
        let names =
            (format!("{}.{}", boxes.name.borrow(), from.name).into(), format!("{sink}.{}", &*route.sink.name).into());
        route.set_traced(names);
    }
}
