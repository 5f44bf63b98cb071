//! Sources of messages: lists, clocks, choosers.

mod chargen;
mod cheap_and_cheerful_clock;
mod chooser;
mod data_source;
mod forward_iterating_chooser;
mod one_shot;
mod pace;
mod periodic_tick;
mod single_tick;
mod timed_shutdown;
mod triggered_one_shot;
mod triggered_source;
mod zipf_source;

pub use chargen::CHARGEN;
pub use cheap_and_cheerful_clock::CHEAP_AND_CHEERFUL_CLOCK;
pub use chooser::CHOOSER;
pub use data_source::DATA_SOURCE;
pub use forward_iterating_chooser::FORWARD_ITERATING_CHOOSER;
pub use one_shot::ONE_SHOT;
pub(crate) use pace::wait;
pub use periodic_tick::PERIODIC_TICK;
pub use single_tick::SINGLE_TICK;
pub use timed_shutdown::TIMED_SHUTDOWN;
pub use triggered_one_shot::TRIGGERED_ONE_SHOT;
pub use triggered_source::TRIGGERED_SOURCE;
pub use zipf_source::ZIPF_SOURCE;
