//! ProcessPipeline: a pipeline of components in a child process.
//!
//! This code runs in the child process, on the scheduler of that process. In the parent, a proxy in the runtime takes
//! its place (PROC-8).

use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, Direction};
use compose_runtime::process::{ProcessComponent, build_process};
use compose_runtime::template::{Instance, Template};
use compose_runtime::topology::{LinkageDesc, Topology};

use super::graph::{Graph, Part};
use super::orders::Orders;
use super::{retire, serve};

/// Description of ProcessPipeline.
pub static PROCESS_PIPELINE: ComponentSpec = ComponentSpec {
    type_name: "ProcessPipeline",
    category: Category::Chassis,
    summary: "Runs a pipeline of components in a separate process",
    docs: "\
`components` lists the members. Each entry is the name of a component, or a map whose `type` is the name and whose \
other entries are the settings. `inbox` leads to the first member, and the output of the last member is sent on \
`outbox`. The members run in a child process, so they can use another core, and if that process dies, the rest of the \
system is not affected. The child process ends with this component. If the child process dies or one of the members \
crashes, this component crashes.

Messages keep their order, and a slow member makes its senders wait as usual. The window does not show the displays of \
the members. Entries of the tracker, such as the names of backplanes, are not shared with the child process.

Example: `[{\"type\": \"Grep\", \"pattern\": \"cat\"}, \"Sort\"]` filters and sorts lines in parallel with the rest of \
the system.

**Differs from the original:** the members share one process, and no message is dropped or reordered.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the first member")],
    outboxes: &[BoxSpec::new("outbox", "Messages from the last member")],
    params: &[ParamSpec::list("components", "The members: names, or maps with type and settings").required()],
    sends_first: SendsFirst::Yes,
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
        let parts: Result<Vec<Part>, ParamError> = params.list("components").iter().zip(1..).map(part).collect();
        let invalid = |error: super::GraphError| ParamError::Other(format!("components: {error}"));
        Ok(Self { graph: Graph::chain(parts?, false, crate::library::find).map_err(invalid)? })
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
        // A crash is reported once, as the crash of this component.
        match retire(&io, &pipeline, true).await {
            Some(error) => Err(Fault::new(error)),
            None => Ok(()),
        }
    }
}

/// Parses one entry of the list and checks its settings, before the child process exists.
fn part((entry, number): (&Message, usize)) -> Result<Part, ParamError> {
    let (name, settings) = match entry {
        Message::Text(name) => (Some(&**name), Vec::new()),
        Message::Map(map) => {
            let settings = map.iter().filter(|(key, _)| *key != "type").map(|(key, value)| (key.as_str(), value));
            (map.get("type").and_then(Message::as_text), settings.collect())
        }
        _ => (None, Vec::new()),
    };
    let invalid = |error: String| ParamError::Other(format!("components: {error}"));
    let name = name.ok_or_else(|| {
        invalid(format!("{} is neither the name of a component nor a map with a type", entry.label(40)))
    })?;
    let spec = crate::library::find(name);
    let spec =
        spec.ok_or_else(|| invalid(format!("there is no component named {name}; choose one from the palette")))?;
    let refused = |why: String| invalid(format!("member {number}, {name}: {why}"));
    let params = Params::check(spec.params, settings.iter().map(|(key, value)| (*key, *value))).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        refused(errors.join("; "))
    })?;
    spec.create(&params).map_err(|error| refused(error.to_string()))?;
    Ok(settings.into_iter().fold(Part::new(name), |part, (key, value)| part.with(key, value.clone())))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rejection(entries: &[Message]) -> String {
        let list = Message::list(entries.iter().cloned());
        // Registers the components that the list can name.
        crate::registry();
        let params = Params::check(PROCESS_PIPELINE.params, [("components", &list)]).unwrap();
        match (PROCESS_PIPELINE.build)(&params) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn errors_in_the_list_are_found_before_the_child_process_starts() {
        let grep = Message::map([("type", Message::text("Grep")), ("pattern", "cat".into())]);
        assert_eq!(rejection(&[grep, "Sort".into()]), "");
        for (entry, expected) in [
            (Message::Int(7), "7 is neither the name of a component"),
            ("Nonsense".into(), "there is no component named Nonsense"),
            (
                Message::map([("type", Message::text("Grep")), ("colour", "red".into())]),
                "member 1, Grep: there is no setting colour",
            ),
            (Message::map([("type", Message::text("Grep")), ("pattern", "(".into())]), "member 1, Grep: pattern: "),
        ] {
            let error = rejection(&[entry]);
            assert!(error.contains(expected), "{error}");
        }
        assert!(rejection(&[]).contains("a pipeline needs at least one member"));
    }
}
