//! TopologyViewer: draws a graph that is built by commands and laid out by springs.

use compose_runtime::dev::*;

use super::graph::Types;
use super::viewer::{self, Viewer};
use crate::refuse::REJECTED;

/// The accepted node types.
pub(super) const PARTICLE_TYPES: ParamSpec =
    ParamSpec::list("particleTypes", "Accepted node types, each in its own colour; empty accepts any type");

/// Description of TopologyViewer.
pub static TOPOLOGY_VIEWER: ComponentSpec = ComponentSpec {
    type_name: "TopologyViewer",
    category: Category::DisplayAndInput,
    summary: "Draws a graph that is built by commands and laid out by springs",
    docs: "\
Each list of words, and each line of text, is a command; `chunks_to_lines` cuts a stream into lines.

| command | effect |
|---|---|
| `ADD NODE id name position type` | adds a node; the position is `auto`, `randompos`, or two whole numbers as in `120,-40` |
| `DEL NODE id` | deletes a node and its links |
| `ADD LINK from to`, `DEL LINK from to` | adds or deletes a directed link between two ids |
| `DEL ALL` | deletes everything |
| `GET ALL` | sends `[\"TOPOLOGY\", […]]`: the commands that recreate the graph, with the current positions |
| `UPDATE_NAME NODE id name` | changes the label |
| `GET_NAME NODE id` | sends `[\"UPDATE_NAME\", \"NODE\", id, name]` |
| `FREEZE ALL`, `UNFREEZE ALL` | fixes the existing nodes where they are; lets the layout move them again |

On the Stage, a click on a node sends `[\"SELECT\", \"NODE\", id]`, a click on the background `[\"SELECT\", \"NODE\", \
nothing]`. A dragged node follows the pointer until it is released. If a line is not a valid command, or the command fails, \
the component sends `[\"ERROR\", text]`, shows the error on the console, sends the line to `rejected` unchanged, and \
continues with the next line.

The same commands give the same layout. The springs come to rest within two or three seconds; after that, nothing moves or \
is drawn until a command arrives. A graph has at most 10 000 nodes and 40 000 links. When its input ends, the component lets \
the layout come to rest, keeps the picture, and finishes.

Example: `ReadFileAdaptor` with *readmode* line → `TopologyViewer` draws a graph from a file.

**Differs from the original:** text needs no tokeniser before it; a second node with the same id and an unknown type are \
errors; the commands in `TOPOLOGY` can be sent again; `UNFREEZE ALL` works; other components keep running when it \
ends. Size, position, caption, grid and `alphacontrol` belong to the canvas.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[PARTICLE_TYPES, viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
    has_surface: true,
    build: build::<TopologyViewer>,
    ..ComponentSpec::EMPTY
};

struct TopologyViewer(Viewer);

/// The types in the setting.
pub(super) fn types(params: &Params) -> Types {
    Types::Plain(params.list("particleTypes").iter().map(ToString::to_string).collect())
}

impl Component for TopologyViewer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Viewer::new(params, types(params)).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        self.0.run(&io, None).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn the_initial_topology_is_a_setting_and_is_checked() {
        let initial = Message::list(["ADD NODE 1 one auto -".into(), Message::list(["del".into(), "all".into()])]);
        let mut rig = Rig::new(&TOPOLOGY_VIEWER, &[("initialTopology", initial)]);
        rig.put("inbox", "GET ALL");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["[\"TOPOLOGY\", [[\"DEL\", \"ALL\"]]]"]);
        assert_eq!(rig.state(), State::Finished);
        let wrong = Message::list(["ADD NODE".into()]);
        let params = Params::check(TOPOLOGY_VIEWER.params, [("initialTopology", &wrong)]).unwrap_or_default();
        let error = TopologyViewer::new(&params).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with("initialTopology: ADD NODE expects id, name, position and type"), "{error}");
    }

    #[test]
    fn only_the_types_in_the_setting_are_accepted() {
        let mut rig = Rig::new(&TOPOLOGY_VIEWER, &[("particleTypes", Message::list(["-".into()]))]);
        rig.put("inbox", "ADD NODE 1 one auto -\nADD NODE 2 two auto odd\n");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("rejected"), ["ADD NODE 2 two auto odd"]);
    }
}
