//! YUV4MPEGToFrame: VideoDecoder under the name of the original YUV4MPEG component.

use compose_runtime::dev::*;

use super::video_decoder::VIDEO_DECODER;

/// Description of YUV4MPEGToFrame.
pub static YUV4MPEG_TO_FRAME: ComponentSpec = ComponentSpec {
    type_name: "YUV4MPEGToFrame",
    summary: "Decodes a YUV4MPEG stream to frames",
    docs: "Supports the 8-bit colour formats 420, 422, 444, 411 and mono. In all other respects it is the same as \
           VideoDecoder.\n\n\
           Example: UnixProcess with a program that writes YUV4MPEG, YUV4MPEGToFrame, DetectShotChanges.",
    ..VIDEO_DECODER
};

#[cfg(test)]
mod tests {
    use super::super::frame_to_yuv4mpeg::FRAME_TO_YUV4MPEG;
    use super::super::frames::cards::{cards, numbers, through};
    use super::*;

    #[test]
    fn frames_survive_a_round_trip() {
        let stream = through(&FRAME_TO_YUV4MPEG, &cards(2)).take("outbox");
        assert_eq!(numbers(&through(&YUV4MPEG_TO_FRAME, &stream).take("outbox")), [Some(0), Some(1)]);
    }
}
