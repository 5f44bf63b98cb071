//! Where messages begin: lists, clocks, choosers.

mod chargen;
mod chooser;
mod clock;
mod data_source;
mod forward_iterating_chooser;
mod one_shot;
mod pace;
mod ticks;
mod triggered;
mod zipf_source;

pub use chargen::CHARGEN;
pub use chooser::CHOOSER;
pub use clock::CHEAP_AND_CHEERFUL_CLOCK;
pub use data_source::DATA_SOURCE;
pub use forward_iterating_chooser::FORWARD_ITERATING_CHOOSER;
pub use one_shot::ONE_SHOT;
pub(crate) use pace::rest;
pub use ticks::{PERIODIC_TICK, SINGLE_TICK, TIMED_SHUTDOWN};
pub use triggered::{TRIGGERED_ONE_SHOT, TRIGGERED_SOURCE};
pub use zipf_source::ZIPF_SOURCE;
