//! The theme: all colours, sizes, fonts and icons, and the small widgets built on them.
//!
//! No other module defines a colour.

pub mod icons;
pub mod style;
pub mod tokens;
pub mod widgets;
