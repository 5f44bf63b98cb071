//! TopologyViewer: a graph that is told of by commands, drawn while its springs settle.

use compose_runtime::dev::*;

use super::graph::Types;
use super::viewer::{self, Viewer};
use crate::refuse::REJECTED;

/// Types of node that are taken.
pub(super) const PARTICLE_TYPES: ParamSpec =
    ParamSpec::list("particleTypes", "Types of node that are taken, each in its own colour; empty takes any word");

/// The description.
pub static TOPOLOGY_VIEWER: ComponentSpec = ComponentSpec {
    type_name: "TopologyViewer",
    category: Category::ShowAndAsk,
    summary: "Draws a graph that it is told of, laid out by springs",
    docs: "\
Each list of words, or each line of a text, is a command; `chunks_to_lines` before it makes lines of a stream.

| command | what it does |
|---|---|
| `ADD NODE id name place type` | a new node; the place is `auto`, `randompos`, or two whole numbers as in `120,-40` |
| `DEL NODE id` | takes a node away, with its links |
| `ADD LINK from to`, `DEL LINK from to` | makes a directed link of two ids, or takes it away |
| `DEL ALL` | takes everything away |
| `GET ALL` | emits `[\"TOPOLOGY\", […]]`: the commands that lead here, with the places where nodes are now |
| `UPDATE_NAME NODE id name` | another label |
| `GET_NAME NODE id` | emits `[\"UPDATE_NAME\", \"NODE\", id, name]` |
| `FREEZE ALL`, `UNFREEZE ALL` | those who are there stay where they are; the layout resumes |

On the Stage a click on a node emits `[\"SELECT\", \"NODE\", id]`, one beside all nodes `[\"SELECT\", \"NODE\", nothing]`; a node \
that is dragged stays in the hand until it is let go. A line that is no command, or cannot be carried out, emits \
`[\"ERROR\", words]`, is said on the console, and goes to `rejected` unchanged; what comes after it is carried out.

The same commands lead to the same picture. The springs come to rest in two or three seconds, and then nothing moves or is \
drawn again until something arrives. At most 10 000 nodes and 40 000 links. When its input has ended the picture settles and \
stays, and it finishes.

Example: `ReadFileAdaptor` with *readmode* line → `TopologyViewer` draws a graph that is written in a file.

**Differs from the original:** text needs no tokeniser before it; a second node of one id and an unknown type are errors; \
`TOPOLOGY` can be told again; `UNFREEZE ALL` works; it ends nothing but itself. Size, place, caption, grid and `alphacontrol` \
belong to the canvas.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[PARTICLE_TYPES, viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
    has_surface: true,
    build: build::<TopologyViewer>,
    ..ComponentSpec::EMPTY
};

struct TopologyViewer(Viewer);

/// The types of the setting, checked.
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
    fn what_a_graph_begins_with_is_a_setting_and_is_checked() {
        let initial = Message::list(["ADD NODE 1 one auto -".into(), Message::list(["del".into(), "all".into()])]);
        let mut rig = Rig::new(&TOPOLOGY_VIEWER, &[("initialTopology", initial)]);
        rig.put("inbox", "GET ALL");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("outbox"), ["[\"TOPOLOGY\", [[\"DEL\", \"ALL\"]]]"]);
        assert_eq!(rig.state(), State::Finished);
        let wrong = Message::list(["ADD NODE".into()]);
        let params = Params::check(TOPOLOGY_VIEWER.params, [("initialTopology", &wrong)]).unwrap_or_default();
        let words = TopologyViewer::new(&params).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(words.starts_with("initialTopology: ADD NODE wants id, name, place and type"), "{words}");
    }

    #[test]
    fn only_the_types_of_the_setting_are_taken() {
        let mut rig = Rig::new(&TOPOLOGY_VIEWER, &[("particleTypes", Message::list(["-".into()]))]);
        rig.put("inbox", "ADD NODE 1 one auto -\nADD NODE 2 two auto odd\n");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("rejected"), ["ADD NODE 2 two auto odd"]);
    }
}
