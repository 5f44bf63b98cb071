//! Components with a surface that the user sees and operates. A surface is plain data; no GUI library is used here.

pub mod button;
pub mod image;
pub mod key_event;
pub mod multiclick;
pub mod plot;
pub mod text_displayer;
pub mod textbox;
pub mod ticker;
pub mod video_overlay;
