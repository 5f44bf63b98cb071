//! AxonVisualiser: shows a running system as a graph of components, boxes and links.

use compose_runtime::dev::*;

use super::graph::Types;
use super::viewer::{self, Viewer};
use crate::refuse::REJECTED;

/// Description of AxonVisualiser.
pub static AXON_VISUALISER: ComponentSpec = ComponentSpec {
    type_name: "AxonVisualiser",
    category: Category::DisplayAndInput,
    summary: "Draws a running system from the commands of an Introspector",
    docs: "\
A TopologyViewer for the commands of an Introspector, with nodes of the types *component*, *inbox* and *outbox*. A \
grey line connects a box to its component. A link from outbox to inbox is green, a passthrough link (inbox to inbox, \
outbox to outbox) orange; both have an arrow. Labels show the last part of a name. The full name of the node selected \
on the Stage is shown beside it.

Commands, answers, errors and shutdown are those of [TopologyViewer](TopologyViewer.md).

Example: `Introspector` → `AxonVisualiser` is a program that displays its own graph.

**Differs from the original** in the same ways as TopologyViewer.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
    has_surface: true,
    build: build::<AxonVisualiser>,
    ..ComponentSpec::EMPTY
};

struct AxonVisualiser(Viewer);

impl Component for AxonVisualiser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Viewer::new(params, Types::Axon).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        self.0.run(&io, None).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::ids::{BoxAddr, ComponentId};
    use compose_runtime::introspect::changes::{Shape, TopologyView};
    use compose_runtime::introspect::introspector::Introspector;
    use compose_runtime::testing::Rig;
    use compose_runtime::topology::LinkageDesc;

    use super::*;

    #[test]
    fn commands_of_an_introspector_are_understood_for_any_names() {
        let shape =
            |name: &str| Shape { name: name.into(), inboxes: vec!["inbox".into()], outboxes: vec!["outbox".into()] };
        let mut now = TopologyView::default();
        now.components.extend([(ComponentId(1), shape("a \"b\" \\ c")), (ComponentId(2), shape("server/1/echo"))]);
        let from = BoxAddr::outbox(ComponentId(1), "outbox");
        now.links.insert(LinkageDesc { from, to: BoxAddr::inbox(ComponentId(2), "inbox") });
        let mut introspector = Introspector::default();
        let mut rig = Rig::new(&AXON_VISUALISER, &[]);
        rig.put("inbox", "DEL ALL\n");
        rig.put("inbox", introspector.update(&now).unwrap_or_default());
        rig.run();
        let Some(Surface::Graph { nodes, links, .. }) = rig.surface() else { panic!("no graph") };
        let names: Vec<&str> = nodes.iter().map(|node| &*node.name).collect();
        assert_eq!(names, ["a \"b\" \\ c", "server/1/echo", "inbox", "outbox", "inbox", "outbox"]);
        let kinds = |kind| links.iter().filter(|link| link.kind == kind).count();
        assert_eq!((kinds(GraphLinkKind::Belongs), kinds(GraphLinkKind::Data)), (4, 1));
        rig.put("inbox", introspector.update(&TopologyView::default()).unwrap_or_default());
        rig.finish();
        rig.run();
        assert!(matches!(rig.surface(), Some(Surface::Graph { nodes, .. }) if nodes.is_empty()));
        assert_eq!((rig.texts("rejected"), rig.console()), (Vec::new(), Vec::new()));
    }
}
