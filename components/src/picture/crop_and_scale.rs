//! CropAndScale: crops each frame and scales the result.

use std::sync::Arc;

use compose_runtime::dev::*;
use image::RgbaImage;
use image::imageops::{self, FilterType};

use crate::refuse::wrong_kind;

/// Description of CropAndScale.
pub static CROP_AND_SCALE: ComponentSpec = ComponentSpec {
    type_name: "CropAndScale",
    category: Category::SoundAndPictures,
    summary: "Crops each frame to a rectangle and scales it",
    docs: "`left`, `top`, `right` and `bottom` give the rectangle in pixels; `right` and `bottom` are exclusive. A \
           `right` or `bottom` of 0 means the edge of the frame, and the rectangle is clipped to the frame. The result \
           is `width` x `height` pixels; 0 keeps the size of the rectangle. If the rectangle is entirely outside the \
           frame, the component crashes with an error.\n\n\
           Example: a `width` of 160 and a `height` of 120 makes previews.",
    inboxes: &[BoxSpec::new("inbox", "Frames").kinds(&[Kind::Image]).capacity(10)],
    outboxes: &[BoxSpec::new("outbox", "The cropped and scaled frames").kinds(&[Kind::Image])],
    params: &[
        ParamSpec::int("width", 0, 8192, 0, "Width of the result; 0 keeps the width of the rectangle").unit("pixels"),
        ParamSpec::int("height", 0, 8192, 0, "Height of the result; 0 keeps the height of the rectangle")
            .unit("pixels"),
        ParamSpec::int("left", 0, 8192, 0, "First column to keep").unit("pixels"),
        ParamSpec::int("top", 0, 8192, 0, "First row to keep").unit("pixels"),
        ParamSpec::int("right", 0, 8192, 0, "Column after the last; 0 for the edge").unit("pixels"),
        ParamSpec::int("bottom", 0, 8192, 0, "Row after the last; 0 for the edge").unit("pixels"),
    ],
    build: build_threaded::<CropAndScale>,
    ..ComponentSpec::EMPTY
};

struct CropAndScale {
    size: [u32; 2],
    bounds: [u32; 4],
}

impl ThreadedComponent for CropAndScale {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let number = |name: &str| u32::try_from(params.int(name)).unwrap_or(0);
        Ok(Self { size: ["width", "height"].map(number), bounds: ["left", "top", "right", "bottom"].map(number) })
    }

    fn main(self, mut io: ThreadIo) -> Outcome {
        while let Some(message) = io.recv("inbox") {
            let Message::Image(image) = &message else { return Err(wrong_kind("inbox", "frames", &message)) };
            let cropped = self.crop(image).ok_or_else(|| {
                Fault::new(format!("inbox: the rectangle {:?} is outside {}", self.bounds, message.label(40)))
            })?;
            io.send("outbox", Message::Image(Arc::new(cropped)));
        }
        Ok(())
    }
}

impl CropAndScale {
    fn crop(&self, image: &ImageFrame) -> Option<ImageFrame> {
        let [left, top, right, bottom] = self.bounds;
        let edge = |given: u32, size: u32| if given == 0 { size } else { given.min(size) };
        let width = edge(right, image.width).checked_sub(left).filter(|width| *width > 0)?;
        let height = edge(bottom, image.height).checked_sub(top).filter(|height| *height > 0)?;
        let whole = RgbaImage::from_raw(image.width, image.height, image.rgba.clone())?;
        let cropped = imageops::crop_imm(&whole, left, top, width, height).to_image();
        let [to_width, to_height] = [(self.size[0], width), (self.size[1], height)]
            .map(|(wanted, present)| if wanted == 0 { present } else { wanted });
        let scaled = if (to_width, to_height) == (width, height) {
            cropped
        } else {
            imageops::resize(&cropped, to_width, to_height, FilterType::Triangle)
        };
        Some(ImageFrame { width: to_width, height: to_height, rgba: scaled.into_raw() })
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::{card, frame_number};

    #[test]
    fn a_scaled_card_keeps_its_number_and_a_crop_is_exact() {
        let scaled = CropAndScale { size: [176, 144], bounds: [0; 4] }.crop(&card(352, 288, 77, 0));
        assert_eq!(scaled.and_then(|image| frame_number(&image)), Some(77));
        let image = ImageFrame { width: 2, height: 2, rgba: (0..16).collect() };
        let cropped = CropAndScale { size: [0, 0], bounds: [1, 1, 9, 0] }.crop(&image);
        assert_eq!(cropped.map(|image| image.rgba), Some(vec![12, 13, 14, 15]));
        assert_eq!(CropAndScale { size: [0, 0], bounds: [5, 0, 0, 0] }.crop(&image), None);
    }

    #[test]
    fn frames_come_out_at_the_new_size() {
        let mut rig = Rig::new(&CROP_AND_SCALE, &[("width", 10.into()), ("height", 20.into())]);
        rig.put("inbox", Message::Image(Arc::new(card(64, 64, 1, 0))));
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        assert!(matches!(&rig.take("outbox")[..], [Message::Image(image)] if (image.width, image.height) == (10, 20)));
    }
}
