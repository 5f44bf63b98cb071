//! Tokens: all colours and sizes of the application, for three themes.
//!
//! Read with `Tokens::of(ctx)`. Dark is the reference; light and high contrast have the same roles. Tests check that text
//! has a contrast of at least 4.5 : 1 with every background it is drawn on.

use std::sync::Arc;

use compose_runtime::component::Category;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::message::Kind;
use egui::{Color32, Context, FontFamily, FontId, Id};

/// The unit of spacing: all distances are multiples or halves of it.
pub const SPACE: f32 = 8.0;
/// Corner radius of nodes and cards.
pub const RADIUS_NODE: u8 = 9;
/// Corner radius of controls.
pub const RADIUS_CONTROL: u8 = 6;
/// Width of a hairline.
pub const HAIRLINE: f32 = 1.0;
/// Text size of titles.
pub const SIZE_TITLE: f32 = 14.0;
/// Text size of a node's name.
pub const SIZE_NODE: f32 = 12.5;
/// Text size of body text.
pub const SIZE_BODY: f32 = 12.0;
/// Text size of secondary text.
pub const SIZE_SMALL: f32 = 11.0;
/// The smallest text size.
pub const SIZE_TINY: f32 = 10.0;

/// The name of the semibold font family.
pub const SEMIBOLD: &str = "semibold";

/// The themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// Light text on a dark background.
    #[default]
    Dark,
    /// Dark text on a light background.
    Light,
    /// White on black, with strong lines.
    HighContrast,
}

impl ThemeName {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::HighContrast];

    /// The name shown in the settings.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Dark => "Dark",
            Self::Light => "Light",
            Self::HighContrast => "High contrast",
        }
    }
}

/// The colours of one theme, by role.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    /// The theme.
    pub name: ThemeName,
    /// Whether the background is dark.
    pub is_dark: bool,
    /// Background of the canvas and of tables.
    pub background: Color32,
    /// Background of panels and bars.
    pub panel: Color32,
    /// Background of nodes, fields and buttons.
    pub raised: Color32,
    /// Background of a row or button under the pointer, and of the selected row.
    pub hover: Color32,
    /// Background of a pressed button.
    pub pressed: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Outline of nodes: slightly stronger than a hairline.
    pub outline: Color32,
    /// Dots of the grid.
    pub grid: Color32,
    /// Text.
    pub text: Color32,
    /// Titles and selected items.
    pub strong: Color32,
    /// Secondary text.
    pub muted: Color32,
    /// Headings and hints: the faintest readable text.
    pub dim: Color32,
    /// Shapes without a message: unlinked boxes, empty tracks. Never text.
    pub quiet: Color32,
    /// Selection and focus: the only accent colour.
    pub selection: Color32,
    /// Background of selected text.
    pub selection_background: Color32,
    /// Good: running, low fill of inboxes. Also for text.
    pub good: Color32,
    /// Background of `good` text.
    pub good_background: Color32,
    /// Warning: ready, rising fill of inboxes. Also for text.
    pub careful: Color32,
    /// Background of `careful` text.
    pub careful_background: Color32,
    /// Bad: crashed, full inboxes. Also for text.
    pub bad: Color32,
    /// Background of `bad` text.
    pub bad_background: Color32,
    /// Paused by the user. Also for text.
    pub paused: Color32,
    /// The dot that travels along a link.
    pub message: Color32,
    /// Shadow of windows and popups.
    pub shadow: Color32,
    /// Colours of the categories, in the order of [`Category::ALL`].
    pub categories: [Color32; 8],
    /// Colours of frames, by index.
    pub frames: [Color32; 8],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Tokens {
    /// The colours of a theme.
    pub const fn of_theme(name: ThemeName) -> Self {
        match name {
            ThemeName::Dark => Self::dark(),
            ThemeName::Light => Self::light(),
            ThemeName::HighContrast => Self::high_contrast(),
        }
    }

    /// The active colours of this context; the dark theme before the first [`Tokens::install`].
    pub fn of(ctx: &Context) -> Arc<Self> {
        ctx.data(|data| data.get_temp::<Arc<Self>>(Id::unique("compose-tokens")))
            .unwrap_or_else(|| Arc::new(Self::dark()))
    }

    /// Activates these colours.
    pub fn install(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(Id::unique("compose-tokens"), Arc::new(self)));
    }

    const fn dark() -> Self {
        let categories = [
            rgb(0x56b4e9),
            rgb(0x2fb58c),
            rgb(0xe5c453),
            rgb(0xe69f00),
            rgb(0xe0693a),
            rgb(0xcc79a7),
            rgb(0x5b8def),
            rgb(0x8d97a6),
        ];
        Self {
            name: ThemeName::Dark,
            is_dark: true,
            background: rgb(0x12151a),
            panel: rgb(0x1a1e25),
            raised: rgb(0x20252e),
            hover: rgb(0x272d38),
            pressed: rgb(0x303847),
            line: rgb(0x2b323d),
            outline: rgb(0x343c49),
            grid: rgb(0x20252e),
            text: rgb(0xd9dee6),
            strong: rgb(0xf2f5f9),
            muted: rgb(0x99a3b2),
            dim: rgb(0x8791a0),
            quiet: rgb(0x5d6675),
            selection: rgb(0x7fb4ff),
            selection_background: rgb(0x2a4a78),
            good: rgb(0x2fb58c),
            good_background: rgb(0x17392f),
            careful: rgb(0xe5c453),
            careful_background: rgb(0x453d1d),
            bad: rgb(0xf07a4b),
            bad_background: rgb(0x46241a),
            paused: rgb(0x6f9df2),
            message: rgb(0xdcecff),
            shadow: Color32::from_black_alpha(90),
            categories,
            frames: categories,
        }
    }

    const fn light() -> Self {
        let categories = [
            rgb(0x1f7fb8),
            rgb(0x16805f),
            rgb(0x947200),
            rgb(0xb06f00),
            rgb(0xb84a1e),
            rgb(0xa34d7e),
            rgb(0x2f62c9),
            rgb(0x5d6675),
        ];
        Self {
            name: ThemeName::Light,
            is_dark: false,
            background: rgb(0xeef1f5),
            panel: rgb(0xf8f9fb),
            raised: rgb(0xffffff),
            hover: rgb(0xe6ebf2),
            pressed: rgb(0xd7dfea),
            line: rgb(0xd9dfe7),
            outline: rgb(0xc3ccd8),
            grid: rgb(0xd6dce5),
            text: rgb(0x262c36),
            strong: rgb(0x0f131a),
            muted: rgb(0x505a69),
            dim: rgb(0x5b6574),
            quiet: rgb(0x98a2b0),
            selection: rgb(0x2563c4),
            selection_background: rgb(0xc6dcfb),
            good: rgb(0x0f7553),
            good_background: rgb(0xdcf3ea),
            careful: rgb(0x7c5e00),
            careful_background: rgb(0xf9efc6),
            bad: rgb(0xad3d10),
            bad_background: rgb(0xfce5da),
            paused: rgb(0x2a5bbf),
            message: rgb(0x12305c),
            shadow: Color32::from_black_alpha(36),
            categories,
            frames: categories,
        }
    }

    const fn high_contrast() -> Self {
        let categories = [
            rgb(0x7cc8ff),
            rgb(0x4fe0b5),
            rgb(0xffe066),
            rgb(0xffb833),
            rgb(0xff8a5c),
            rgb(0xff9fd0),
            rgb(0x8fb4ff),
            rgb(0xcfd6e0),
        ];
        Self {
            name: ThemeName::HighContrast,
            is_dark: true,
            background: rgb(0x000000),
            panel: rgb(0x000000),
            raised: rgb(0x0d0f12),
            hover: rgb(0x26303f),
            pressed: rgb(0x37465c),
            line: rgb(0x8a95a6),
            outline: rgb(0xc3ccd8),
            grid: rgb(0x2b323d),
            text: rgb(0xffffff),
            strong: rgb(0xffffff),
            muted: rgb(0xe0e5ec),
            dim: rgb(0xcfd6e0),
            quiet: rgb(0x9aa4b3),
            selection: rgb(0xffe14d),
            selection_background: rgb(0x0a4a9c),
            good: rgb(0x4fe0b5),
            good_background: rgb(0x003325),
            careful: rgb(0xffe066),
            careful_background: rgb(0x3a3000),
            bad: rgb(0xff9166),
            bad_background: rgb(0x4a1500),
            paused: rgb(0x8fb4ff),
            message: rgb(0xffffff),
            shadow: Color32::from_black_alpha(0),
            categories,
            frames: categories,
        }
    }

    /// The colour of a category.
    pub const fn category(&self, category: Category) -> Color32 {
        self.categories[category as usize]
    }

    /// The colour of a frame, by index.
    pub fn frame(&self, index: u8) -> Color32 {
        self.frames.get(usize::from(index) % self.frames.len()).copied().unwrap_or(self.muted)
    }

    /// The colour of a kind of message, used for its links and boxes.
    pub const fn kind(&self, kind: Kind) -> Color32 {
        match kind {
            Kind::Any | Kind::Resource => self.muted,
            Kind::Nothing | Kind::Bool => self.categories[2],
            Kind::Int | Kind::Float | Kind::Time => self.categories[0],
            Kind::Text => self.categories[6],
            Kind::Bytes => self.categories[3],
            Kind::List | Kind::Map => self.categories[1],
            Kind::Image | Kind::Sound => self.categories[5],
            Kind::Control => self.quiet,
        }
    }

    /// The colour of a box or link that carries these kinds: their common colour, or that of `Any` if they differ.
    pub fn kinds(&self, kinds: &[Kind]) -> Color32 {
        let Some(first) = kinds.first() else { return self.kind(Kind::Any) };
        let colour = self.kind(*first);
        if kinds.iter().all(|kind| self.kind(*kind) == colour) { colour } else { self.kind(Kind::Any) }
    }

    /// The colour of the lamp of a component and of the text beside it.
    pub const fn state(&self, state: &State) -> Color32 {
        match state {
            State::Running => self.good,
            State::Ready => self.careful,
            State::Waiting(_) | State::Finished => self.dim,
            State::Paused => self.paused,
            State::Crashed(_) => self.bad,
        }
    }

    /// The background of the name of a state.
    pub const fn state_background(&self, state: &State) -> Color32 {
        match state {
            State::Running => self.good_background,
            State::Ready => self.careful_background,
            State::Crashed(_) => self.bad_background,
            State::Waiting(_) | State::Finished | State::Paused => self.raised,
        }
    }

    /// The colour of an inbox by its fill from 0 to 1: good up to 60 %, careful up to 85 %, bad above.
    pub fn pressure(&self, fill: f32) -> Color32 {
        if fill > 0.85 {
            self.bad
        } else if fill > 0.6 {
            self.careful
        } else {
            self.good
        }
    }
}

/// The tint that leaves a picture unchanged.
pub const UNTINTED: Color32 = Color32::WHITE;

/// The background that a component sets for its picture.
pub const fn background_of([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// The text font at a size.
pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The semibold text font at a size.
pub fn font_strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// The font for values at a size.
pub fn font_mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

#[cfg(test)]
mod tests;
