//! Sockets, on the reactor's thread behind `io.outside`.

pub mod broken_network;
pub mod chunking;
pub(crate) mod datagram;
pub mod fortune;
pub mod framing;
pub mod multicast;
pub mod pump;
pub mod recover_order;
pub mod server_task;
pub mod single_server;
pub mod tcp_client;
pub mod udp;
