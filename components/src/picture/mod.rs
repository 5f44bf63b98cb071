//! Pictures: from bytes and files to frames.

pub mod card;
pub mod codecs;
pub mod crop_and_scale;
pub mod decode;
pub mod detect_shot_changes;
pub mod frame_picker;
pub(crate) mod motion_jpeg;
pub(crate) mod stream;
pub mod test_pattern_video;
pub mod video_file_source;
pub(crate) mod yuv;
