//! Topology viewers: graphs of nodes and links, built by commands and laid out by springs.
//!
//! `command` parses lines, `graph` holds the nodes and links, `springs` moves the nodes, `viewer` is the component
//! behind all viewers, and `feed` is the socket of the servers. A viewer shows a `Surface::Graph`: plain data, drawn by
//! the application.

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
