//! AxonVisualiserServer: an AxonVisualiser for the introspectors of other programs, over TCP.

use compose_runtime::dev::*;

use super::feed::{self, Address, Feed};
use super::graph::Types;
use super::viewer::{self, Viewer};
use crate::net::pump;
use crate::refuse::REJECTED;

/// Description of AxonVisualiserServer.
pub static AXON_VISUALISER_SERVER: ComponentSpec = ComponentSpec {
    type_name: "AxonVisualiserServer",
    category: Category::DisplayAndInput,
    summary: "Draws running systems whose Introspectors connect over TCP",
    docs: "\
An [AxonVisualiser](AxonVisualiser.md) with the socket of [TopologyViewerServer](TopologyViewerServer.md). It shows \
several programs side by side.

Example: `Introspector` → `TCPClient` with port 1500 in one program, AxonVisualiserServer in another.

**Differs from the original** in the same ways as TopologyViewerServer. A program that displays its own graph needs no \
socket: link its Introspector to an AxonVisualiser.",
    inboxes: &[viewer::INBOX],
    outboxes: &[viewer::OUTBOX, REJECTED],
    params: &[feed::PORT, pump::HOST, viewer::INITIAL, viewer::BOND, viewer::CYCLES, viewer::SEED],
    has_surface: true,
    build: build::<AxonVisualiserServer>,
    ..ComponentSpec::EMPTY
};

struct AxonVisualiserServer {
    viewer: Viewer,
    address: Address,
}

impl Component for AxonVisualiserServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { viewer: Viewer::new(params, Types::Axon)?, address: Address::of(params)? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let feed = Feed::open(&io, self.address).await?;
        self.viewer.run(&io, Some(feed)).await
    }
}
