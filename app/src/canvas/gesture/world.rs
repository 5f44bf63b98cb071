//! World: what a gesture may ask about.

use super::input::PointerPos;
use crate::canvas::hit::{Hit, hit};
use crate::canvas::layout::Layout;
use crate::canvas::link_check::LinkCheck;

/// What a gesture may ask about.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Where everything is.
    pub layout: &'a Layout,
    /// Which links may be made.
    pub check: LinkCheck<'a>,
}

impl World<'_> {
    /// What is under a place, at this magnification.
    pub(super) fn hit(&self, at: PointerPos, zoom: f32) -> Hit {
        hit(self.layout, at.in_canvas, zoom)
    }
}
