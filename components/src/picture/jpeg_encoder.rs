//! JpegEncoder: encodes each frame as a JPEG picture.

use compose_runtime::dev::*;

use super::frames::{BYTES, FRAMES_IN, frame_of};
use super::motion_jpeg;

/// Description of JpegEncoder.
pub static JPEG_ENCODER: ComponentSpec = ComponentSpec {
    type_name: "JpegEncoder",
    category: Category::SoundAndPictures,
    summary: "Encodes each frame as a JPEG picture",
    docs: "Sends one message for each frame. Written to one file, the pictures form motion JPEG video. Transparency is \
           dropped.\n\n\
           Example: TestPatternVideo, JpegEncoder, LengthFramer, SimpleServer.",
    inboxes: &[FRAMES_IN],
    outboxes: &[BoxSpec::new("outbox", "JPEG pictures").kinds(BYTES)],
    params: &[ParamSpec::int("quality", 1, 100, 75, "From 1 (smallest) to 100 (best)")],
    build: build_threaded::<JpegEncode>,
    ..ComponentSpec::EMPTY
};

struct JpegEncode(u8);

impl ThreadedComponent for JpegEncode {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(u8::try_from(params.int("quality")).unwrap_or(75)))
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            let image = frame_of(&message)?;
            let bytes = motion_jpeg::encode(image, self.0)
                .map_err(|why| Fault::new(format!("inbox: {} cannot be encoded: {why}", message.label(40))))?;
            io.send("outbox", bytes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::cards::{cards, through};
    use super::*;

    #[test]
    fn each_frame_is_one_picture() {
        let packed = through(&JPEG_ENCODER, &cards(2)).take("outbox");
        let is_jpeg = |message: &Message| message.as_bytes().is_some_and(|bytes| bytes.starts_with(&[0xff, 0xd8]));
        assert_eq!((packed.len(), packed.iter().all(is_jpeg)), (2, true));
    }
}
