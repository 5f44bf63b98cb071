//! The theme: every colour, size, font and icon in one place, and the small widgets built on them.
//!
//! Nothing outside this module makes a colour.

pub mod icons;
pub mod style;
pub mod tokens;
pub mod widgets;
