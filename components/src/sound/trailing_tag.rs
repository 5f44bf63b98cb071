//! Removes an ID3v1 tag from the end of a stream: 128 bytes that begin with `TAG`.
//!
//! The FLAC decoder would treat the tag as part of the last frame, find a wrong checksum and drop the frame.

use super::feed::More;

/// Length of the tag.
const LENGTH: usize = 128;
/// Its first bytes.
const MARK: &[u8] = b"TAG";

/// The same bytes without the tag. The last 128 bytes are held back until more arrive or the stream ends.
pub(super) fn without_tag(mut more: More) -> More {
    let mut held: Vec<u8> = Vec::new();
    let mut is_over = false;
    Box::new(move || {
        while !is_over {
            let Some(bytes) = more() else {
                is_over = true;
                let is_tag = held.len() == LENGTH && held.starts_with(MARK);
                return (!is_tag && !held.is_empty()).then(|| std::mem::take(&mut held));
            };
            held.extend(bytes);
            if held.len() > LENGTH {
                let rest = held.split_off(held.len() - LENGTH);
                return Some(std::mem::replace(&mut held, rest));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut pieces: Vec<Vec<u8>> = bytes.chunks(size).rev().map(<[u8]>::to_vec).collect();
        let mut more = without_tag(Box::new(move || pieces.pop()));
        let all = std::iter::from_fn(&mut more).collect::<Vec<_>>().concat();
        assert_eq!(more(), None);
        all
    }

    #[test]
    fn a_tag_is_removed_only_at_the_end() {
        let tag = [MARK, &[b'x'; LENGTH - 3]].concat();
        let sound = [b"fLaC".to_vec(), vec![1; 300], tag.clone(), vec![2; 50]].concat();
        for size in [1, 100, 128, 1000] {
            assert_eq!(rest(&[sound.clone(), tag.clone()].concat(), size), sound);
            assert_eq!(rest(&sound, size), sound);
            assert_eq!(rest(b"fLaC", size), b"fLaC");
            assert_eq!(rest(b"", size), b"");
        }
    }
}
