//! The web: fetching pages, and answering requests.

mod chunked;
mod client;
mod files;
mod head;
mod protocol;

pub use client::SIMPLE_HTTP_CLIENT;
pub use files::MINIMAL;
pub use protocol::HTTP_SERVER;
