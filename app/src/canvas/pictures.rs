//! Pictures: a cache of textures for the pictures that components show.
//!
//! Each picture is uploaded once. It is identified by the address of its shared data, which the cache keeps alive.

use std::sync::Arc;

use compose_runtime::message::ImageFrame;
use egui::{ColorImage, Context, TextureHandle, TextureOptions};

/// The maximum number of pictures kept. The least recently used picture is dropped first.
const MOST: usize = 64;

/// The longest side of a picture that is uploaded at full size, in pixels. Larger pictures are reduced.
const LONGEST_SIDE: u32 = 2048;

/// The textures, least recently used first.
#[derive(Default)]
pub struct Pictures {
    kept: Vec<(Arc<ImageFrame>, TextureHandle)>,
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pictures({})", self.kept.len())
    }
}

impl Pictures {
    /// The texture of a picture; `None` if the length of its data does not match its size.
    pub fn texture(&mut self, ctx: &Context, picture: &Arc<ImageFrame>) -> Option<TextureHandle> {
        if let Some(index) = self.kept.iter().position(|(kept, _)| Arc::ptr_eq(kept, picture)) {
            let entry = self.kept.remove(index);
            let texture = entry.1.clone();
            self.kept.push(entry);
            return Some(texture);
        }
        let texture = ctx.load_texture("surface", image_of(picture)?, TextureOptions::LINEAR);
        if self.kept.len() >= MOST {
            drop(self.kept.remove(0));
        }
        self.kept.push((picture.clone(), texture.clone()));
        Some(texture)
    }
}

fn image_of(picture: &ImageFrame) -> Option<ColorImage> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width == 0 || height == 0 || picture.rgba.len() != width.checked_mul(height)?.checked_mul(4)? {
        return None;
    }
    let step = picture.width.max(picture.height).div_ceil(LONGEST_SIDE) as usize;
    if step == 1 {
        return Some(ColorImage::from_rgba_unmultiplied([width, height], &picture.rgba));
    }
    let (thin_width, thin_height) = (width / step, height / step);
    let mut thin = Vec::with_capacity(thin_width * thin_height * 4);
    for y in 0..thin_height {
        for x in 0..thin_width {
            let at = (y * step * width + x * step) * 4;
            thin.extend_from_slice(picture.rgba.get(at..at + 4)?);
        }
    }
    (thin_width > 0 && thin_height > 0).then(|| ColorImage::from_rgba_unmultiplied([thin_width, thin_height], &thin))
}
