//! TopologyPage: answers web requests with a page that shows the running graph.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::introspect::changes::TopologyView;
use compose_runtime::topology::LinkageDesc;
use quick_xml::escape::escape;

/// Maximum number of components, and of links, on a page.
const MOST: usize = 1_000;

/// Description of TopologyPage.
pub static TOPOLOGY_PAGE: ComponentSpec = ComponentSpec {
    type_name: "TopologyPage",
    category: Category::Network,
    summary: "Answers web requests with a page that shows the running graph",
    docs: "For each request (a map from HTTPServer) it sends one response (a map for HTTPServer) with a page that \
           lists the running components, each with its outgoing links. Components inside servers' connections are \
           included. The page reloads every two seconds. For very large systems it lists the first 1 000 components \
           and links.\n\n\
           Example: inside a SimpleServer, a Router sends requests for `/graph` from `HTTPServer.request` to this \
           component, which sends its response to `HTTPServer.response`.\n\n\
           New: the original has a viewer in its own window; Introspector sends the commands for it.",
    inboxes: &[BoxSpec::new("inbox", "Requests")],
    outboxes: &[BoxSpec::new("outbox", "Responses, one for each request").kinds(&[Kind::Map])],
    build: build::<TopologyPage>,
    ..ComponentSpec::EMPTY
};

struct TopologyPage;

impl Component for TopologyPage {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while io.recv("inbox").await.is_some() {
            // Revision 0 always returns the current topology.
            let Some(now) = io.topology_after(&mut 0).await? else { break };
            let response = Message::map([
                ("statuscode", 200.into()),
                ("type", "text/html; charset=utf-8".into()),
                ("body", page(&now).into()),
            ]);
            io.send("outbox", response).await;
        }
        Ok(())
    }
}

/// The page that shows a topology.
fn page(now: &TopologyView) -> String {
    let (components, links) = (now.components.len(), now.links.len());
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\">\
         <title>The running graph</title></head>\n<body><h1>The running graph</h1>\n\
         <p>{components} components, {links} links</p>\n<dl>\n"
    );
    let name = |addr: &BoxAddr| {
        let name = now.components.get(&addr.component).map_or("?", |shape| &*shape.name);
        escape(format!("{name}.{}", addr.name)).into_owned()
    };
    let mut links: BTreeMap<ComponentId, Vec<&LinkageDesc>> = BTreeMap::new();
    for link in now.links.iter().take(MOST) {
        links.entry(link.from.component).or_default().push(link);
    }
    for (id, shape) in now.components.iter().take(MOST) {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "<dt><b>{}</b></dt>", escape(&*shape.name));
        for link in links.get(id).into_iter().flatten() {
            let _ = writeln!(page, "<dd>{} &rarr; {}</dd>", name(&link.from), name(&link.to));
        }
    }
    page.push_str("</dl></body></html>\n");
    page
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn the_page_names_components_and_links_and_every_request_is_answered() {
        let mut rig = Rig::new(&TOPOLOGY_PAGE, &[]);
        rig.put("inbox", Message::map([("path", "/graph".into())]));
        rig.put("inbox", "again");
        rig.run();
        let pages = rig.texts("outbox");
        assert_eq!(pages.len(), 2);
        assert!(pages[0].contains("<b>subject</b>"), "{}", pages[0]);
        assert!(pages[0].contains("subject.outbox &rarr; outbox.inbox"), "{}", pages[0]);
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn markup_in_names_is_escaped() {
        let mut now = TopologyView::default();
        let shape = compose_runtime::introspect::changes::Shape { name: "<b>&".into(), ..Default::default() };
        now.components.insert(compose_runtime::ids::ComponentId(1), shape);
        assert!(page(&now).contains("<b>&lt;b&gt;&amp;</b>"));
    }
}
