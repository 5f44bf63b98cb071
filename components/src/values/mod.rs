//! Values that several components share, kept by the co-ordinating assistant under a name, and a space of tuples.
//!
//! This is the one place where components share anything: whoever reads a value and writes it back must do so without
//! waiting in between, or say which value it expects to find.

mod get_value;
mod tuple_space;
mod update_value;
mod value;

pub use get_value::GET_VALUE;
pub use tuple_space::TUPLE_SPACE;
pub use update_value::UPDATE_VALUE;
pub use value::VALUE;
