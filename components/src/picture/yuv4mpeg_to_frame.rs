//! YUV4MPEGToFrame: VideoDecoder under the name that the original has for YUV4MPEG.

use compose_runtime::dev::*;

use super::video_decoder::VIDEO_DECODER;

/// Description of YUV4MPEGToFrame.
pub static YUV4MPEG_TO_FRAME: ComponentSpec = ComponentSpec {
    type_name: "YUV4MPEGToFrame",
    summary: "Decodes a stream of YUV4MPEG to frames",
    docs: "The colours 420, 422, 444, 411 and mono can be read, in eight bits. Otherwise as VideoDecoder, which it is.\n\n\
           Example: UnixProcess with a program that writes YUV4MPEG, YUV4MPEGToFrame, DetectShotChanges.",
    ..VIDEO_DECODER
};

#[cfg(test)]
mod tests {
    use super::super::frame_to_yuv4mpeg::FRAME_TO_YUV4MPEG;
    use super::super::frames::cards::{cards, numbers, through};
    use super::*;

    #[test]
    fn frames_come_back() {
        let stream = through(&FRAME_TO_YUV4MPEG, &cards(2)).take("outbox");
        assert_eq!(numbers(&through(&YUV4MPEG_TO_FRAME, &stream).take("outbox")), [Some(0), Some(1)]);
    }
}
