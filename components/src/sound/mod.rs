//! Sound: made, read from files, measured, played. It travels as [`compose_runtime::message::Message::Sound`], its format
//! attached.

pub mod audio_file_reader;
pub mod decode;
pub mod device;
pub mod level;
pub mod level_meter;
pub mod output;
pub mod pacer;
pub mod queue;
pub mod tone_source;
