//! JpegDecoder: decodes each JPEG picture to a frame.

use std::sync::Arc;

use compose_runtime::dev::*;

use super::decode::picture_in_bytes;
use super::frames::{BYTES, FRAMES_OUT, note};
use crate::refuse::REJECTED;

/// Description of JpegDecoder.
pub static JPEG_DECODER: ComponentSpec = ComponentSpec {
    type_name: "JpegDecoder",
    category: Category::SoundAndPictures,
    summary: "Decodes each JPEG picture to a frame",
    docs: "Each message must be one complete picture: JPEG, PNG, GIF, BMP or WebP. Any other message goes to \
           `rejected`, and the console shows why. A picture with a side longer than 2 048 pixels is scaled down.\n\n\
           Example: TCPClient, LengthDeframer, JpegDecoder, Image.",
    inboxes: &[BoxSpec::new("inbox", "Pictures, one complete picture per message").kinds(BYTES)],
    outboxes: &[FRAMES_OUT, REJECTED],
    build: build_threaded::<JpegDecode>,
    ..ComponentSpec::EMPTY
};

struct JpegDecode;

impl ThreadedComponent for JpegDecode {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            match picture_in_bytes(message.as_bytes().unwrap_or_default()) {
                Ok(frame) => {
                    io.send("outbox", Message::Image(Arc::new(frame)));
                }
                Err(fault) => {
                    note(&mut io, format!("inbox: {fault}: {}", message.label(40)));
                    io.send("rejected", message);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::cards::{cards, numbers, through};
    use super::super::jpeg_encoder::JPEG_ENCODER;
    use super::*;

    #[test]
    fn pictures_are_decoded_and_other_bytes_are_rejected() {
        let mut packed = through(&JPEG_ENCODER, &cards(2)).take("outbox");
        packed.insert(1, Message::bytes(b"no picture"));
        let mut rig = through(&JPEG_DECODER, &packed);
        assert_eq!(numbers(&rig.take("outbox")), [Some(0), Some(1)]);
        assert_eq!(rig.take("rejected"), [Message::bytes(b"no picture")]);
        assert_eq!(rig.console().len(), 1);
    }
}
