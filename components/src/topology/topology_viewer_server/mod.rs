//! TopologyViewerServer: a TopologyViewer that accepts commands from any number of programs, over TCP.

use compose_runtime::dev::*;

use super::feed::{self, Address, Feed};
use super::topology_viewer::{PARTICLE_TYPES, types};
use super::viewer::{self, Viewer};
use crate::net::pump;
use crate::refuse::REJECTED;

/// Description of TopologyViewerServer.
pub static TOPOLOGY_VIEWER_SERVER: ComponentSpec = ComponentSpec {
    type_name: "TopologyViewerServer",
    category: Category::DisplayAndInput,
    summary: "Draws graphs from the commands of other programs, over TCP",
    docs: "\
Listens on `serverPort` and accepts lines of commands from any number of clients (at most 64 at once), as \
[TopologyViewer](TopologyViewer.md) does from its inbox. Each client has its own ids: the ids of the first client \
appear on `outbox` as `1:id`, and its `DEL ALL` deletes only its own nodes. Commands in `inbox` use these longer ids \
and may change everything. Nothing is sent back to clients; answers leave from `outbox`. The nodes of a client that \
has disconnected stay until the next client connects. The component shows its address, with the actual port if \
`serverPort` is 0.

When the component is asked to finish, or its input ends, it accepts no further clients and finishes when the last one \
has disconnected. If the port is already in use, the component crashes and names the port.

Example: `echo 'ADD NODE 1 one auto -' | nc 127.0.0.1 1500` draws a node.

**Differs from the original:** it listens only on this machine unless `host` is changed (0.0.0.0 means every \
interface); lines and ids of two clients do not mix.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[feed::PORT, pump::HOST, PARTICLE_TYPES, viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
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
mod tests;
