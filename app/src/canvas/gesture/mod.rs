//! Gestures: a state machine from pointer and keys to commands.
//!
//! Pure: it is fed inputs that already carry what was hit, and answers with effects. The document is only asked, never
//! changed. A gesture sends one command when it ends; while it goes on, what it would do lives here and nowhere else.

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
