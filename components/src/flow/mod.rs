//! Choosing, splitting, slowing and swallowing messages.

mod fanout;
mod message_rate_limit;
mod null_sink;
mod send_all;
mod two_way_splitter;

pub use fanout::FANOUT;
pub use message_rate_limit::MESSAGE_RATE_LIMIT;
pub use null_sink::NULL_SINK;
pub(crate) use send_all::send_all;
pub use two_way_splitter::TWO_WAY_SPLITTER;
