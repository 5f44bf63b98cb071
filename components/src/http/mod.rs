//! Web components: HTTP clients and servers, and WebSocket.

mod calendar;
mod chunked;
mod conditional;
mod conversation;
mod file_response;
mod http_server;
mod load_generator;
mod media_type;
mod minimal;
mod range;
mod request_head;
mod request_reader;
mod response;
mod response_meter;
mod session_example;
mod simple_http_client;
mod single_shot_http_client;
mod target;
mod topology_page;
mod web_address;
mod web_client;
mod websocket;
mod websocket_client;
mod websocket_server;

pub use http_server::HTTP_SERVER;
pub use load_generator::LOAD_GENERATOR;
pub use minimal::MINIMAL;
pub use response_meter::RESPONSE_METER;
pub use session_example::SESSION_EXAMPLE;
pub use simple_http_client::SIMPLE_HTTP_CLIENT;
pub use single_shot_http_client::SINGLE_SHOT_HTTP_CLIENT;
pub use topology_page::TOPOLOGY_PAGE;
pub use websocket_client::WEB_SOCKET_CLIENT;
pub use websocket_server::WEB_SOCKET_SERVER;
