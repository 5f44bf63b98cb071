//! Frame memory: keeps the allocator from returning the memory of one frame to the system before the next.
//!
//! Each frame builds several hundred kilobytes of triangles and drops them. By default, glibc returns freed memory at
//! the end of the heap to the system as soon as it exceeds 128 KiB, so every frame would begin with page faults: a
//! frame of 1 000 components at 100 % took 2.5 ms with them, and 0.7 ms without.

use std::hint::black_box;

/// Just below the largest block to which glibc adapts, 32 MiB.
const BLOCK: usize = 31 << 20;

/// Call it once, before the first frame. Frees one large block: glibc adapts its thresholds to it, see `M_MMAP_THRESHOLD` in
/// mallopt(3), and then keeps up to twice as much freed memory. Pages that were never written cost nothing. Other
/// allocators have no such limit.
pub fn keep_frame_memory() {
    drop(black_box(Vec::<u8>::with_capacity(BLOCK)));
}
