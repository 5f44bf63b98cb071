//! The pages of an Ogg stream.
//!
//! Pure. A page with a wrong checksum does not count as a page: nothing in it can be trusted, not even its length.

use std::ops::Range;

/// The first bytes of each page.
pub(super) const PAGE_MARK: &[u8] = b"OggS";
/// Length of a page header, without the table of segment lengths.
pub(super) const HEADER: usize = 27;
/// The flags in byte 5.
const BEGINS_STREAM: u8 = 0x02;
const ENDS_STREAM: u8 = 0x04;
/// Position of the checksum, which is 0 while it is computed.
const CHECKSUM: Range<usize> = 22..26;

/// One intact page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    flags: u8,
    /// Number of frames of sound up to the end of this page.
    granule: i64,
    /// Which of several streams it belongs to.
    pub(super) serial: u32,
    /// Where its data is.
    pub(super) body: Range<usize>,
}

impl Page {
    /// Reads the page that consists of exactly these bytes, which begin at index `at`. `None` if its checksum is wrong.
    pub(super) fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let checksum = u32::from_le_bytes(bytes.get(CHECKSUM)?.try_into().ok()?);
        if checksum != checksum_of(bytes) {
            return None;
        }
        let table = usize::from(*bytes.get(HEADER - 1)?);
        Some(Self {
            flags: *bytes.get(5)?,
            granule: i64::from_le_bytes(bytes.get(6..14)?.try_into().ok()?),
            serial: u32::from_le_bytes(bytes.get(14..18)?.try_into().ok()?),
            body: at + HEADER + table..at + bytes.len(),
        })
    }

    pub(super) fn begins_stream(&self) -> bool {
        self.flags & BEGINS_STREAM != 0
    }

    pub(super) fn ends_stream(&self) -> bool {
        self.flags & ENDS_STREAM != 0
    }

    /// Number of frames of sound up to the end of this page; `None` if no packet ends on it.
    pub(super) fn granule(&self) -> Option<i64> {
        // -1 means none; other negative numbers are invalid.
        Some(self.granule).filter(|granule| *granule >= 0)
    }

    /// Whether a packet of sound ends on this page; header pages are at position 0.
    pub(super) fn has_sound(&self) -> bool {
        self.granule().is_some_and(|granule| granule > 0)
    }
}

/// Whether these bytes look like the first page of a stream, although it may be damaged.
pub(super) fn seems_to_begin(bytes: &[u8]) -> bool {
    bytes.strip_prefix(PAGE_MARK).is_some_and(|rest| rest.starts_with(&[0, BEGINS_STREAM]))
}

/// The checksum of a page: CRC32 with the polynomial 04c11db7, not reflected, from 0.
fn checksum_of(bytes: &[u8]) -> u32 {
    let mut crc = 0_u32;
    for (index, byte) in bytes.iter().enumerate() {
        let byte = if CHECKSUM.contains(&index) { 0 } else { *byte };
        crc ^= u32::from(byte) << 24;
        for _ in 0..8 {
            crc = if crc >> 31 == 1 { (crc << 1) ^ 0x04c1_1db7 } else { crc << 1 };
        }
    }
    crc
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::sound::decode::tests::sample;

    /// A page with these flags, this position and this data.
    pub(in crate::sound) fn page(flags: u8, granule: i64, data: &[u8]) -> Vec<u8> {
        let mut page = PAGE_MARK.to_vec();
        page.extend([0, flags]);
        page.extend(granule.to_le_bytes());
        page.extend([0; HEADER - 15]);
        page.push(1);
        page.push(data.len() as u8);
        page.extend(data);
        let checksum = checksum_of(&page);
        page[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
        page
    }

    #[test]
    fn the_pages_of_a_file_are_intact_and_a_flipped_bit_is_found() {
        let mut bytes = std::fs::read(sample("tone.ogg")).unwrap();
        let table = HEADER + usize::from(bytes[HEADER - 1]);
        let length = table + bytes[HEADER..table].iter().copied().map(usize::from).sum::<usize>();
        let page = Page::read(&bytes[..length], 100).unwrap();
        assert!(page.begins_stream() && !page.ends_stream() && !page.has_sound());
        assert_eq!(page.body, 100 + table..100 + length);
        bytes[table] ^= 1;
        assert_eq!(Page::read(&bytes[..length], 0), None);
    }
}
