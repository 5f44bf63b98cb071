//! World: the data that a gesture reads.

use super::input::PointerPos;
use crate::canvas::hit::{Hit, hit};
use crate::canvas::layout::Layout;
use crate::canvas::link_check::LinkCheck;

/// The data that a gesture reads.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The positions of all shapes.
    pub layout: &'a Layout,
    /// Checks which links are allowed.
    pub check: LinkCheck<'a>,
}

impl World<'_> {
    /// What is under this position at this zoom.
    pub(super) fn hit(&self, at: PointerPos, zoom: f32) -> Hit {
        hit(self.layout, at.in_canvas, zoom)
    }
}
