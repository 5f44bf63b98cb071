//! ProcessPipeline: a pipeline of components in a child process.
//!
//! What is here runs in the child, on the scheduler there; the runtime's proxy stands for it in the parent (PROC-8).

use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, Direction};
use compose_runtime::process::{ProcessComponent, build_process};
use compose_runtime::template::{Instance, Template};
use compose_runtime::topology::{LinkageDesc, Topology};

use super::graph::{Graph, Part};
use super::orders::Orders;
use super::{retire, serve};

/// The description.
pub static PROCESS_PIPELINE: ComponentSpec = ComponentSpec {
    type_name: "ProcessPipeline",
    category: Category::Chassis,
    summary: "Runs a pipeline of components in a process of its own",
    docs: "\
`components` lists the members: each entry is the name of a component, or a map whose `type` is the name and whose other \
entries are its settings. `inbox` is that of the first, what the last sends comes out of `outbox`. They run in a child \
process: on a core of their own, and what takes that process down takes down nothing else. The child ends with this \
component, and a child that dies is a crash of this component, as is a crash of one of its members.

Messages keep their order, and a slow member makes its senders wait as always. What a member shows is not seen here. Values \
that the tracker knows, such as the names of back-planes, are not shared with the child.

Example: `[{\"type\": \"Grep\", \"pattern\": \"cat\"}, \"Sort\"]` reads, chooses and sorts beside the rest of the system.

**Differs from the original:** the members share one process, and nothing is dropped or reordered.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the first member")],
    outboxes: &[BoxSpec::new("outbox", "What the last member sends")],
    params: &[ParamSpec::list("components", "The members: names, or maps with type and settings").required()],
    speaks_first: SpeaksFirst::Yes,
    build: build_process::<ProcessPipeline>,
    ..ComponentSpec::EMPTY
};

struct ProcessPipeline {
    graph: Graph,
}

impl ProcessComponent for ProcessPipeline {
    const TYPE_NAME: &'static str = "ProcessPipeline";
}

impl Component for ProcessPipeline {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let parts: Result<Vec<Part>, ParamError> = params.list("components").iter().map(part).collect();
        let refused = |error: super::GraphError| ParamError::Other(format!("components: {error}"));
        Ok(Self { graph: Graph::pipeline(parts?).map_err(refused)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut children = self
            .graph
            .template()
            .instance("pipeline", &[].into())
            .map_err(|missing| Fault::new(missing.to_string()))?;
        let own = |direction, name: &str| BoxAddr { component: Topology::OWNER, direction, name: name.into() };
        let inner = |direction, name: &str| BoxAddr { component: Template::INSTANCE, direction, name: name.into() };
        for (direction, name) in [(Direction::Inbox, "inbox"), (Direction::Outbox, "outbox")] {
            let (outer, inner) = (own(direction, name), inner(direction, name));
            let (from, to) = if direction == Direction::Inbox { (outer, inner) } else { (inner, outer) };
            children.linkages.insert(LinkageDesc { from, to });
        }
        let given = io.start_children(children, Fate::EndsWithOwner).await?;
        let Some(id) = given.get(&Template::INSTANCE).copied() else { return Ok(()) };
        let pipeline = Instance { id, name: "pipeline".into() };
        serve(&io, &Orders::default(), &pipeline).await;
        // Told once: as the end of this component.
        match retire(&io, &pipeline, true).await {
            Some(words) => Err(Fault::new(words)),
            None => Ok(()),
        }
    }
}

/// One entry of the list, its settings checked here, before there is a child.
fn part(entry: &Message) -> Result<Part, ParamError> {
    let (name, settings) = match entry {
        Message::Text(name) => (Some(&**name), Vec::new()),
        Message::Map(map) => {
            let settings = map.iter().filter(|(key, _)| *key != "type").map(|(key, value)| (key.as_str(), value));
            (map.get("type").and_then(Message::as_text), settings.collect())
        }
        _ => (None, Vec::new()),
    };
    let refuse = |words: String| ParamError::Other(format!("components: {words}"));
    let name = name.ok_or_else(|| {
        refuse(format!("{} is neither the name of a component nor a map with its type", entry.label(40)))
    })?;
    let spec = crate::BUILTINS.iter().find(|spec| spec.type_name == name);
    let spec = spec.ok_or_else(|| refuse(format!("there is no component {name}; take one of the palette")))?;
    Params::check(spec.params, settings.iter().map(|(key, value)| (*key, *value))).map_err(|errors| {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        refuse(format!("{name}: {}", words.join("; ")))
    })?;
    Ok(settings.into_iter().fold(Part::new(name), |part, (key, value)| part.with(key, value.clone())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refusal(entries: &[Message]) -> String {
        let list = Message::list(entries.iter().cloned());
        let params = Params::check(PROCESS_PIPELINE.params, [("components", &list)]).unwrap();
        match (PROCESS_PIPELINE.build)(&params) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn mistakes_in_the_list_are_found_before_there_is_a_child() {
        let grep = Message::map([("type", Message::text("Grep")), ("pattern", "cat".into())]);
        assert_eq!(refusal(&[grep, "Sort".into()]), "");
        for (entry, words) in [
            (Message::Int(7), "7 is neither the name of a component"),
            ("Nonsense".into(), "there is no component Nonsense"),
            (
                Message::map([("type", Message::text("Grep")), ("colour", "red".into())]),
                "Grep: there is no setting colour",
            ),
        ] {
            let said = refusal(&[entry]);
            assert!(said.contains(words), "{said}");
        }
        assert!(refusal(&[]).contains("a pipeline needs at least one member"));
    }
}
