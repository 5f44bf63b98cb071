//! TopologyViewerServer: a TopologyViewer that any number of programs may tell of graphs, over TCP.

use compose_runtime::dev::*;

use super::feed::{self, Address, Feed};
use super::topology_viewer::{PARTICLE_TYPES, types};
use super::viewer::{self, Viewer};
use crate::refuse::REJECTED;

/// The description.
pub static TOPOLOGY_VIEWER_SERVER: ComponentSpec = ComponentSpec {
    type_name: "TopologyViewerServer",
    category: Category::ShowAndAsk,
    summary: "Draws graphs that other programs tell of, over TCP",
    docs: "\
Listens on `serverPort` and takes lines of commands from any number of clients (at most 64 at once), as \
[TopologyViewer](TopologyViewer.md) does from its inbox. Every client has lines and ids of its own: the ids of the first stand \
on `outbox` as `1:id`, and its `DEL ALL` takes away what it has added itself. What arrives in `inbox` uses those longer ids \
and may change everything. Nothing is sent back to clients; answers come out of `outbox`. What a client has shown stays when \
it leaves, until the next one comes. The address, with the real port if 0 was asked, stands on the component.

When it is told to finish, or its input has ended, it listens no more and finishes with its last client. A port that is taken \
is a crash in words.

Example: `echo 'ADD NODE 1 one auto -' | nc 127.0.0.1 1500` draws a node.

**Differs from the original:** it listens on this machine only unless `host` is changed (0.0.0.0 means every network); lines \
and ids of two clients do not mix.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[feed::PORT, feed::HOST, PARTICLE_TYPES, viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
    has_surface: true,
    build: build::<TopologyViewerServer>,
    ..ComponentSpec::EMPTY
};

struct TopologyViewerServer {
    viewer: Viewer,
    address: Address,
}

impl Component for TopologyViewerServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { viewer: Viewer::new(params, types(params))?, address: Address::of(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let feed = Feed::open(&io, self.address).await?;
        self.viewer.run(&io, Some(feed)).await
    }
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
