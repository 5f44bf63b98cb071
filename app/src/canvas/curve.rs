//! Curve: the shape of a wire on the canvas.
//!
//! Pure. A wire is one cubic Bézier, or two if it runs backwards: a link to the left and a link from a component to
//! itself pass above or below the nodes instead of through them.

use self::pieces::Pieces;
use egui::{Pos2, Rect, Vec2};

/// The minimum and maximum distance of a Bézier handle from its box.
const REACH: (f32, f32) = (24.0, 140.0);

/// One cubic Bézier: start, two handles, end.
pub type Cubic = [Pos2; 4];

/// A wire's curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pieces: Pieces,
}

/// One or two pieces, stored without a heap allocation.
mod pieces {
    use super::Cubic;

    #[derive(Debug, Clone, PartialEq)]
    pub(super) enum Pieces {
        One([Cubic; 1]),
        Two([Cubic; 2]),
    }

    impl Pieces {
        pub(super) fn as_slice(&self) -> &[Cubic] {
            match self {
                Self::One(pieces) => pieces,
                Self::Two(pieces) => pieces,
            }
        }
    }
}

impl Curve {
    /// A wire from a sending box to a receiving box. `leaves` and `arrives` are the sides: +1 for a box on the right
    /// edge of its node, -1 for a box on the left edge. `through` is the y coordinate through which a wire that runs
    /// backwards passes.
    pub fn new(from: Pos2, leaves: f32, to: Pos2, arrives: f32, through: Option<f32>) -> Self {
        let span = to - from;
        if let Some(y) = through {
            let reach = (span.x.abs() * 0.2).clamp(40.0, 90.0);
            let middle = Pos2::new(f32::midpoint(from.x, to.x), y);
            let flat = (span.x.abs() * 0.25).max(30.0);
            let towards = if span.x > 0.0 { 1.0 } else { -1.0 };
            return Self {
                pieces: Pieces::Two([
                    [
                        from,
                        from + Vec2::new(leaves * reach, 0.0),
                        Pos2::new(middle.x - towards * flat + leaves * reach, y),
                        middle,
                    ],
                    [
                        middle,
                        Pos2::new(middle.x + towards * flat + arrives * reach, y),
                        to + Vec2::new(arrives * reach, 0.0),
                        to,
                    ],
                ]),
            };
        }
        let reach = (span.x.abs() * 0.5).max(span.y.abs() * 0.25).clamp(REACH.0, REACH.1);
        Self {
            pieces: Pieces::One([[
                from,
                from + Vec2::new(leaves * reach, 0.0),
                to + Vec2::new(arrives * reach, 0.0),
                to,
            ]]),
        }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Cubic] {
        self.pieces.as_slice()
    }

    /// The start point.
    pub fn start(&self) -> Pos2 {
        self.pieces().first().map_or(Pos2::ZERO, |piece| piece[0])
    }

    /// The end point.
    pub fn end(&self) -> Pos2 {
        self.pieces().last().map_or(Pos2::ZERO, |piece| piece[3])
    }

    /// The point at `t` from 0 to 1.
    pub fn at(&self, t: f32) -> Pos2 {
        let pieces = self.pieces();
        let scaled = t.clamp(0.0, 1.0) * pieces.len() as f32;
        let index = (scaled as usize).min(pieces.len().saturating_sub(1));
        pieces.get(index).map_or(Pos2::ZERO, |piece| cubic_at(piece, scaled - index as f32))
    }

    /// A rectangle that contains the whole curve.
    pub fn bounds(&self) -> Rect {
        let mut bounds = Rect::NOTHING;
        for piece in self.pieces() {
            for &point in piece {
                bounds.extend_with(point);
            }
        }
        bounds
    }

    /// The corners of a polyline with `segments` segments for each Bézier.
    pub fn points(&self, segments: usize) -> Vec<Pos2> {
        let segments = segments.max(1);
        let mut points = Vec::with_capacity(self.pieces().len() * segments + 1);
        points.push(self.start());
        for piece in self.pieces() {
            points.extend((1..=segments).map(|step| cubic_at(piece, step as f32 / segments as f32)));
        }
        points
    }

    /// The shortest distance to a point, accurate to about one unit.
    pub fn distance(&self, pos: Pos2) -> f32 {
        let points = self.points(24);
        points.windows(2).map(|pair| distance_to_segment(pos, pair[0], pair[1])).fold(f32::INFINITY, f32::min)
    }

    /// The approximate length.
    pub fn length(&self) -> f32 {
        self.points(8).windows(2).map(|pair| pair[0].distance(pair[1])).sum()
    }

    /// Whether the curve passes through `rect`.
    pub fn crosses(&self, rect: Rect) -> bool {
        self.bounds().intersects(rect) && self.points(24).iter().any(|point| rect.contains(*point))
    }

    /// The curve with every point mapped by `to`, for example to the screen.
    #[must_use]
    pub fn map(&self, to: impl Fn(Pos2) -> Pos2) -> Self {
        let pieces = match &self.pieces {
            Pieces::One([piece]) => Pieces::One([piece.map(&to)]),
            Pieces::Two([first, second]) => Pieces::Two([first.map(&to), second.map(&to)]),
        };
        Self { pieces }
    }
}

/// The point of a Bézier at `t` from 0 to 1.
pub(super) fn cubic_at(&[a, b, c, d]: &Cubic, t: f32) -> Pos2 {
    let s = 1.0 - t;
    let (wa, wb, wc, wd) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
    Pos2::new(wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y)
}

fn distance_to_segment(pos: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along = b - a;
    let t = if along.length_sq() == 0.0 { 0.0 } else { ((pos - a).dot(along) / along.length_sq()).clamp(0.0, 1.0) };
    pos.distance(a + along * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward() -> Curve {
        Curve::new(Pos2::new(0.0, 0.0), 1.0, Pos2::new(200.0, 60.0), -1.0, None)
    }

    #[test]
    fn a_wire_begins_and_ends_at_its_boxes() {
        for curve in [forward(), Curve::new(Pos2::new(200.0, 0.0), 1.0, Pos2::ZERO, -1.0, Some(60.0))] {
            assert_eq!(curve.at(0.0), curve.start());
            assert!(curve.at(1.0).distance(curve.end()) < 1e-3);
        }
    }

    #[test]
    fn the_bounds_contain_every_point() {
        let curve = Curve::new(Pos2::new(200.0, 0.0), 1.0, Pos2::new(0.0, 10.0), -1.0, Some(60.0));
        let bounds = curve.bounds().expand(1e-3);
        assert!(curve.points(50).iter().all(|point| bounds.contains(*point)));
    }

    #[test]
    fn a_wire_to_its_own_component_goes_around_it() {
        let node = Rect::from_min_size(Pos2::ZERO, Vec2::new(120.0, 60.0));
        let curve = Curve::new(Pos2::new(120.0, 40.0), 1.0, Pos2::new(0.0, 40.0), -1.0, Some(node.bottom() + 26.0));
        assert!(!curve.crosses(node.shrink(1.0)));
    }

    #[test]
    fn distance_is_small_on_the_wire_and_large_beside_it() {
        let curve = forward();
        assert!(curve.distance(curve.at(0.37)) < 1.0);
        assert!(curve.distance(Pos2::new(100.0, 200.0)) > 100.0);
    }
}
