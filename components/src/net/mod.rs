//! Sockets, on the reactor's thread behind `io.outside`.

pub mod broken_network;
pub mod pump;
pub mod server_task;
pub mod single_server;
pub mod tcp_client;
