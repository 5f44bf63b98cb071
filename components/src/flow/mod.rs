//! Choosing, splitting, slowing and swallowing messages.

mod byte_rate_request_control;
mod cache;
mod comparator;
mod data_sink;
mod fanout;
mod lossy_connector;
mod message_rate_limit;
mod null_sink;
mod rate_chunker;
mod rate_meter;
mod router;
mod send_all;
mod sync;
mod turnstiles;
mod two_way_splitter;
mod wire_tap;

pub use byte_rate_request_control::BYTE_RATE_REQUEST_CONTROL;
pub use cache::CACHE;
pub use comparator::COMPARATOR;
pub use data_sink::DATA_SINK;
pub use fanout::FANOUT;
pub use lossy_connector::LOSSY_CONNECTOR;
pub use message_rate_limit::MESSAGE_RATE_LIMIT;
pub use null_sink::NULL_SINK;
pub use rate_chunker::RATE_CHUNKER;
pub use rate_meter::RATE_METER;
pub use router::{CONDITIONAL_SPLITTER, ROUTER};
pub(crate) use send_all::send_all;
pub use sync::SYNC;
pub use turnstiles::{ON_DEMAND_LIMIT, PROMPTED_TURNSTILE};
pub use two_way_splitter::TWO_WAY_SPLITTER;
pub use wire_tap::WIRE_TAP;
