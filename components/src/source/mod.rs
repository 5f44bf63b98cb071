//! Where messages begin: lists, clocks, choosers.

mod chargen;
mod chooser;
mod clock;
mod data_source;
mod one_shot;
mod pace;

pub use chargen::CHARGEN;
pub use chooser::CHOOSER;
pub use clock::CHEAP_AND_CHEERFUL_CLOCK;
pub use data_source::DATA_SOURCE;
pub use one_shot::ONE_SHOT;
pub(crate) use pace::rest;
