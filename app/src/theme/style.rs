//! Style: converts the tokens to the style of egui, and registers the fonts.
//!
//! Called when the window opens and when the theme or scale changes; never while drawing.

use std::sync::Arc;

use egui::{
    Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Visuals, style::WidgetVisuals, vec2,
};

use super::tokens::{
    self, HAIRLINE, RADIUS_CONTROL, RADIUS_NODE, SEMIBOLD, SIZE_BODY, SIZE_SMALL, SIZE_TITLE, ThemeName, Tokens,
};

/// Registers the fonts: Inter with tabular figures for text, and the monospace font of egui for values.
pub fn install_fonts(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    let inter: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
    let semibold: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
    fonts.font_data.insert("inter".to_owned(), Arc::new(FontData::from_static(inter)));
    fonts.font_data.insert(SEMIBOLD.to_owned(), Arc::new(FontData::from_static(semibold)));
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let with = |first: &str| {
        let mut names = vec![first.to_owned()];
        names.extend(fallback.iter().cloned());
        names
    };
    fonts.families.insert(FontFamily::Proportional, with("inter"));
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), with(SEMIBOLD));
    if let Some(mono) = fonts.families.get_mut(&FontFamily::Monospace) {
        mono.push("inter".to_owned());
    }
    ctx.set_fonts(fonts);
}

/// Activates the theme `name`, with everything scaled by `scale`.
pub fn install_theme(ctx: &Context, name: ThemeName, scale: f32) {
    let tokens = Tokens::of_theme(name);
    let style = Arc::new(style_of(&tokens));
    let preference = if tokens.is_dark { egui::Theme::Dark } else { egui::Theme::Light };
    ctx.set_theme(preference);
    ctx.set_style_of(egui::Theme::Dark, Arc::clone(&style));
    ctx.set_style_of(egui::Theme::Light, style);
    ctx.set_zoom_factor(scale.clamp(0.5, 3.0));
    tokens.install(ctx);
}

fn style_of(tokens: &Tokens) -> Style {
    let mut style = Style { visuals: visuals_of(tokens), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, tokens::font(SIZE_SMALL)),
        (TextStyle::Body, tokens::font(SIZE_BODY)),
        (TextStyle::Button, tokens::font(SIZE_BODY)),
        (TextStyle::Heading, tokens::font_strong(SIZE_TITLE)),
        (TextStyle::Monospace, FontId::new(SIZE_SMALL, FontFamily::Monospace)),
    ]
    .into();
    style.animation_time = 0.08;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(8.0, 3.0);
    spacing.interact_size = vec2(32.0, 22.0);
    spacing.menu_margin = Margin::symmetric(6, 6);
    spacing.window_margin = Margin::same(16);
    spacing.menu_width = 280.0;
    spacing.tooltip_width = 320.0;
    spacing.indent = 12.0;
    spacing.icon_width = 15.0;
    spacing.icon_width_inner = 8.0;
    spacing.slider_width = 140.0;
    spacing.slider_rail_height = 4.0;
    spacing.combo_width = 120.0;
    spacing.scroll = egui::style::ScrollStyle { bar_width: 6.0, ..egui::style::ScrollStyle::thin() };
    style
}

fn visuals_of(tokens: &Tokens) -> Visuals {
    let mut visuals = if tokens.is_dark { Visuals::dark() } else { Visuals::light() };
    let corner_radius = CornerRadius::same(RADIUS_CONTROL);
    let widget = |background, line, text| WidgetVisuals {
        weak_bg_fill: background,
        bg_fill: background,
        bg_stroke: Stroke::new(HAIRLINE, line),
        fg_stroke: Stroke::new(1.2, text),
        corner_radius,
        expansion: 0.0,
    };
    visuals.widgets.noninteractive = widget(tokens.panel, tokens.line, tokens.text);
    visuals.widgets.inactive = widget(tokens.raised, tokens.line, tokens.text);
    visuals.widgets.hovered = widget(tokens.hover, tokens.outline, tokens.strong);
    visuals.widgets.active = widget(tokens.pressed, tokens.selection, tokens.strong);
    visuals.widgets.open = widget(tokens.hover, tokens.outline, tokens.strong);
    visuals.selection.bg_fill = tokens.selection_background;
    visuals.selection.stroke = Stroke::new(1.5, tokens.selection);
    visuals.weak_text_color = Some(tokens.muted);
    visuals.hyperlink_color = tokens.selection;
    visuals.faint_bg_color = tokens.raised;
    visuals.extreme_bg_color = tokens.background;
    visuals.text_edit_bg_color = Some(tokens.background);
    visuals.code_bg_color = tokens.raised;
    visuals.warn_fg_color = tokens.careful;
    visuals.error_fg_color = tokens.bad;
    visuals.window_corner_radius = CornerRadius::same(RADIUS_NODE);
    visuals.menu_corner_radius = CornerRadius::same(RADIUS_NODE);
    visuals.window_fill = tokens.panel;
    visuals.window_stroke = Stroke::new(HAIRLINE, tokens.outline);
    visuals.panel_fill = tokens.panel;
    let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: tokens.shadow };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(1.5, tokens.selection);
    visuals.slider_trailing_fill = true;
    visuals.disabled_alpha = 0.45;
    visuals
}
