//! Graphs of different shapes and any size, as documents.

use compose_app::document::{Document, EditCommand, Node, NodeId, Wire};

/// A shape: its name, how many components its largest graph has, and a function that builds a graph with that many
/// components.
pub struct Shape {
    pub name: &'static str,
    pub largest: u64,
    pub build: fn(u64) -> Document,
}

/// The shapes whose growth is measured.
pub const SHAPES: &[Shape] = &[
    Shape { name: "star", largest: 20_000, build: star },
    Shape { name: "chain", largest: 20_000, build: chain },
    Shape { name: "grid", largest: 20_000, build: grid },
    Shape { name: "into_one", largest: 5000, build: into_one },
    Shape { name: "out_of_one", largest: 5000, build: out_of_one },
    Shape { name: "nested", largest: 5000, build: nested },
    Shape { name: "templates", largest: 2000, build: templates },
];

/// Composites inside each other, as deep as a document allows.
const DEPTH: u64 = 20;

/// A document under construction.
#[derive(Default)]
struct Builder {
    document: Document,
    commands: Vec<EditCommand>,
}

impl Builder {
    fn add(&mut self, node: Node) -> NodeId {
        let id = node.id;
        self.commands.push(EditCommand::AddNode { node });
        id
    }

    /// Adds a component; its name is unique.
    fn leaf(&mut self, type_name: &str) -> NodeId {
        let id = self.document.fresh_id();
        self.add(Node::leaf(id, format!("c{}", id.0), type_name))
    }

    fn source(&mut self) -> NodeId {
        let id = self.document.fresh_id();
        self.add(Node::leaf(id, format!("c{}", id.0), "OneShot").param("msg", 1))
    }

    fn composite(&mut self, scope: Option<NodeId>) -> NodeId {
        let id = self.document.fresh_id();
        self.add(Node::composite(id, format!("c{}", id.0)).inside(scope))
    }

    fn link(&mut self, from: NodeId, to: NodeId) {
        self.commands.push(EditCommand::Connect { wire: Wire::data(from, "outbox", to, "inbox") });
    }

    fn finish(mut self) -> Document {
        self.document.apply(EditCommand::batch("Build", self.commands)).expect("the document is valid");
        self.document
    }
}

/// One source to all, and all to one sink.
fn star(count: u64) -> Document {
    let mut builder = Builder::default();
    let (source, sink) = (builder.source(), builder.leaf("NullSink"));
    for _ in 0..count {
        let middle = builder.leaf("PassThrough");
        builder.link(source, middle);
        builder.link(middle, sink);
    }
    builder.finish()
}

/// One after the other.
pub fn chain(count: u64) -> Document {
    let mut builder = Builder::default();
    let mut last = builder.source();
    for _ in 0..count {
        let next = builder.leaf("PassThrough");
        builder.link(last, next);
        last = next;
    }
    builder.finish()
}

/// A square; each component sends to its right neighbour, and those in the first column also to the one below.
fn grid(count: u64) -> Document {
    let mut builder = Builder::default();
    let columns = (count as f64).sqrt() as usize;
    let mut above = None;
    for _ in 0..columns {
        let first = if above.is_some() { builder.leaf("PassThrough") } else { builder.source() };
        if let Some(above) = above {
            builder.link(above, first);
        }
        let mut last = first;
        for _ in 1..columns {
            let next = builder.leaf("PassThrough");
            builder.link(last, next);
            last = next;
        }
        above = Some(first);
    }
    builder.finish()
}

/// Many sources into one inbox.
fn into_one(count: u64) -> Document {
    let mut builder = Builder::default();
    let sink = builder.leaf("NullSink");
    for _ in 0..count {
        let source = builder.source();
        builder.link(source, sink);
    }
    builder.finish()
}

/// One outbox to many inboxes.
fn out_of_one(count: u64) -> Document {
    let mut builder = Builder::default();
    let source = builder.source();
    for _ in 0..count {
        let sink = builder.leaf("NullSink");
        builder.link(source, sink);
    }
    builder.finish()
}

/// Towers of composites inside each other.
fn nested(count: u64) -> Document {
    let mut builder = Builder::default();
    for _ in 0..count / DEPTH {
        let mut scope = None;
        for _ in 0..DEPTH - 1 {
            scope = Some(builder.composite(scope));
        }
        let id = builder.document.fresh_id();
        builder.add(Node::leaf(id, "inner", "PassThrough").inside(scope));
    }
    builder.finish()
}

/// Many templates, each with one component.
fn templates(count: u64) -> Document {
    let mut builder = Builder::default();
    builder.source();
    for _ in 0..count {
        let template = builder.composite(None);
        builder.commands.push(EditCommand::SetTemplate { id: template, is_template: true });
        let id = builder.document.fresh_id();
        builder.add(Node::leaf(id, "inner", "PassThrough").inside(Some(template)));
    }
    builder.finish()
}
