//! Sockets, on the reactor's thread behind `io.outside`.

mod broken_network;
pub mod chunking;
pub(crate) mod datagram;
pub mod duplicate;
pub mod echo_protocol;
pub mod fortune_cookie_protocol;
pub mod framing;
pub mod multicast;
pub mod pump;
pub mod recover_order;
pub mod reorder;
pub mod server_task;
pub mod single_server;
pub mod tcp_client;
pub mod throwaway;
pub mod udp;
