//! Viewers of topologies: graphs of nodes and links that are told of by commands, and find their places by springs.
//!
//! `command` reads lines, `graph` holds what was told, `springs` moves it, `viewer` is the component behind all of them,
//! `feed` the socket of the servers. What is seen is a `Surface::Graph`: plain data, painted by the application.

mod axon_visualiser;
mod axon_visualiser_server;
mod command;
mod feed;
mod graph;
mod springs;
mod topology_viewer;
mod topology_viewer_server;
mod viewer;

pub use axon_visualiser::AXON_VISUALISER;
pub use axon_visualiser_server::AXON_VISUALISER_SERVER;
pub use topology_viewer::TOPOLOGY_VIEWER;
pub use topology_viewer_server::TOPOLOGY_VIEWER_SERVER;
