//! Shared values, which the co-ordinating assistant keeps by name, and a space of tuples.
//!
//! Components share state only here. A component that reads a value and writes it back must either not wait in
//! between or name the value that it expects to find.

mod get_value;
mod tuple_space;
mod update_value;
mod value;

pub use get_value::GET_VALUE;
pub use tuple_space::TUPLE_SPACE;
pub use update_value::UPDATE_VALUE;
pub use value::VALUE;
