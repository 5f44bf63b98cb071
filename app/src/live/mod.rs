//! The bridge: keeps the running system equal to the document.

pub mod view;

pub use view::LiveView;
