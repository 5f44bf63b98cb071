//! Pictures and video: components that decode, encode and process frames.

pub mod card;
pub mod crop_and_scale;
pub mod decode;
pub mod detect_shot_changes;
pub mod frame_picker;
pub mod frame_to_yuv4mpeg;
mod frames;
pub mod jpeg_decoder;
pub mod jpeg_encoder;
pub(crate) mod motion_jpeg;
pub(crate) mod stream;
pub mod test_pattern_video;
pub mod video_decoder;
pub mod video_file_source;
pub(crate) mod yuv;
pub mod yuv4mpeg_to_frame;
