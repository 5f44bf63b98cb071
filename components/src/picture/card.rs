//! Test cards: pictures whose frame number can be read back.
//!
//! Pure. The bottom eighth of the picture encodes the number as a row of 20 black and white blocks: white, black, 16
//! bits with the most significant first, an even parity bit, white. The number survives JPEG compression and scaling.

use compose_runtime::dev::ImageFrame;

/// Number of blocks in the row.
const BLOCKS: u32 = 20;
/// Number of blocks that encode the number.
const BITS: u32 = 16;
/// Background colours of successive shots.
const BACKGROUNDS: [[u8; 3]; 6] =
    [[24, 60, 120], [200, 170, 60], [40, 130, 70], [170, 60, 50], [90, 50, 130], [215, 215, 205]];

/// Frame `number` of shot `shot`: a background, a bar that moves to the right, and the number.
pub fn card(width: u32, height: u32, number: u32, shot: usize) -> ImageFrame {
    let [red, green, blue] = BACKGROUNDS[shot % BACKGROUNDS.len()];
    let strip = height - height / 8;
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let pixel = if y >= strip {
                let on = is_white(number, x * BLOCKS / width.max(1));
                if on { [255; 3] } else { [0; 3] }
            } else {
                // A slightly brighter bar, one eighth of the picture wide, moves one pixel to the right in each frame.
                let offset = (x + width - number % width.max(1)) % width.max(1);
                let is_bar = y > strip / 3 && y < strip * 2 / 3 && offset < width / 8;
                let lift = if is_bar { 40 } else { 0 };
                [red, green, blue].map(|part: u8| part.saturating_add(lift))
            };
            rgba.extend_from_slice(&[pixel[0], pixel[1], pixel[2], 255]);
        }
    }
    ImageFrame { width, height, rgba }
}

fn is_white(number: u32, block: u32) -> bool {
    let bits = number & ((1 << BITS) - 1);
    match block {
        0 | 19 => true,
        1 => false,
        18 => bits.count_ones() % 2 == 1,
        bit => bits >> (BITS + 1 - bit) & 1 == 1,
    }
}

/// The number encoded in a picture; `None` if there is none or it is damaged.
pub fn frame_number(image: &ImageFrame) -> Option<u32> {
    let y = image.height.checked_sub(image.height / 16 + 1)?;
    let light = |block: u32| {
        let x = (block * 2 + 1) * image.width / (BLOCKS * 2);
        let at = (y as usize * image.width as usize + x as usize) * 4;
        let pixel = image.rgba.get(at..at + 3)?;
        match pixel.iter().map(|part| u32::from(*part)).sum::<u32>() / 3 {
            0..=90 => Some(false),
            165.. => Some(true),
            _ => None,
        }
    };
    let mut number = 0;
    for block in 2..BITS + 2 {
        number = number << 1 | u32::from(light(block)?);
    }
    (0..BLOCKS).all(|block| light(block) == Some(is_white(number, block))).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back_and_damage_is_detected() {
        for number in [0, 1, 2, 25, 249, 40_000, 65_535] {
            for (width, height) in [(352, 288), (160, 120), (40, 40)] {
                assert_eq!(frame_number(&card(width, height, number, number as usize)), Some(number));
            }
        }
        let mut damaged = card(352, 288, 7, 0);
        let bottom = damaged.rgba.len() - 352 * 4 * 30;
        damaged.rgba[bottom..].fill(255);
        assert_eq!(frame_number(&damaged), None);
        assert_eq!(frame_number(&ImageFrame { width: 0, height: 0, rgba: vec![] }), None);
    }
}
