//! Web components: HTTP clients and servers, and WebSocket.

mod chunked;
mod client;
mod files;
mod head;
mod load_generator;
mod protocol;
mod response_meter;
mod session_example;
mod single_shot;
mod topology_page;
mod websocket;
mod websocket_client;
mod websocket_server;

pub use client::SIMPLE_HTTP_CLIENT;
pub use files::MINIMAL;
pub use load_generator::LOAD_GENERATOR;
pub use protocol::HTTP_SERVER;
pub use response_meter::RESPONSE_METER;
pub use session_example::SESSION_EXAMPLE;
pub use single_shot::SINGLE_SHOT_HTTP_CLIENT;
pub use topology_page::TOPOLOGY_PAGE;
pub use websocket_client::WEB_SOCKET_CLIENT;
pub use websocket_server::WEB_SOCKET_SERVER;
