//! Icons: one small family with a single line weight.
//!
//! Drawn with the painter instead of a font, so that they look the same everywhere and stay sharp at every size.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// All icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// No picture; the space stays empty.
    Blank,
    /// A triangle: run.
    Play,
    /// Two bars.
    Pause,
    /// A square.
    Stop,
    /// A triangle and a bar: one step.
    Step,
    /// A round arrow: restart.
    Restart,
    /// A sheet of paper.
    File,
    /// A folder.
    Folder,
    /// An arrow into a tray.
    Save,
    /// An arrow to the left.
    Undo,
    /// An arrow to the right.
    Redo,
    /// A plus.
    Plus,
    /// A minus.
    Minus,
    /// A cross.
    Cross,
    /// A magnifying glass.
    Search,
    /// Four corners.
    Fit,
    /// A panel on the left.
    PanelLeft,
    /// A panel on the right.
    PanelRight,
    /// A panel at the bottom.
    PanelBottom,
    /// A stage with a ground line.
    Stage,
    /// Lines of a tree.
    Outline,
    /// A triangle with an exclamation mark.
    Warning,
    /// An i in a circle.
    Info,
    /// A tick mark.
    Tick,
    /// A small arrow to the right.
    Right,
    /// A small arrow down.
    Down,
    /// Two sliders.
    Settings,
    /// A frame with a title.
    Frame,
    /// Two sheets of paper.
    Copy,
    /// A speech bubble with lines.
    Message,
}

/// Draws `icon` in the centre of `rect`, as large as fits.
pub fn paint(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    let size = rect.width().min(rect.height());
    let unit = size / 16.0;
    let origin = rect.center() - vec2(8.0, 8.0) * unit;
    let at = |x: f32, y: f32| pos2(origin.x + x * unit, origin.y + y * unit);
    let stroke = Stroke::new((1.4 * unit).max(1.0), colour);
    let line = |points: &[(f32, f32)]| {
        let points: Vec<Pos2> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        painter.add(Shape::line(points, stroke));
    };
    let fill = |points: &[(f32, f32)]| {
        let points: Vec<Pos2> = points.iter().map(|(x, y)| at(*x, *y)).collect();
        painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
    };
    let frame = |x0: f32, y0: f32, x1: f32, y1: f32| {
        painter.rect_stroke(Rect::from_min_max(at(x0, y0), at(x1, y1)), 1.5 * unit, stroke, egui::StrokeKind::Middle);
    };
    match icon {
        Icon::Blank => {}
        Icon::Play => fill(&[(4.0, 2.5), (13.5, 8.0), (4.0, 13.5)]),
        Icon::Pause => {
            fill(&[(4.0, 3.0), (6.6, 3.0), (6.6, 13.0), (4.0, 13.0)]);
            fill(&[(9.4, 3.0), (12.0, 3.0), (12.0, 13.0), (9.4, 13.0)]);
        }
        Icon::Stop => fill(&[(3.5, 3.5), (12.5, 3.5), (12.5, 12.5), (3.5, 12.5)]),
        Icon::Step => {
            fill(&[(3.0, 3.0), (10.0, 8.0), (3.0, 13.0)]);
            fill(&[(11.0, 3.0), (13.0, 3.0), (13.0, 13.0), (11.0, 13.0)]);
        }
        Icon::Restart => {
            arc(painter, at(8.0, 8.0), 5.0 * unit, -0.6, 4.6, stroke);
            fill(&[(12.5, 1.6), (13.6, 6.4), (9.0, 5.2)]);
        }
        Icon::File => {
            line(&[
                (9.0, 2.0),
                (4.0, 2.0),
                (4.0, 14.0),
                (12.0, 14.0),
                (12.0, 5.0),
                (9.0, 2.0),
                (9.0, 5.0),
                (12.0, 5.0),
            ]);
        }
        Icon::Folder => {
            line(&[(2.0, 12.5), (2.0, 3.5), (6.5, 3.5), (8.0, 5.5), (14.0, 5.5), (14.0, 12.5), (2.0, 12.5)]);
        }
        Icon::Save => {
            line(&[(8.0, 2.0), (8.0, 10.0)]);
            line(&[(4.8, 6.8), (8.0, 10.0), (11.2, 6.8)]);
            line(&[(2.5, 10.5), (2.5, 13.5), (13.5, 13.5), (13.5, 10.5)]);
        }
        Icon::Undo => {
            line(&[(6.0, 3.0), (2.8, 6.2), (6.0, 9.4)]);
            line(&[(3.0, 6.2), (9.5, 6.2), (12.2, 7.4), (13.2, 9.8), (12.2, 12.0), (9.5, 13.0), (6.0, 13.0)]);
        }
        Icon::Redo => {
            line(&[(10.0, 3.0), (13.2, 6.2), (10.0, 9.4)]);
            line(&[(13.0, 6.2), (6.5, 6.2), (3.8, 7.4), (2.8, 9.8), (3.8, 12.0), (6.5, 13.0), (10.0, 13.0)]);
        }
        Icon::Plus => {
            line(&[(8.0, 3.0), (8.0, 13.0)]);
            line(&[(3.0, 8.0), (13.0, 8.0)]);
        }
        Icon::Minus => line(&[(3.0, 8.0), (13.0, 8.0)]),
        Icon::Cross => {
            line(&[(4.0, 4.0), (12.0, 12.0)]);
            line(&[(12.0, 4.0), (4.0, 12.0)]);
        }
        Icon::Search => {
            painter.circle_stroke(at(7.0, 7.0), 4.5 * unit, stroke);
            line(&[(10.3, 10.3), (14.0, 14.0)]);
        }
        Icon::Fit => {
            for (x, y, dx, dy) in
                [(2.5, 2.5, 1.0, 1.0), (13.5, 2.5, -1.0, 1.0), (2.5, 13.5, 1.0, -1.0), (13.5, 13.5, -1.0, -1.0)]
            {
                line(&[(x + dx * 3.5, y), (x, y), (x, y + dy * 3.5)]);
            }
        }
        Icon::PanelLeft => {
            frame(2.0, 3.0, 14.0, 13.0);
            line(&[(6.0, 3.0), (6.0, 13.0)]);
        }
        Icon::PanelRight => {
            frame(2.0, 3.0, 14.0, 13.0);
            line(&[(10.0, 3.0), (10.0, 13.0)]);
        }
        Icon::PanelBottom => {
            frame(2.0, 3.0, 14.0, 13.0);
            line(&[(2.0, 9.0), (14.0, 9.0)]);
        }
        Icon::Stage => {
            frame(2.0, 3.0, 14.0, 11.0);
            line(&[(5.0, 14.0), (11.0, 14.0)]);
        }
        Icon::Outline => {
            line(&[(3.0, 4.0), (13.0, 4.0)]);
            line(&[(6.0, 8.0), (13.0, 8.0)]);
            line(&[(6.0, 12.0), (13.0, 12.0)]);
        }
        Icon::Warning => {
            line(&[(8.0, 2.5), (14.0, 13.0), (2.0, 13.0), (8.0, 2.5)]);
            line(&[(8.0, 6.5), (8.0, 9.5)]);
            line(&[(8.0, 10.8), (8.0, 11.6)]);
        }
        Icon::Info => {
            painter.circle_stroke(at(8.0, 8.0), 6.0 * unit, stroke);
            line(&[(8.0, 7.5), (8.0, 11.5)]);
            line(&[(8.0, 4.6), (8.0, 5.6)]);
        }
        Icon::Tick => line(&[(3.0, 8.5), (6.5, 12.0), (13.0, 4.5)]),
        Icon::Right => line(&[(6.0, 4.0), (10.0, 8.0), (6.0, 12.0)]),
        Icon::Down => line(&[(4.0, 6.0), (8.0, 10.0), (12.0, 6.0)]),
        Icon::Settings => {
            line(&[(2.0, 5.0), (14.0, 5.0)]);
            line(&[(2.0, 11.0), (14.0, 11.0)]);
            painter.circle_filled(at(10.0, 5.0), 2.2 * unit, colour);
            painter.circle_filled(at(6.0, 11.0), 2.2 * unit, colour);
        }
        Icon::Frame => {
            frame(2.0, 3.0, 14.0, 13.0);
            line(&[(4.5, 5.8), (8.5, 5.8)]);
        }
        Icon::Copy => {
            frame(2.5, 5.0, 10.0, 13.5);
            line(&[(5.5, 2.5), (13.0, 2.5), (13.0, 11.0)]);
        }
        Icon::Message => {
            line(&[
                (2.0, 3.0),
                (14.0, 3.0),
                (14.0, 11.0),
                (7.0, 11.0),
                (4.0, 14.0),
                (4.0, 11.0),
                (2.0, 11.0),
                (2.0, 3.0),
            ]);
        }
    }
}

fn arc(painter: &Painter, centre: Pos2, radius: f32, from: f32, to: f32, stroke: Stroke) {
    let points = (0..=20)
        .map(|step| {
            let angle = from + (to - from) * step as f32 / 20.0;
            centre + radius * vec2(angle.cos(), angle.sin())
        })
        .collect();
    painter.add(Shape::line(points, stroke));
}
