//! What the user sees and presses: components with a surface. No GUI library here; a surface is plain data.

pub mod button;
pub mod image;
pub mod key_event;
pub mod multiclick;
pub mod plot;
pub mod text_displayer;
pub mod textbox;
pub mod ticker;
pub mod video_overlay;
