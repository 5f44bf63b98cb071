//! Gestures: a state machine from pointer and keys to commands.
//!
//! Pure: it takes inputs and returns effects. It reads the document but never changes it. A gesture sends one command
//! when it ends; until then its pending change is stored only here.

pub mod effect;
pub mod input;
pub mod linking;
mod moving;
mod press;
pub mod state;
pub mod step;
pub mod world;

pub use effect::Effect;
pub use input::{Button, Input, PointerPos};
pub use linking::Linking;
pub use state::Gesture;
pub use step::step;
pub use world::World;
