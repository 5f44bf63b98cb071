//! Sound: components that generate, read, convert, measure and play it. A [`compose_runtime::message::Message::Sound`]
//! carries the sound together with its format.

pub mod audio_file_reader;
pub mod decode;
pub mod decoder;
pub mod device;
mod feed;
pub mod input;
pub mod level;
pub mod level_meter;
mod mp3_frames;
mod ogg_count;
mod ogg_links;
mod ogg_page;
pub mod one_format;
pub mod output;
pub mod pacer;
pub mod queue;
pub mod raw_audio_mixer;
pub mod resample;
mod sample;
mod stream;
pub mod tone_source;
mod trailing_tag;
mod wav_head;
pub mod wav_writer;
